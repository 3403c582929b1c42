import type { Clock, Duration, Logger, Timestamp } from '@metrics-dashboard/sdk';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { Engine } from '../engine/engine.js';
import { Changes } from '../runtime/changes.js';
import { AlertEvents } from './alert-events.js';
import type { HeardEvent } from './alert-events.js';
import type { AlertEvent } from './alert-instance.js';
import type { AlertSink } from './alert-sink.js';
import { checkGroups } from './check-rules.js';
import { GroupRunner } from './group-runner.js';
import type { GroupWorld } from './group-runner.js';
import { Orphans } from './orphans.js';
import { groupIdOf } from './rule-id.js';
import { previewRule } from './preview-rule.js';
import type { RulePreview } from './preview-rule.js';
import { RuleMetrics } from './rule-metrics.js';
import type { AlertHistoryRequest, RuleStore } from './rule-store.js';
import type { TemplateSample, TemplateWorld } from './rule-template.js';
import type { AlertingRule, RuleGroup } from './rule.js';
import { viewOf } from './rule-views.js';
import type { RuleGroupChanges, RuleGroupView } from './rule-views.js';

export interface RuleManagerOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly sink: AlertSink;
  /** The address of the user interface. */
  readonly externalUrl: string;
}

/** What the configuration says for all rules. */
export interface RuleSettings {
  readonly externalLabels: Readonly<Record<string, string>>;
  /** For how long after a start the absence of a series means nothing. */
  readonly settleTime: Duration;
  /** How long the history of alert instances goes back. */
  readonly historyRetention: Duration;
}

/** Groups that are ready to be put in force; one of the two is called, once. */
export interface PreparedGroups {
  commit(): Promise<void>;
  discard(): void;
}

/** Where groups come from; a source's groups are replaced as a whole. */
export type GroupSource = 'files' | 'api';

const TRIM_INTERVAL: Duration = 3600_000;

interface Running {
  readonly runner: GroupRunner;
  /** What it was made of, as text. */
  readonly key: string;
  readonly stop: () => Promise<void>;
}

/** Starts and stops groups of rules by difference: what did not change goes on, what changed keeps its alert instances. */
export class RuleManager {
  readonly #options: RuleManagerOptions;
  readonly #metrics: RuleMetrics;
  readonly #events: AlertEvents;
  readonly #changes = new Changes();
  readonly #groups: Record<GroupSource, readonly RuleGroup[]> = { files: [], api: [] };
  readonly #closing = new AbortController();
  #running = new Map<string, Running>();
  #store: RuleStore | undefined;
  #settings: RuleSettings = { externalLabels: {}, settleTime: 0, historyRetention: 90 * 24 * 3600_000 };
  #changing: Promise<void> = Promise.resolve();
  #trimming: Promise<void> = Promise.resolve();

  constructor(options: RuleManagerOptions) {
    this.#options = options;
    this.#metrics = new RuleMetrics(options.metrics, () => this.#counts());
    this.#events = new AlertEvents(() => this.#metrics.missedEvents.inc());
  }

  /** Checks groups and the expressions in them. Rejects with a `ConfigError`, and then nothing has changed. */
  async prepare(source: GroupSource, groups: readonly RuleGroup[], settings?: RuleSettings): Promise<PreparedGroups> {
    await checkGroups(groups, (expression) => this.#options.engine.formatExpression(expression));
    return {
      commit: () => {
        if (settings !== undefined) this.#settings = settings;
        this.#groups[source] = groups;
        return this.#store === undefined ? Promise.resolve() : this.#apply();
      },
      discard: () => undefined,
    };
  }

  /** Begins to evaluate what has been committed, and goes on with what was kept when the server was here last. */
  async start(store: RuleStore): Promise<void> {
    this.#store = store;
    const kept = await store.load();
    await this.#apply((runner) => {
      const stored = kept.get(runner.id);
      if (stored !== undefined) runner.restore(stored);
    });
    // What was kept of groups that are no more is told to have ended.
    const now = this.#options.clock.now();
    for (const [id, { instances }] of kept) {
      if (this.#running.has(id)) continue;
      const gone = new Orphans(id, instances);
      await this.#options.sink.accept(gone.alerts(now, this.#settings.externalLabels)).catch((error: unknown) => this.#options.log.warn('alerts of rules that are no more were not ended', { error }));
      await store.forget(id, gone.events(now));
    }
    this.#trimming = this.#trim(store);
  }

  /** In the order of files and names. */
  groups(): readonly RuleGroupView[] {
    const order = ({ group: a }: RuleGroupView, { group: b }: RuleGroupView): number => (a.file === b.file ? (a.name < b.name ? -1 : 1) : a.file < b.file ? -1 : 1);
    return [...this.#running.values()].map(({ runner }) => viewOf(runner)).sort(order);
  }

  /** The names of the alerting rules in force that have a receiver of their own told. */
  namesTelling(receiver: string): readonly string[] {
    const rules = [...this.#groups.files, ...this.#groups.api].flatMap((group) => group.rules);
    return rules.flatMap((rule) => (rule.kind === 'alerting' && rule.receivers.includes(receiver) ? [rule.alert] : []));
  }

  /**
   * All groups, then those that were evaluated or changed since, and which are gone; at most once in `every`. Ends when the
   * signal aborts.
   */
  async *watchGroups(every: Duration, signal: AbortSignal): AsyncGenerator<RuleGroupChanges, void, undefined> {
    const until = AbortSignal.any([signal, this.#closing.signal]);
    const told = new Map<string, { readonly key: string; readonly at: Timestamp | undefined }>();
    for (let seen = -1; !until.aborted; ) {
      await this.#changes.after(seen, until);
      if (until.aborted) return;
      const isFirst = seen < 0;
      seen = this.#changes.count;
      const changed = [...this.#running].filter(([id, { key, runner }]) => told.get(id)?.key !== key || told.get(id)?.at !== runner.progress.lastEvaluation);
      const gone = [...told.keys()].filter((id) => !this.#running.has(id));
      for (const id of gone) told.delete(id);
      for (const [id, { key, runner }] of changed) told.set(id, { key, at: runner.progress.lastEvaluation });
      if (isFirst || changed.length + gone.length > 0) yield { groups: changed.map(([, { runner }]) => viewOf(runner)), gone };
      await this.#options.clock.sleep(every, until);
    }
  }

  /** What a rule would say now, without keeping it. Rejects as a query does, and with a `ConfigError` for templates that can't be read. */
  preview(rule: AlertingRule, limit: number, signal: AbortSignal): Promise<RulePreview> {
    return previewRule(this.#options.engine, this.#templates(), { rule, at: this.#options.clock.now(), limit }, signal);
  }

  /** Changes of alert instances from now on. */
  watch(signal: AbortSignal): AsyncGenerator<HeardEvent, void, undefined> {
    return this.#events.watch(AbortSignal.any([signal, this.#closing.signal]));
  }

  /** The newest first. */
  async history(request: AlertHistoryRequest): Promise<readonly AlertEvent[]> {
    return (await this.#store?.history(request)) ?? [];
  }

  /** Stops evaluating; what was evaluated is kept, and nothing is told to have ended. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#changing;
    await Promise.all([...this.#running.values()].map(({ stop }) => stop()));
    await this.#trimming;
  }

  #apply(made: (runner: GroupRunner) => void = () => undefined): Promise<void> {
    const changing = this.#changing.then(() => this.#change(made));
    this.#changing = changing.catch(() => undefined);
    return changing;
  }

  async #change(made: (runner: GroupRunner) => void): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const world = this.#world();
    const now = this.#options.clock.now();
    const wanted = new Map([...this.#groups.files, ...this.#groups.api].map((group) => [groupIdOf(group), group]));
    const next = new Map<string, Running>();
    for (const [id, group] of wanted) {
      const former = this.#running.get(id);
      const key = keyOf(group, this.#settings);
      if (former?.key === key) {
        next.set(id, former);
        continue;
      }
      const runner = new GroupRunner(group, world);
      if (former === undefined) made(runner);
      else {
        await former.stop();
        await runner.end(runner.adopt(former.runner), now);
      }
      next.set(id, this.#run(runner, key));
    }
    for (const [id, former] of this.#running) {
      if (next.has(id)) continue;
      await former.stop();
      await former.runner.forget(now);
    }
    this.#running = next;
    this.#changes.note();
  }

  #run(runner: GroupRunner, key: string): Running {
    const stopping = new AbortController();
    const running = runner.run(AbortSignal.any([stopping.signal, this.#closing.signal]));
    return {
      runner,
      key,
      stop: () => {
        stopping.abort();
        return running;
      },
    };
  }

  #world(): GroupWorld {
    const { engine, clock, log, sink } = this.#options;
    const store = this.#store;
    if (store === undefined) throw new Error('rules run once their store is there');
    const world = { engine, clock, log, sink, store, metrics: this.#metrics, events: this.#events };
    return { ...world, settleTime: this.#settings.settleTime, evaluated: () => this.#changes.note(), templates: this.#templates() };
  }

  #templates(): TemplateWorld {
    const { engine, externalUrl } = this.#options;
    const query = async (expression: string, at: Timestamp): Promise<readonly TemplateSample[]> => {
      const result = await engine.query({ expression, time: { kind: 'instant', at } }, this.#closing.signal);
      return result.series.map((labels, i) => ({ labels, value: result.values[result.offsets[i] ?? i] ?? NaN }));
    };
    return { query, externalLabels: this.#settings.externalLabels, externalUrl };
  }

  #counts(): Readonly<Record<'pending' | 'firing', number>> {
    const counts = { pending: 0, firing: 0 };
    for (const { runner } of this.#running.values()) {
      for (const { instances } of runner.runners) {
        for (const { life } of instances.values()) if (life.state === 'pending' || life.state === 'firing') counts[life.state]++;
      }
    }
    return counts;
  }

  async #trim(store: RuleStore): Promise<void> {
    const { clock, log } = this.#options;
    while (!this.#closing.signal.aborted) {
      await store.trim(clock.now(), this.#settings.historyRetention).catch((error: unknown) => log.warn('the history of alerts was not trimmed', { error }));
      await clock.sleep(TRIM_INTERVAL, this.#closing.signal);
    }
  }
}

/** Equal for groups that are run alike, wherever they stand in their file. */
function keyOf(group: RuleGroup, { externalLabels, settleTime }: RuleSettings): string {
  return JSON.stringify([group, externalLabels, settleTime], (key, value: unknown) => (key === 'at' || key === 'expressionAt' ? undefined : value));
}
