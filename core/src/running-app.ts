import { ConfigError, UnavailableError } from '@metrics-dashboard/sdk';
import type { Clock, Logger } from '@metrics-dashboard/sdk';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { AlertRelay } from './alerting/alert-relay.js';
import type { Alerting } from './alerting/alerting.js';
import type { Channels } from './alerting/channels.js';
import { DatabaseStore } from './alerting/database-store.js';
import type { App, AppOptions } from './app.js';
import type { AuthSection } from './auth-section.js';
import type { Config, LimitsConfig } from './config/config.js';
import { assertKinds } from './config/kinds.js';
import { loadConfig } from './config/load.js';
import { applyConfig, isSame, withoutRestart } from './config/reload.js';
import type { ConfigSection } from './config/reload.js';
import { filesMatching } from './config/globs.js';
import type { Dashboards } from './dashboard/dashboards.js';
import type { Engine } from './engine/engine.js';
import type { LateEngine } from './late-engine.js';
import type { LateState } from './late-state.js';
import { anonymousDefault, assertGuarded, ownAddress } from './listen-address.js';
import type { ListenAddress } from './listen-address.js';
import type { LiveQueries } from './live/live-queries.js';
import type { LoadedPlugins } from './plugin/loader.js';
import { MetricUses, dashboardExpressions, ruleExpressions } from './metric-uses.js';
import type { PluginStatus } from './plugin/plugin-status.js';
import type { PushGroups } from './push/push-groups.js';
import { assertReceivers } from './rules/check-rules.js';
import type { RuleGroup } from './rules/rule.js';
import type { RuleManager } from './rules/rule-manager.js';
import { RuleStore } from './rules/rule-store.js';
import type { ThresholdRules } from './rules/threshold-rules.js';
import type { Closeable, Scope } from './runtime/lifecycle.js';
import { ticks } from './runtime/ticker.js';
import { openStateDatabase } from './state/database.js';
import type { ScrapeConfig } from './scrape/scrape-config.js';
import type { ScrapeManager } from './scrape/scrape-manager.js';
import { SELF_JOB } from './self-scrape.js';
import type { SelfScrape } from './self-scrape.js';
import type { Snapshots } from './snapshots.js';

const WATCH_INTERVAL = 1000;

/** For this long after a start, at most, a series that is not there means nothing to a rule that had met it. */
const LONGEST_SETTLING = 10 * 60_000;

/** What the app is put together from. */
export interface AppParts {
  readonly options: AppOptions;
  readonly config: Config;
  /** Owns what was opened before the start; closed last. */
  readonly scope: Scope;
  readonly metrics: Registry;
  readonly plugins: LoadedPlugins;
  readonly engine: LateEngine;
  readonly openEngine: (config: Config, signal: AbortSignal) => Promise<Engine>;
  readonly lockData: () => Promise<Closeable>;
  readonly selfScrape: SelfScrape;
  readonly pushGroups: PushGroups;
  readonly scrapes: ScrapeManager;
  readonly live: LiveQueries;
  readonly relay: AlertRelay;
  readonly alerting: Alerting;
  readonly rules: RuleManager;
  readonly thresholdRules: ThresholdRules;
  readonly channels: Channels;
  readonly snapshots: Snapshots;
  readonly auth: AuthSection;
  readonly state: LateState;
  readonly dashboards: Dashboards;
}

/** The running program: its parts, the order in which they start and stop, and the configuration in force. */
export class RunningApp implements App {
  readonly version: string;
  readonly startedAt: number;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Registry;
  readonly engine: LateEngine;
  readonly live: LiveQueries;
  readonly pushGroups: PushGroups;
  readonly targets: ScrapeManager;
  readonly alerting: Alerting;
  readonly rules: RuleManager;
  readonly thresholdRules: ThresholdRules;
  readonly channels: Channels;
  readonly snapshots: Snapshots;
  readonly auth: AuthSection;
  readonly dashboards: Dashboards;
  readonly metricUses: MetricUses;
  readonly #parts: AppParts;
  #config: Config;
  #listening: ListenAddress;
  #starting: Promise<void> | undefined;
  #reloading: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  readonly #stopping = new AbortController();
  #isStarted = false;

  constructor(parts: AppParts) {
    const { options, config } = parts;
    this.#parts = parts;
    this.#config = config;
    this.#listening = options.listen;
    this.version = options.version;
    this.startedAt = options.clock.now();
    this.log = options.log;
    this.clock = options.clock;
    this.metrics = parts.metrics;
    this.engine = parts.engine;
    this.live = parts.live;
    this.pushGroups = parts.pushGroups;
    this.targets = parts.scrapes;
    this.alerting = parts.alerting;
    this.rules = parts.rules;
    this.thresholdRules = parts.thresholdRules;
    this.channels = parts.channels;
    this.snapshots = parts.snapshots;
    this.auth = parts.auth;
    this.dashboards = parts.dashboards;
    this.metricUses = new MetricUses([dashboardExpressions(parts.dashboards), ruleExpressions(parts.rules)]);
  }

  config(): Config {
    return this.#config;
  }

  async plugins(): Promise<readonly PluginStatus[]> {
    return [...this.#parts.plugins.statuses, ...(await this.engine.plugins())];
  }

  isReady(): boolean {
    return this.#isStarted && this.#closing === undefined && this.engine.isAnswering;
  }

  /** What is wrong with the kinds is told now. Who may come in and what is notified is in force before anything starts: the server answers already then. */
  async prepare(): Promise<void> {
    await this.#assertKinds(this.#config);
    await applyConfig(this.#config, [this.auth, this.#alertingSection]);
  }

  start(listening?: ListenAddress): Promise<void> {
    if (listening !== undefined) this.#listening = listening;
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /** The start, in order. The stop is the same backwards. */
  async #start(): Promise<void> {
    const { scope, lockData, openEngine, engine, pushGroups, scrapes, live, state } = this.#parts;
    for (const warning of this.#config.warnings) this.log.warn('configuration', { warning });
    scope.own(await lockData());
    await this.snapshots.clean();
    scope.own(state);
    const { dataDir, databaseUrl: url } = this.#parts.options;
    state.connect(await openStateDatabase({ dataDir, url, log: this.log }));
    await applyConfig(this.#config, [this.#dashboardSection]);
    scope.own(this.alerting);
    await this.alerting.start(new DatabaseStore(state.current));
    scope.own(this.#parts.relay);
    await applyConfig(this.#config, [this.#relaySection]);
    scope.own(engine);
    engine.connect(await openEngine(this.#config, this.#stopping.signal));
    scope.own(live);
    scope.own(pushGroups);
    await pushGroups.start(this.#config.global);
    scope.own(scrapes);
    await applyConfig(this.#config, [this.#scrapeSection, this.#ruleSection]);
    scope.own(this.rules);
    await this.thresholdRules.start(({ name }, error) => this.log.error('a rule that was made by the API is not evaluated', { rule: name, error }));
    await this.rules.start(new RuleStore(state.current));
    scope.own(this.#watchEngine());
    this.#isStarted = true;
  }

  reload(): Promise<void> {
    const reloading = this.#reloading.then(() => this.#reload());
    // One that failed is told to who asked for it, and does not stand in the way of the next.
    this.#reloading = reloading.catch(() => undefined);
    return reloading;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopping.abort(new UnavailableError('the server is stopping'));
    // A start or a reload under way ends first: what it opens has an owner then.
    await this.#starting?.catch(() => undefined);
    await this.#reloading;
    await this.#parts.scope.close();
  }

  async #reload(): Promise<void> {
    if (!this.#isStarted || this.#closing !== undefined) throw new ConfigError('the configuration is read again once the server is ready');
    const { options } = this.#parts;
    const read = await readConfigFor(options);
    const next = withoutRestart(this.#config, read);
    await this.#assertKinds(next);
    await applyConfig(next, [this.auth, this.#alertingSection, this.#relaySection, this.#scrapeSection, this.#ruleSection, this.#limitSection, this.#pushSection, this.#dashboardSection]);
    this.#config = next;
    for (const warning of next.warnings) this.log.warn('configuration', { warning });
  }

  /** Those of the main side; the storage's is checked where it is opened, on the engine's. */
  #assertKinds(config: Config): Promise<void> {
    return assertKinds(config, { main: this.#parts.plugins.contributions });
  }

  /** Asks the engine now and then, so that `isReady` is true of now also where nobody else asks. */
  #watchEngine(): () => Promise<void> {
    const stop = new AbortController();
    const watching = (async (): Promise<void> => {
      for await (const _ of ticks(this.clock, WATCH_INTERVAL, 0, stop.signal)) await this.engine.status().catch(() => undefined);
    })();
    return async () => {
      stop.abort();
      await watching;
    };
  }

  readonly #relaySection: ConfigSection = {
    name: 'alerting.alertmanagers',
    prepare: ({ alerting }) => this.#parts.relay.prepare(alerting.relay),
  };

  readonly #alertingSection: ConfigSection = {
    name: 'alerting',
    prepare: ({ alerting }) => this.alerting.prepare(alerting),
  };

  readonly #dashboardSection: ConfigSection = {
    name: 'dashboards',
    prepare: async ({ dashboards }) => this.dashboards.files.prepare((await Promise.all(dashboards.map(filesMatching))).flat()),
  };

  readonly #scrapeSection: ConfigSection = {
    name: 'scrape_configs',
    prepare: (config) => this.targets.prepare(this.#jobsOf(config)),
  };

  readonly #ruleSection: ConfigSection = {
    name: 'rule_files',
    prepare: ({ ruleGroups, global, scrapeConfigs, alerting, alertHistoryRetention }) => {
      this.#checkReceivers(ruleGroups, new Set([...alerting.receivers.map(({ name }) => name), ...this.alerting.desk.list().map(({ name }) => name)]));
      // A series that is scraped is there again after two scrapes.
      const settleTime = Math.min(LONGEST_SETTLING, 2 * Math.max(global.scrapeInterval, ...scrapeConfigs.map(({ interval }) => interval)));
      return this.rules.prepare('files', ruleGroups, { externalLabels: global.externalLabels, settleTime, historyRetention: alertHistoryRetention });
    },
  };

  /** A receiver that has gone stands in no start's way, for the routing tree is told instead; a new configuration that names one that is not there is refused. */
  #checkReceivers(groups: readonly RuleGroup[], known: ReadonlySet<string>): void {
    try {
      assertReceivers(groups, known);
    } catch (error) {
      if (this.#isStarted) throw error;
      this.log.warn('rules name receivers that are not there, the routing tree is told instead', { error });
    }
  }

  readonly #pushSection: ConfigSection = {
    name: 'global',
    prepare: ({ global }) => Promise.resolve({ commit: () => this.pushGroups.configure(global), discard: () => undefined }),
  };

  readonly #limitSection: ConfigSection = {
    name: 'limits',
    prepare: ({ limits }) =>
      Promise.resolve({
        commit: () => (isSame(limits, this.#config.limits) ? undefined : this.#takeLimits(limits)),
        discard: () => undefined,
      }),
  };

  /** An engine that is away just now keeps the limits for when it is back. */
  async #takeLimits(limits: LimitsConfig): Promise<void> {
    try {
      await this.engine.configure(limits);
    } catch (error) {
      this.log.warn('the engine was away when it got its limits', { error });
    }
    this.targets.renewSources();
  }

  #jobsOf({ scrapeConfigs, selfScrape }: Config): readonly ScrapeConfig[] {
    const isTaken = scrapeConfigs.some(({ jobName }) => jobName === SELF_JOB);
    if (!selfScrape || isTaken || this.#listening.port === 0) return scrapeConfigs;
    return [this.#parts.selfScrape.job(ownAddress(this.#listening)), ...scrapeConfigs];
  }
}

/** Reads the configuration that the options name. Throws a `ConfigError`, of an address that is open to everybody too. */
export async function readConfigFor(options: AppOptions): Promise<Config> {
  const config = await loadConfig({
    file: options.configFile,
    environment: process.env,
    anonymousDefault: anonymousDefault(options.listen.host, options.allowAnonymous),
  });
  assertGuarded(options.listen, { auth: config.auth !== undefined, allowAnonymous: options.allowAnonymous });
  return config;
}
