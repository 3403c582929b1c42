import { join } from 'node:path';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { container as root, instanceCachingFactory } from 'tsyringe';
import type { DependencyContainer, InjectionToken } from 'tsyringe';
import { AlertRelay } from './alerting/alert-relay.js';
import { Alerting } from './alerting/alerting.js';
import { channelKinds } from './alerting/channel-kinds.js';
import { Channels } from './alerting/channels.js';
import { messageCompiler } from './alerting/message-templates.js';
import { SecretBox } from './alerting/secret-box.js';
import type { AppOptions } from './app.js';
import { Authenticator } from './auth/authenticator.js';
import { AuthSection } from './auth-section.js';
import type { Config } from './config/config.js';
import { Dashboards } from './dashboard/dashboards.js';
import { homeDashboard } from './dashboard/home-dashboard.js';
import { shippedDashboards } from './dashboard/shipped-dashboards.js';
import type { Engine } from './engine/engine.js';
import { openLocalEngine } from './engine/local-engine.js';
import { openWorkerEngine } from './engine/worker-engine.js';
import { LateEngine } from './late-engine.js';
import { LateState } from './late-state.js';
import { anonymousDefault, ownAddress } from './listen-address.js';
import { LiveQueries } from './live/live-queries.js';
import { makeHostFactory } from './plugin/host.js';
import type { LoadedPlugins } from './plugin/loader.js';
import { openKind } from './plugin/open-kind.js';
import type { InstanceOf, OpenedPoint } from './plugin/open-kind.js';
import type { NamedConfig } from './plugin/plugin-config.js';
import { GroupFolder } from './push/group-folder.js';
import { PushGroups } from './push/push-groups.js';
import { RuleManager } from './rules/rule-manager.js';
import { ThresholdRules } from './rules/threshold-rules.js';
import { RunningApp } from './running-app.js';
import { lockFolder } from './runtime/folder-lock.js';
import { Scope } from './runtime/lifecycle.js';
import { createWorkerPool } from './runtime/worker-pool.js';
import { ScrapeManager } from './scrape/scrape-manager.js';
import { SELF_JOB, selfScrape } from './self-scrape.js';
import { Snapshots } from './snapshots.js';
import { TOKENS } from './tokens.js';

/**
 * The composition root: binds every token once, and is the only file that names implementations. Each app has a
 * container of its own, so two of them share nothing. `TOKENS.plugins` is bound by `composeApp`: plugins are loaded with
 * what is here.
 */
export function compose(options: AppOptions, config: Config): DependencyContainer {
  const container = root.createChildContainer();
  const bind = <T>(token: InjectionToken<T>, make: (from: Resolve) => T): void => {
    container.register(token, { useFactory: instanceCachingFactory((inner) => make((other) => inner.resolve(other))) });
  };
  bind(TOKENS.clock, () => options.clock);
  bind(TOKENS.log, () => options.log);
  bind(TOKENS.scope, () => new Scope());
  bind(TOKENS.metrics, () => new Registry({ overLimit: 'count', onError: (error) => options.log.warn('a metric is not as it should be', { error }) }));
  bind(TOKENS.workers, (get) => get(TOKENS.scope).own(createWorkerPool()));
  bind(TOKENS.hosts, (get) =>
    makeHostFactory({
      clock: get(TOKENS.clock),
      log: get(TOKENS.log),
      metrics: get(TOKENS.metrics),
      workers: get(TOKENS.workers),
      dataDir: options.dataDir,
    }),
  );
  bind(TOKENS.engine, () => new LateEngine());
  bind(TOKENS.openEngine, (get) => (current, signal) => openEngine(get, options, current, signal));
  bind(TOKENS.lockData, () => () => lockFolder(options.dataDir));
  bind(TOKENS.selfScrape, () => selfScrape());
  bind(
    TOKENS.auth,
    (get) =>
      new AuthSection({
        open: opening(get, 'auth'),
        builtIn: [get(TOKENS.selfScrape).provider],
        make: (anonymous, providers) => new Authenticator(anonymous, providers),
        anonymousWithoutAuth: anonymousDefault(options.listen.host, options.allowAnonymous),
      }),
  );
  bind(TOKENS.channels, (get) => {
    const externalUrl = `http://${ownAddress(options.listen)}`;
    return new Channels({ clock: get(TOKENS.clock), externalUrl, openNotifier: opening(get, 'notifier') });
  });
  bind(
    TOKENS.relay,
    (get) =>
      new AlertRelay({
        clock: get(TOKENS.clock),
        log: get(TOKENS.log),
        metrics: get(TOKENS.metrics),
        openDiscovery: opening(get, 'discovery'),
        openNotifier: opening(get, 'notifier'),
      }),
  );
  bind(TOKENS.alerting, (get) => {
    const clock = get(TOKENS.clock);
    return new Alerting({
      clock,
      log: get(TOKENS.log),
      metrics: get(TOKENS.metrics),
      channels: get(TOKENS.channels),
      externalUrl: `http://${ownAddress(options.listen)}`,
      compiler: ({ templates }) => messageCompiler(templates, clock),
      openSecrets: () => SecretBox.open(join(options.dataDir, 'secret.key')),
      kinds: () => channelKinds(get(TOKENS.plugins).contributions),
      rulesNaming: async (receiver) => {
        const made = (await get(TOKENS.thresholdRules).list()).filter(({ receivers }) => receivers.includes(receiver)).map(({ name }) => name);
        return [...new Set([...made, ...get(TOKENS.rules).namesTelling(receiver)])];
      },
    });
  });
  bind(
    TOKENS.rules,
    (get) =>
      new RuleManager({
        engine: get(TOKENS.engine),
        clock: get(TOKENS.clock),
        log: get(TOKENS.log),
        metrics: get(TOKENS.metrics),
        sink: { accept: (alerts) => (get(TOKENS.relay).send(alerts), get(TOKENS.alerting).accept(alerts)) },
        externalUrl: `http://${ownAddress(options.listen)}`,
      }),
  );
  bind(
    TOKENS.thresholdRules,
    (get) =>
      new ThresholdRules({
        database: () => get(TOKENS.state).current,
        clock: get(TOKENS.clock),
        prepare: (groups) => get(TOKENS.rules).prepare('api', groups),
        preview: (rule, limit, signal) => get(TOKENS.rules).preview(rule, limit, signal),
        receivers: () => new Set(get(TOKENS.channels).receivers()),
      }),
  );
  bind(TOKENS.state, () => new LateState());
  bind(TOKENS.dashboards, (get) => {
    const state = get(TOKENS.state);
    return new Dashboards({
      database: () => state.current,
      engine: get(TOKENS.engine),
      clock: get(TOKENS.clock),
      builtIn: [homeDashboard(SELF_JOB), ...shippedDashboards()],
      optionLimit: () => get(TOKENS.app).config().limits.variableOptions,
    });
  });
  bind(TOKENS.live, (get) => new LiveQueries({ engine: get(TOKENS.engine), clock: get(TOKENS.clock), metrics: get(TOKENS.metrics) }));
  bind(
    TOKENS.pushGroups,
    (get) =>
      new PushGroups({
        engine: get(TOKENS.engine),
        clock: get(TOKENS.clock),
        log: get(TOKENS.log),
        metrics: get(TOKENS.metrics),
        folder: new GroupFolder(join(options.dataDir, 'pushed')),
      }),
  );
  bind(
    TOKENS.scrapes,
    (get) =>
      new ScrapeManager({
        engine: get(TOKENS.engine),
        clock: get(TOKENS.clock),
        log: get(TOKENS.log),
        metrics: get(TOKENS.metrics),
        openDiscovery: opening(get, 'discovery'),
        openScraper: opening(get, 'scraper'),
        isImmediate: ({ jobName }) => jobName === SELF_JOB,
      }),
  );
  bind(TOKENS.snapshots, (get) => new Snapshots({ dataDir: options.dataDir, engine: get(TOKENS.engine), state: get(TOKENS.state), clock: get(TOKENS.clock) }));
  bind(
    TOKENS.app,
    (get) =>
      new RunningApp({
        options,
        config,
        scope: get(TOKENS.scope),
        metrics: get(TOKENS.metrics),
        plugins: get(TOKENS.plugins),
        engine: get(TOKENS.engine),
        openEngine: get(TOKENS.openEngine),
        lockData: get(TOKENS.lockData),
        selfScrape: get(TOKENS.selfScrape),
        pushGroups: get(TOKENS.pushGroups),
        scrapes: get(TOKENS.scrapes),
        live: get(TOKENS.live),
        channels: get(TOKENS.channels),
        alerting: get(TOKENS.alerting),
        relay: get(TOKENS.relay),
        rules: get(TOKENS.rules),
        thresholdRules: get(TOKENS.thresholdRules),
        snapshots: get(TOKENS.snapshots),
        auth: get(TOKENS.auth),
        state: get(TOKENS.state),
        dashboards: get(TOKENS.dashboards),
      }),
  );
  return container;
}

/** The app, once its plugins are loaded. */
export function composeApp(container: DependencyContainer, plugins: LoadedPlugins): RunningApp {
  container.register(TOKENS.plugins, { useValue: plugins });
  return container.resolve(TOKENS.app);
}

type Resolve = <T>(token: InjectionToken<T>) => T;

function openEngine(get: Resolve, options: AppOptions, { storage, limits }: Config, signal: AbortSignal): Promise<Engine> {
  const open = options.engine === 'worker' ? openWorkerEngine : openLocalEngine;
  return open({
    plugins: get(TOKENS.plugins).usable,
    pluginPolicy: options.pluginPolicy,
    storage: storage.backend,
    dataDir: options.dataDir,
    limits,
    metrics: get(TOKENS.metrics),
    log: options.log,
    clock: options.clock,
    signal,
  });
}

/** What opens the kinds of a point. */
function opening<Point extends OpenedPoint>(get: Resolve, point: Point): (named: NamedConfig) => Promise<InstanceOf<Point>> {
  return (named) => openKind(get(TOKENS.plugins).contributions, point, named, get(TOKENS.hosts));
}
