import type { Duration, Logger, Timestamp } from '@metrics-dashboard/sdk';
import { ticks } from '../runtime/ticker.js';
import type { AlertEvents } from './alert-events.js';
import { changesBetween, fingerprintOf } from './alert-instance.js';
import type { AlertEvent, AlertInstance } from './alert-instance.js';
import { RESOLVED_RETENTION, afterOutage, isTold } from './alert-life.js';
import type { AlertSink, ObservedAlert } from './alert-sink.js';
import { Orphans, withExternal } from './orphans.js';
import { groupIdOf, offsetOf, ruleIdsOf } from './rule-id.js';
import type { RuleMetrics } from './rule-metrics.js';
import { RuleRunner } from './rule-runner.js';
import type { RunnerWorld } from './rule-runner.js';
import type { RuleStore, StoredGroup, TickChanges } from './rule-store.js';
import { nameOf } from './rule.js';
import type { RuleGroup } from './rule.js';

/** What groups are run with. */
export interface GroupWorld extends RunnerWorld {
  readonly log: Logger;
  readonly metrics: RuleMetrics;
  readonly store: RuleStore;
  readonly sink: AlertSink;
  readonly events: AlertEvents;
  /** Hears of each tick of a group when it is over. */
  readonly evaluated: () => void;
  /** For how long after a start the absence of a series means nothing; at least two intervals of the group. */
  readonly settleTime: Duration;
}

/** How long alerts that did not change wait before they are handed on again. */
const RESEND_DELAY: Duration = 60_000;
/** A server that was away for longer than this does not count the time towards `for`. */
export const OUTAGE_TOLERANCE: Duration = 3600_000;

/** One group of rules while it runs: ticks, evaluates in order, keeps and hands on what changed. */
export class GroupRunner {
  readonly id: string;
  readonly group: RuleGroup;
  readonly runners: readonly RuleRunner[];
  readonly #world: GroupWorld;
  /** What the state database has, by rule and fingerprint. */
  #stored: ReadonlyMap<string, ReadonlyMap<string, AlertInstance>> = new Map();
  /** Changes that the state database has not taken. */
  #owed: AlertEvent[] = [];
  readonly #sentAt = new Map<string, Timestamp>();
  /** Alerts of rules that went while the server was away. */
  #farewell: readonly ObservedAlert[] = [];
  #lastEvaluation: Timestamp | undefined;
  #duration: Duration = 0;
  #missed = 0;

  /** Throws a `ConfigError` for templates that can't be read. */
  constructor(group: RuleGroup, world: GroupWorld) {
    this.id = groupIdOf(group);
    this.group = group;
    this.#world = world;
    const ids = ruleIdsOf(group);
    this.runners = group.rules.map((rule, i) => new RuleRunner(`${this.id}/${ids[i] ?? i}`, rule, world));
  }

  /** The last tick's time, how long it took, and how many ticks fell out since the start. */
  get progress(): { readonly lastEvaluation: Timestamp | undefined; readonly duration: Duration; readonly missed: number } {
    return { lastEvaluation: this.#lastEvaluation, duration: this.#duration, missed: this.#missed };
  }

  /** Goes on with the group of the same name as it was written before; returns the runners of rules that are no more. */
  adopt(former: GroupRunner): readonly RuleRunner[] {
    const byId = new Map(former.runners.map((runner) => [runner.id, runner]));
    for (const runner of this.runners) {
      const same = byId.get(runner.id);
      if (same !== undefined) runner.adopt(same);
      byId.delete(runner.id);
    }
    this.#stored = former.#stored;
    this.#owed = former.#owed;
    for (const [key, at] of former.#sentAt) this.#sentAt.set(key, at);
    this.#lastEvaluation = former.#lastEvaluation;
    this.#missed = former.#missed;
    return [...byId.values()];
  }

  /** Goes on with what was kept when the server was here last. */
  restore(stored: StoredGroup): void {
    const now = this.#world.clock.now();
    const settled = now + Math.max(this.#world.settleTime, 2 * this.group.interval);
    const known = new Map<string, ReadonlyMap<string, AlertInstance>>();
    for (const [ruleId, instances] of stored.instances) known.set(ruleId, new Map(instances.map((instance) => [fingerprintOf(instance.labels), instance])));
    for (const runner of this.runners) {
      const instances = stored.instances.get(runner.id) ?? [];
      runner.restore(instances.map((instance) => ({ ...instance, life: afterOutage(instance.life, stored.evaluatedAt, now, OUTAGE_TOLERANCE) })), settled);
    }
    this.#stored = known;
    const ids = new Set(this.runners.map(({ id }) => id));
    const orphans = new Orphans(this.id, new Map([...stored.instances].filter(([ruleId]) => !ids.has(ruleId))));
    this.#farewell = orphans.alerts(now, this.#world.templates.externalLabels);
  }

  /** Until the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#world;
    for await (const { at, missed } of ticks(clock, this.group.interval, offsetOf(this.id, this.group.interval), signal)) {
      this.#missed += missed;
      try {
        await this.tick(at, signal, missed);
      } catch (error) {
        log.error('a group of rules was not evaluated', { file: this.group.file, group: this.group.name, error });
      }
    }
  }

  /** Evaluates all rules once, keeps what changed, hands on what is to be told. */
  async tick(at: Timestamp, signal: AbortSignal, missed = 0): Promise<void> {
    const { clock, metrics } = this.#world;
    const start = clock.elapsed();
    const group = this.#metricName();
    for (const runner of this.runners) {
      if (signal.aborted) return;
      await runner.evaluate({ at: at - this.group.queryOffset, limit: this.group.limit, signal });
      const { duration, health } = runner.health;
      metrics.evaluated({ group, rule: nameOf(runner.rule) }, duration, health === 'err');
    }
    if (signal.aborted) return;
    this.#lastEvaluation = at;
    await this.#keep(at);
    await this.#tell(at);
    this.#duration = clock.elapsed() - start;
    metrics.ticked(group, this.#duration, missed);
    this.#world.evaluated();
  }

  /** The group, or some of its rules, are no more: what fires is told to have resolved, what was written ends, what was kept is forgotten. */
  async end(runners: readonly RuleRunner[], at: Timestamp): Promise<void> {
    const { log } = this.#world;
    const told = runners.flatMap((runner) => [...runner.instances.values()].filter(({ life }) => isTold(life)).map((instance) => this.#observed(runner, instance, at, at)));
    if (told.length > 0) await this.#handOn(told);
    for (const runner of runners) {
      await runner.end(at).catch((error: unknown) => log.warn('the series of a rule that is no more were not ended', { rule: nameOf(runner.rule), error }));
      this.#world.metrics.forgetRule({ group: this.#metricName(), rule: nameOf(runner.rule) });
    }
  }

  /** Forgets the whole group. */
  async forget(at: Timestamp): Promise<void> {
    await this.end(this.runners, at);
    this.#world.metrics.forgetGroup(this.#metricName());
    const events = this.runners.flatMap((runner) => [...runner.instances.values()].filter(({ life }) => isTold(life)).map((instance) => this.#event(runner.id, instance, 'resolved', at)));
    this.#world.events.publish(events);
    await this.#world.store.forget(this.id, [...this.#owed, ...events]);
  }

  #metricName(): string {
    return `${this.group.file};${this.group.name}`;
  }

  /** Writes what changed since it was last written; what can't be written now is owed. */
  async #keep(at: Timestamp): Promise<void> {
    const { store, events, log, metrics } = this.#world;
    const { changed, gone, news, now } = this.#difference(at);
    events.publish(news);
    this.#owed.push(...news);
    if (changed.length === 0 && gone.length === 0 && this.#owed.length === 0 && now.size === 0) return;
    try {
      await store.save({ groupId: this.id, at, changed, gone, events: this.#owed });
      this.#stored = now;
      this.#owed = [];
    } catch (error) {
      metrics.notStored();
      log.error('alert states were not written, they are with the next tick', { group: this.group.name, error });
      this.#known = now;
    }
  }

  /** What was published, where the state database is behind. */
  #known: ReadonlyMap<string, ReadonlyMap<string, AlertInstance>> | undefined;

  #difference(at: Timestamp): Pick<TickChanges, 'changed' | 'gone'> & { readonly news: readonly AlertEvent[]; readonly now: ReadonlyMap<string, ReadonlyMap<string, AlertInstance>> } {
    const changed: { ruleId: string; fingerprint: string; instance: AlertInstance }[] = [];
    const gone: { ruleId: string; fingerprint: string }[] = [];
    const news: AlertEvent[] = [];
    const now = new Map<string, ReadonlyMap<string, AlertInstance>>();
    const seen = this.#known ?? this.#stored;
    this.#known = undefined;
    const emitted = (ruleId: string, instance: AlertInstance, before: AlertInstance | undefined, after: AlertInstance | undefined): void => {
      for (const state of changesBetween(before?.life, after?.life)) news.push(this.#event(ruleId, instance, state, at));
    };
    for (const runner of this.runners) {
      if (runner.instances.size === 0) continue;
      const own = new Map<string, AlertInstance>();
      for (const instance of runner.instances.values()) {
        const fingerprint = fingerprintOf(instance.labels);
        own.set(fingerprint, instance);
        if (this.#stored.get(runner.id)?.get(fingerprint) !== instance) changed.push({ ruleId: runner.id, fingerprint, instance });
        emitted(runner.id, instance, seen.get(runner.id)?.get(fingerprint), instance);
      }
      now.set(runner.id, own);
    }
    for (const [ruleId, instances] of new Map([...this.#stored, ...seen])) {
      for (const [fingerprint, instance] of instances) {
        if (now.get(ruleId)?.has(fingerprint)) continue;
        if (this.#stored.get(ruleId)?.has(fingerprint)) gone.push({ ruleId, fingerprint });
        if (seen.get(ruleId)?.has(fingerprint)) emitted(ruleId, instance, instance, undefined);
      }
    }
    return { changed, gone, news, now };
  }

  #event(ruleId: string, { labels, annotations, life }: AlertInstance, state: AlertEvent['state'], at: Timestamp): AlertEvent {
    return { at, groupId: this.id, ruleId, alertname: labels.get('alertname'), fingerprint: fingerprintOf(labels), state, labels: labels.toObject(), annotations, value: life.value };
  }

  /** Hands on what is to be told: at once what changed, and the rest again once in a while, should it have been lost. */
  async #tell(at: Timestamp): Promise<void> {
    const due: ObservedAlert[] = [...this.#farewell];
    const keys: string[] = [];
    const current = new Set<string>();
    for (const runner of this.runners) {
      for (const [key, instance] of runner.instances) {
        const { life } = instance;
        const told = isTold(life);
        if (!told && (life.endsAt === undefined || at - life.endsAt > RESOLVED_RETENTION)) continue;
        const name = `${runner.id}/${key}/${told ? 'firing' : 'resolved'}/${life.startsAt ?? 0}`;
        current.add(name);
        const sentAt = this.#sentAt.get(name);
        if (sentAt !== undefined && at - sentAt < RESEND_DELAY) continue;
        keys.push(name);
        due.push(this.#observed(runner, instance, told ? at + 4 * Math.max(this.group.interval, RESEND_DELAY) : (life.endsAt ?? at), at));
      }
    }
    for (const name of this.#sentAt.keys()) if (!current.has(name)) this.#sentAt.delete(name);
    if (due.length === 0 || !(await this.#handOn(due))) return;
    this.#farewell = [];
    for (const name of keys) this.#sentAt.set(name, at);
  }

  async #handOn(alerts: readonly ObservedAlert[]): Promise<boolean> {
    try {
      await this.#world.sink.accept(alerts);
      return true;
    } catch (error) {
      this.#world.metrics.notTaken();
      this.#world.log.error('alerts were not taken, they are handed on again with the next tick', { group: this.group.name, alerts: alerts.length, error });
      return false;
    }
  }

  #observed({ rule }: RuleRunner, { labels, annotations, life }: AlertInstance, endsAt: Timestamp, at: Timestamp): ObservedAlert {
    const { externalLabels, externalUrl } = this.#world.templates;
    const flapping = life.flappingSince === undefined ? {} : { flapping: `since ${new Date(life.flappingSince).toISOString()}` };
    return {
      labels: withExternal(labels, externalLabels),
      annotations: { ...annotations, ...flapping },
      startsAt: life.startsAt ?? at,
      endsAt,
      generatorUrl: `${externalUrl}/explore?q=${encodeURIComponent(rule.expression)}`,
      receivers: rule.kind === 'alerting' ? rule.receivers : [],
    };
  }
}

