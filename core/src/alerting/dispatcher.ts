import type { Alert, Clock, Duration, Labels, Timestamp } from '@metrics-dashboard/sdk';
import { asTold, isResolved } from './active-alert.js';
import type { ActiveAlert } from './active-alert.js';
import { AggregationGroup, groupKeyOf } from './aggregation-group.js';
import type { OpenChannel } from './channels.js';
import { decide } from './dedup.js';
import type { Decision } from './dedup.js';
import type { Deliveries } from './deliveries.js';
import { FlushSchedule } from './flush-schedule.js';
import type { AlertingMetrics } from './metrics.js';
import { notificationOf, plainNotification } from './notification.js';
import { expiryOf, logKeyOf } from './notification-log.js';
import type { NotificationLog } from './notification-log.js';
import { groupLabelsAt, matchRoutes, ownRoute } from './route.js';
import type { Route } from './route.js';
import { runStages } from './stages.js';
import type { Flush, Stage } from './stages.js';
import type { OutboxItem, StoreChange, StoredGroup } from './store.js';
import type { StoreWriter } from './store-writer.js';

export interface DispatcherOptions {
  readonly clock: Clock;
  readonly metrics: AlertingMetrics;
  readonly root: Route;
  readonly stages: readonly Stage<ActiveAlert>[];
  readonly isReceiver: (name: string) => boolean;
  readonly channelsOf: (receiver: string) => readonly OpenChannel[];
  readonly notificationLog: NotificationLog;
  readonly deliveries: Deliveries;
  readonly writer: StoreWriter;
  readonly externalUrl: string;
  /** A group is through with these alerts; answers with what is to be written. */
  readonly onReleased: (keys: readonly string[], group: string) => readonly StoreChange[];
}

/** Where a dispatcher before this one was, or a process before this one. */
export interface Resumed {
  /** The groups that had the alert. */
  readonly held: readonly string[];
  /** When groups were to be looked at next; undefined: they begin anew. */
  readonly stored: ReadonlyMap<string, StoredGroup> | undefined;
}

/** What a channel was to be told of a group when it was looked at last. */
export interface ChannelDecision {
  readonly at: Timestamp;
  readonly decision: Decision;
}

/** A notification is tried for as long as its group's interval, and no shorter than this. */
const LEAST_PATIENCE: Duration = 10_000;
/** A timer may end this much beside the time it was set for. */
const TIMER_PLAY: Duration = 50;
/** With nothing to do, it looks up this often. */
const IDLE: Duration = 3600_000;
/** After so many groups, others get their turn. */
const SLICE = 200;

/** Brings alerts to their groups, and looks at each group when it is due. One for each configuration. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #groups = new Map<string, AggregationGroup>();
  readonly #groupsOf = new Map<string, Set<AggregationGroup>>();
  readonly #decisions = new Map<string, ChannelDecision>();
  readonly #schedule = new FlushSchedule<AggregationGroup>();
  readonly #closing = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #wake = new AbortController();

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Takes an alert, or what is new of it, into its groups. Answers with what is to be written of the groups. */
  put(alert: ActiveAlert, now: Timestamp, resumed?: Resumed): readonly StoreChange[] {
    const routes = this.routesOf(alert);
    const changes = routes.flatMap((route) => this.#insert(alert, route, now, resumed));
    return [...changes, ...this.#follow(alert, routes, now)];
  }

  /** Who was told of an alert hears of its end, also when its rule names others meanwhile. */
  #follow(alert: ActiveAlert, routes: readonly Route[], now: Timestamp): readonly StoreChange[] {
    const left = this.groupsWith(alert.labels.key).filter(({ route }) => !routes.some(({ key }) => key === route.key));
    return left.flatMap((group) => this.#refresh(group, alert, now));
  }

  /** The nodes of the tree that an alert is told by; the receivers that its rule names instead of the tree, as far as they are there. */
  routesOf({ labels, receivers }: ActiveAlert): readonly Route[] {
    const { root, isReceiver } = this.#options;
    const own = receivers.filter(isReceiver);
    return own.length > 0 ? own.map((receiver) => ownRoute(receiver, root)) : matchRoutes(root, labels);
  }

  /** Begins to look at groups that are due. */
  start(): void {
    this.#running = this.#run();
  }

  /** Looks at nothing more. What is on its way goes on. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake.abort();
    await this.#running;
  }

  groups(): readonly AggregationGroup[] {
    return [...this.#groups.values()];
  }

  groupsWith(key: string): readonly AggregationGroup[] {
    return [...(this.#groupsOf.get(key) ?? [])];
  }

  decisionOf(channel: string, group: AggregationGroup): ChannelDecision | undefined {
    return this.#decisions.get(logKeyOf(channel, group.groupKey));
  }

  flushOf(group: AggregationGroup, now: Timestamp): Flush {
    const { route, groupKey } = group;
    return { now, groupKey, receiver: route.receiver, repeatInterval: route.repeatInterval, route };
  }

  #insert(alert: ActiveAlert, route: Route, now: Timestamp, resumed: Resumed | undefined): readonly StoreChange[] {
    const labels = groupLabelsAt(route, alert.labels);
    const key = groupKeyOf(route, labels);
    const known = this.#groups.get(key);
    // What has ended before anybody heard of it is nobody's business, except who was told that it fires.
    const isHeld = known?.has(alert.labels.key) === true || resumed?.held.includes(key) === true;
    const isMissed = resumed?.stored === undefined && this.#wasTold(alert, route, labels);
    if (isResolved(alert, now) && !isHeld && !isMissed) return [];
    const group = known ?? this.#open(route, labels, now, resumed?.stored);
    const holders = this.#groupsOf.get(alert.labels.key) ?? new Set();
    this.#groupsOf.set(alert.labels.key, holders.add(group));
    const changes = this.#refresh(group, alert, now);
    if (known !== undefined || changes.length > 0) return changes;
    this.#plan(group, now);
    return [{ put: 'group', key: group.key, document: group.stored() }];
  }

  #refresh(group: AggregationGroup, alert: ActiveAlert, now: Timestamp): readonly StoreChange[] {
    const before = group.nextFlush;
    group.put(alert, now);
    if (group.nextFlush === before) return [];
    this.#plan(group, now);
    return [{ put: 'group', key: group.key, document: group.stored() }];
  }

  #open(route: Route, labels: Labels, now: Timestamp, stored: ReadonlyMap<string, StoredGroup> | undefined): AggregationGroup {
    const group = new AggregationGroup(route, labels, now);
    const known = stored?.get(group.key);
    if (known !== undefined) group.resume(known);
    this.#groups.set(group.key, group);
    return group;
  }

  #wasTold({ fingerprint }: ActiveAlert, route: Route, labels: Labels): boolean {
    const { channelsOf, notificationLog, deliveries } = this.#options;
    const groupKey = `${route.key}:${labels.toString()}`;
    return channelsOf(route.receiver).some(({ id }) => {
      const key = logKeyOf(id, groupKey);
      return deliveries.isUnderWay(key) || notificationLog.find(key)?.firing.has(fingerprint) === true;
    });
  }

  #plan(group: AggregationGroup, now: Timestamp): void {
    if (group.isFlushing) return;
    const due = this.#options.clock.elapsed() + Math.max(0, group.nextFlush - now);
    const next = this.#schedule.next;
    this.#schedule.plan(group, due);
    if (next === undefined || due < next) this.#wake.abort();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#wake = new AbortController();
      const next = this.#schedule.next;
      const wait = next === undefined ? IDLE : next - clock.elapsed();
      if (wait > 0) await clock.sleep(wait, AbortSignal.any([signal, this.#wake.signal]));
      for (let taken = 1; !signal.aborted; taken++) {
        const group = this.#schedule.take(clock.elapsed());
        if (group === undefined) break;
        this.#flush(group);
        if (taken % SLICE === 0) await clock.sleep(0, signal);
      }
    }
  }

  /** Looks at a group. Most of the time there is nothing to tell, and then nothing waits. */
  #flush(group: AggregationGroup): void {
    const { clock, stages, metrics, channelsOf } = this.#options;
    const wall = clock.now();
    const now = Math.abs(wall - group.nextFlush) <= TIMER_PLAY ? group.nextFlush : wall;
    const alerts = group.alerts();
    const flush = this.flushOf(group, now);
    const { pass, held } = runStages(stages, flush, alerts);
    metrics.flushes.inc();
    for (const { stage } of held) metrics.suppressed.inc({ by: stage });
    const told = pass.map((alert) => asTold(alert, now));
    const deliveries = channelsOf(flush.receiver).flatMap((channel) => this.#tell(group, flush, channel, told) ?? []);
    if (deliveries.length === 0) {
      this.#end(group, alerts, now, true);
      return;
    }
    group.isFlushing = true;
    void Promise.all(deliveries).then((delivered) => this.#end(group, alerts, now, delivered.every(Boolean)));
  }

  /** Decides what a channel is told; where there is something, the delivery of it. */
  #tell(group: AggregationGroup, flush: Flush, channel: OpenChannel, alerts: readonly Alert[]): Promise<boolean> | undefined {
    const { deliveries, notificationLog, writer, externalUrl } = this.#options;
    const key = logKeyOf(channel.id, group.groupKey);
    if (deliveries.isUnderWay(key)) return deliveries.settled(key).then(async () => (this.#closing.signal.aborted ? false : ((await this.#tell(group, flush, channel, alerts)) ?? true)));
    const last = notificationLog.find(key);
    const firing = new Set(fingerprints(alerts, 'firing'));
    const resolved = new Set(fingerprints(alerts, 'resolved'));
    const { sendsResolved } = channel;
    const decision = decide(last, { firing, resolved }, flush.now, { sendsResolved, repeatInterval: flush.repeatInterval });
    this.#decisions.set(key, { at: flush.now, decision });
    if (!decision.notify) return undefined;
    const entry = { key, at: flush.now, firing: [...firing], resolved: [...resolved] };
    if (!sendsResolved && firing.size === 0) {
      writer.later([notificationLog.put({ ...entry, expiresAt: expiryOf(flush.now, flush.repeatInterval) })]);
      return undefined;
    }
    const notification = notificationOf({
      channel: channel.id,
      receiver: flush.receiver,
      groupKey: group.groupKey,
      groupLabels: group.labels,
      reason: decision.reason,
      alerts: sendsResolved ? alerts : alerts.filter(({ status }) => status === 'firing'),
      last: last?.entry,
      externalUrl,
    });
    const item: OutboxItem = {
      ...entry,
      channel: channel.id,
      notification: plainNotification({ ...notification, texts: channel.textsFor(notification) }),
      repeatInterval: flush.repeatInterval,
      patience: Math.max(LEAST_PATIENCE, group.route.groupInterval),
    };
    return deliveries.start(item, channel, true);
  }

  #end(group: AggregationGroup, seen: readonly ActiveAlert[], at: Timestamp, isDelivered: boolean): void {
    const { clock, writer, onReleased, channelsOf, notificationLog } = this.#options;
    if (this.#closing.signal.aborted) return;
    group.isFlushing = false;
    group.hasFlushed = true;
    const settled = isDelivered ? group.settle(seen, at) : [];
    for (const key of settled) this.#release(key, group);
    const changes = [...onReleased(settled, group.key)];
    if (group.size === 0) {
      this.#groups.delete(group.key);
      changes.push({ remove: 'group', key: group.key });
      for (const { id } of channelsOf(group.route.receiver)) {
        const key = logKeyOf(id, group.groupKey);
        this.#decisions.delete(key);
        changes.push(...notificationLog.forget(key));
      }
    } else {
      group.nextFlush = at + group.route.groupInterval;
      this.#plan(group, clock.now());
      changes.push({ put: 'group', key: group.key, document: group.stored() });
    }
    writer.later(changes);
  }

  #release(key: string, group: AggregationGroup): void {
    const holders = this.#groupsOf.get(key);
    holders?.delete(group);
    if (holders?.size === 0) this.#groupsOf.delete(key);
  }
}

function fingerprints(alerts: readonly Alert[], status: Alert['status']): readonly string[] {
  return alerts.filter((alert) => alert.status === status).map(({ fingerprint }) => fingerprint);
}
