import { QueryError, UnavailableError, matchesAll } from '@metrics-dashboard/sdk';
import type { Duration, Labels, Matcher, Notification, Timestamp } from '@metrics-dashboard/sdk';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import { asTold, isResolved } from './active-alert.js';
import type { ActiveAlert } from './active-alert.js';
import { AlertBook } from './alert-book.js';
import { alertOf } from './alert-message.js';
import type { AlertMessage } from './alert-message.js';
import type { AlertingConfig } from './alerting-config.js';
import { Deliveries } from './deliveries.js';
import { Dispatcher } from './dispatcher.js';
import { EventHub } from './event-hub.js';
import { explainIn } from './explanation.js';
import type { AlertExplanation } from './explanation.js';
import { Inhibitor } from './inhibitor.js';
import type { CompileMessage } from './message-texts.js';
import { AlertingMetrics, gaugesOf } from './metrics.js';
import type { AlertingCounts } from './metrics.js';
import { NotificationLog } from './notification-log.js';
import { ReceiverDesk } from './receiver-desk.js';
import type { ReceiverDeskOptions } from './receiver-desk.js';
import { NOBODY, buildRoutes } from './route.js';
import type { Route } from './route.js';
import { routeAnswers, routeViews } from './routing-view.js';
import type { RouteAnswer, RouteView } from './routing-view.js';
import type { SilenceRequest } from './silence.js';
import { silenceState } from './silence.js';
import { careForSilences, reminderEnds } from './silence-care.js';
import { Silences } from './silences.js';
import type { SilenceChange } from './silences.js';
import { stagesOf } from './stages.js';
import type { Stage } from './stages.js';
import type { AlertingStore, HistoryRecord, HistoryRequest, StoreChange, StoredGroup } from './store.js';
import { StoreWriter, aliveAt } from './store-writer.js';
import { sampleNotification, testNotification } from './test-notification.js';
import { viewOf } from './views.js';
import type { AlertView, GroupView, SilenceView } from './views.js';

export interface AlertingOptions extends ReceiverDeskOptions {
  readonly metrics: Registry;
  /** The address of the user interface. */
  readonly externalUrl: string;
  /** Makes the templates of messages ready, with the files of a configuration. Throws a `ConfigError` for a file that is none. */
  readonly compiler: (config: AlertingConfig) => CompileMessage;
}

/** A configuration that is ready to be put in force; one of the two is called, once. */
export interface PreparedAlerting {
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/** How often what has become old is left out, and silences are looked after. */
const CARE_INTERVAL: Duration = 15_000;
/** So many of the last notifications tell how channels did. */
const REMEMBERED = 500;
/** A start looks at what the last process left; then the history is trimmed once in so many rounds of care. */
const TRIM_EVERY = 240;

/** What is in force. */
interface InForce {
  readonly config: AlertingConfig;
  readonly root: Route;
  readonly inhibitor: Inhibitor;
  readonly stages: readonly Stage<ActiveAlert>[];
}

/** What is open between start and close. */
interface Running {
  readonly store: AlertingStore;
  readonly writer: StoreWriter;
  readonly deliveries: Deliveries;
}

/** Alerts in, notifications out, and everything in between: the whole of this room, as the rest of the program sees it. */
export class Alerting {
  readonly #options: AlertingOptions;
  readonly #metrics: AlertingMetrics;
  readonly #book = new AlertBook();
  readonly #silences = new Silences();
  /** Receivers that are made by the API, tests and previews. */
  readonly desk: ReceiverDesk;
  readonly #notificationLog = new NotificationLog();
  readonly #records: EventHub<HistoryRecord>;
  readonly #changed = new EventHub<'changed'>(1);
  readonly #closing = new AbortController();
  #inForce: InForce;
  #running: Running | undefined;
  #dispatcher: Dispatcher | undefined;
  #caring: Promise<void> = Promise.resolve();

  constructor(options: AlertingOptions) {
    this.#options = options;
    this.#metrics = new AlertingMetrics(options.metrics);
    this.desk = new ReceiverDesk(options);
    this.#records = new EventHub(1000, () => this.#metrics.missedEvents.inc());
    this.#inForce = this.#inForceOf({ resolveTimeout: 300_000, route: undefined, receivers: [], inhibitRules: [], timeIntervals: {}, templates: [], relay: { alertRelabel: [], alertmanagers: [] }, notificationRetention: 30 * 24 * 3600_000 });
    gaugesOf(options.metrics, () => this.#counts());
  }

  /** Checks a configuration and opens what it needs. Rejects with a `ConfigError`, and then nothing has changed. */
  async prepare(config: AlertingConfig): Promise<PreparedAlerting> {
    const channels = await this.desk.prepare(config.receivers, this.#options.compiler(config));
    const next = this.#inForceOf(config);
    return {
      commit: async () => {
        await channels.commit();
        this.#inForce = next;
        if (this.#running !== undefined) await this.#dispatchAnew(this.#running, undefined);
      },
      discard: () => channels.discard(),
    };
  }

  /** Goes on where the process before this one was: what it was sending is sent again, and what came due meanwhile is done now. */
  async start(store: AlertingStore): Promise<void> {
    const { clock, log, channels } = this.#options;
    const state = await store.load();
    const now = clock.now();
    const writer = new StoreWriter({ store, clock, log, onFailure: () => this.#metrics.writeFailures.inc() });
    this.#book.restore(state.alerts, state.aliveAt ?? now, now);
    this.#silences.restore(state.silences);
    this.#notificationLog.restore(state.log);
    await this.desk.restore(state.receivers, writer);
    channels.healths.restore(await store.history({ limit: REMEMBERED }));
    const onRecord = (record: HistoryRecord): void => this.#noteRecord(record);
    const deliveries = new Deliveries({ clock, log, metrics: this.#metrics, writer, notificationLog: this.#notificationLog, healths: channels.healths, onRecord });
    for (const item of state.outbox) {
      const channel = channels.find(item.channel);
      if (channel === undefined) writer.later([{ remove: 'outbox', key: item.key }]);
      else void deliveries.start(item, channel, false);
    }
    this.#running = { store, writer, deliveries };
    await this.#dispatchAnew(this.#running, state.groups);
    this.#caring = this.#care(this.#running);
  }

  /** Stops looking at groups, gives up what is being sent, and writes what is not written yet; all of it goes on with the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#caring;
    await this.#dispatcher?.close();
    await this.#running?.deliveries.close();
    this.#running?.writer.later([aliveAt(this.#options.clock.now())]);
    await this.#running?.writer.close();
    this.#running = undefined;
  }

  /**
   * Takes messages about alerts; resolves when they are durable. Rejects with a `QueryError` that tells what is wrong with
   * those that make no sense, when the others have been taken, and with an `UnavailableError` before the start.
   */
  async accept(messages: readonly AlertMessage[]): Promise<void> {
    const { writer } = this.#started();
    const now = this.#options.clock.now();
    const problems: string[] = [];
    const urgent: StoreChange[] = [];
    const lazy: StoreChange[] = [];
    for (const message of messages) {
      try {
        const { changes, isUrgent } = this.#take(alertOf(message, this.#inForce.config.resolveTimeout, now), now);
        (isUrgent ? urgent : lazy).push(...changes);
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        this.#metrics.invalid.inc();
        problems.push(error.message);
      }
    }
    writer.later(lazy);
    if (urgent.length > 0) await writer.now(urgent);
    this.#changed.publish('changed');
    if (problems.length > 0) throw new QueryError(problems.join('; '));
  }

  /** All alerts that have not been forgotten, those that have resolved among them. */
  alerts(): readonly AlertView[] {
    return [...this.#book.all()].map((alert) => this.#viewOf(alert));
  }

  /** The aggregation groups, with the alerts in each. */
  groups(): readonly GroupView[] {
    return (this.#dispatcher?.groups() ?? []).map((group) => ({
      key: group.key,
      groupKey: group.groupKey,
      receiver: group.route.receiver,
      labels: group.labels,
      nextFlush: group.nextFlush,
      alerts: group.alerts().map((alert) => this.#viewOf(alert)),
    }));
  }

  /** The groups now, then again after each change, at most once in `every`. */
  async *watch(every: Duration, signal: AbortSignal): AsyncGenerator<readonly GroupView[], void, undefined> {
    const changes = this.#changed.listen(signal);
    yield this.groups();
    for await (const _ of changes) {
      yield this.groups();
      await this.#options.clock.sleep(every, signal);
    }
  }

  /** Why an alert was or was not notified; undefined for one that nobody knows. */
  explain(fingerprint: string): AlertExplanation | undefined {
    const alert = this.#book.find(fingerprint);
    const dispatcher = this.#dispatcher;
    if (alert === undefined || dispatcher === undefined) return undefined;
    const { clock, channels } = this.#options;
    const parts = { dispatcher, stages: this.#inForce.stages, channels, notificationLog: this.#notificationLog, deliveries: this.#running?.deliveries, now: clock.now() };
    return { fingerprint, groups: dispatcher.groupsWith(alert.labels.key).map((group) => explainIn(group, alert, parts)) };
  }

  silences(): readonly SilenceView[] {
    const now = this.#options.clock.now();
    return this.#silences.list().map((silence) => ({ ...silence, state: silenceState(silence, now) }));
  }

  silence(id: string): SilenceView | undefined {
    const silence = this.#silences.find(id);
    return silence && { ...silence, state: silenceState(silence, this.#options.clock.now()) };
  }

  /** Makes a silence, or changes the one with this id. Resolves when it is durable; rejects as `Silences.set` throws. */
  async setSilence(id: string | undefined, request: SilenceRequest): Promise<SilenceView> {
    return this.#changeSilence(id, (now) => this.#silences.set(id, request, now));
  }

  /** Ends a silence now. Rejects as `Silences.expire` throws. */
  async expireSilence(id: string): Promise<SilenceView> {
    return this.#changeSilence(id, (now) => this.#silences.expire(id, now));
  }

  async #changeSilence(id: string | undefined, change: (now: Timestamp) => SilenceChange): Promise<SilenceView> {
    const { writer } = this.#started();
    const now = this.#options.clock.now();
    const reminders = id === undefined ? [] : reminderEnds(this.#silences.find(id), now);
    const { silence, changes } = change(now);
    await writer.now(changes);
    await this.accept(reminders);
    return { ...silence, state: silenceState(silence, this.#options.clock.now()) };
  }

  /** The firing alerts that a silence would mute now. */
  preview(matchers: readonly Matcher[]): readonly AlertView[] {
    const now = this.#options.clock.now();
    const muted = [...this.#book.all()].filter((alert) => !isResolved(alert, now) && matchesAll(matchers, alert.labels));
    return muted.map((alert) => this.#viewOf(alert));
  }

  /** The nodes of the routing tree in reading order; none where no tree is configured. */
  routes(): readonly RouteView[] {
    const { config, root } = this.#inForce;
    return config.route === undefined ? [] : routeViews(root);
  }

  /** Where an alert of these labels would go; `receivers` are those that its rule names. */
  routeOf(labels: Labels, receivers: readonly string[]): readonly RouteAnswer[] {
    const { config, root } = this.#inForce;
    const named = receivers.filter((name) => this.desk.names().includes(name));
    if (config.route === undefined && named.length === 0) return [];
    return routeAnswers(root, labels, named, { intervals: config.timeIntervals, now: this.#options.clock.now() });
  }

  /** What a receiver could be told: of alerts that are known, by their fingerprints; of a test, where there are none of these. */
  sampleFor(receiver: string, fingerprints: readonly string[]): Notification {
    const now = this.#options.clock.now();
    const { externalUrl } = this.#options;
    const alerts = fingerprints.flatMap((fingerprint) => this.#book.find(fingerprint) ?? []);
    return alerts.length === 0 ? testNotification(receiver, now, externalUrl) : sampleNotification(receiver, alerts.map((alert) => asTold(alert, now)), this.#inForce.root, externalUrl);
  }

  /** What was notified, the newest first. */
  history(request: HistoryRequest): Promise<readonly HistoryRecord[]> {
    return this.#started().store.history(request);
  }

  /** Each notification when it has ended, delivered or not. */
  watchNotifications(signal: AbortSignal): AsyncIterable<HistoryRecord> {
    return this.#records.listen(signal);
  }

  #inForceOf(config: AlertingConfig): InForce {
    const inhibitor = new Inhibitor(config.inhibitRules);
    for (const alert of this.#book.all()) inhibitor.observe(alert);
    return {
      config,
      root: buildRoutes(config.route ?? NOBODY),
      inhibitor,
      stages: stagesOf({ inhibitor, intervals: config.timeIntervals, silences: this.#silences }),
    };
  }

  /** All alerts go to their groups again, by the configuration that is in force now. `stored`: where a process before this one was. */
  async #dispatchAnew({ writer, deliveries }: Running, stored: readonly StoredGroup[] | undefined): Promise<void> {
    const { clock, channels, externalUrl } = this.#options;
    const before = this.#dispatcher?.groups().map(({ key }) => key) ?? stored?.map(({ key }) => key) ?? [];
    const closing = this.#dispatcher?.close();
    const { root, stages, inhibitor } = this.#inForce;
    const dispatcher = new Dispatcher({
      clock,
      metrics: this.#metrics,
      root,
      stages,
      isReceiver: (name) => channels.receivers().includes(name),
      channelsOf: (receiver) => channels.ofReceiver(receiver),
      notificationLog: this.#notificationLog,
      deliveries,
      writer,
      externalUrl,
      onReleased: (keys, group) => this.#book.release(keys, group),
    });
    this.#dispatcher = dispatcher;
    const now = clock.now();
    const byKey = stored && new Map(stored.map((group) => [group.key, group]));
    for (const alert of this.#book.all()) inhibitor.observe(alert);
    const changes = [...this.#book.held()].flatMap(([alert, held]) => {
      const { key } = alert.labels;
      const ofGroups = dispatcher.put(alert, now, { held, stored: byKey });
      return [...ofGroups, ...this.#hold(dispatcher, key, held)];
    });
    const kept = new Set(dispatcher.groups().map(({ key }) => key));
    const gone = before.filter((key) => !kept.has(key)).map((key): StoreChange => ({ remove: 'group', key }));
    writer.later([...gone, ...changes]);
    dispatcher.start();
    await closing;
  }

  #take(heard: ActiveAlert, now: Timestamp): { changes: readonly StoreChange[]; isUrgent: boolean } {
    const { key } = heard.labels;
    const before = this.#book.known(key);
    const alert = this.#book.put(heard);
    this.#metrics.received.inc({ status: isResolved(alert, now) ? 'resolved' : 'firing' });
    this.#inForce.inhibitor.observe(alert);
    const ofGroups = this.#dispatcher?.put(alert, now) ?? [];
    this.#book.hold(key, this.#dispatcher?.groupsWith(key).map((group) => group.key) ?? []);
    const urgency = ofGroups.length > 0 ? 'now' : this.#book.urgency(before, alert, now);
    return { changes: urgency === 'never' ? [] : [...this.#book.change(key), ...ofGroups], isUrgent: urgency === 'now' };
  }

  /** Notes which groups have an alert. Answers with what is to be written, where those are others than before. */
  #hold(dispatcher: Dispatcher, key: string, before: readonly string[]): readonly StoreChange[] {
    const groups = dispatcher.groupsWith(key).map((group) => group.key);
    this.#book.hold(key, groups);
    return groups.join('\n') === before.join('\n') ? [] : this.#book.change(key);
  }

  #viewOf(alert: ActiveAlert): AlertView {
    const { inhibitor, config } = this.#inForce;
    const routes = this.#dispatcher?.routesOf(alert) ?? [];
    return viewOf(alert, { routes, inhibitor, silences: this.#silences, intervals: config.timeIntervals, now: this.#options.clock.now() });
  }

  /** Now and then: what is old is left out, silences are looked after, and it is noted that this process is alive. */
  async #care({ writer, store }: Running): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#closing;
    for (let round = 0; !signal.aborted; round++) {
      await clock.sleep(CARE_INTERVAL, signal);
      if (signal.aborted) return;
      const now = clock.now();
      const { gone, changes } = this.#book.collect(now);
      for (const { labels } of gone) this.#inForce.inhibitor.forget(labels);
      const care = careForSilences(this.#silences, this.#book.all(), now);
      writer.later([...changes, ...care.changes, ...this.#silences.collect(now), ...this.#notificationLog.collect(now), aliveAt(now)]);
      if (care.ended.length > 0) this.#changed.publish('changed');
      if (care.reminders.length > 0) await this.accept(care.reminders).catch((error: unknown) => log.warn('a reminder of a silence was not taken', { error }));
      if (round % TRIM_EVERY === 0) await store.forgetHistory(now - this.#inForce.config.notificationRetention).catch((error: unknown) => log.warn('the history of notifications was not trimmed', { error }));
    }
  }

  #noteRecord(record: HistoryRecord): void {
    this.#records.publish(record);
    this.#changed.publish('changed');
  }

  #started(): Running {
    if (this.#running === undefined) throw new UnavailableError('alerting has not started yet');
    return this.#running;
  }

  #counts(): AlertingCounts {
    const now = this.#options.clock.now();
    const silences = { pending: 0, active: 0, expired: 0 };
    for (const silence of this.#silences.list()) silences[silenceState(silence, now)] += 1;
    let firing = 0;
    for (const alert of this.#book.all()) if (!isResolved(alert, now)) firing += 1;
    return {
      firing,
      resolved: this.#book.size - firing,
      groups: this.#dispatcher?.groups().length ?? 0,
      silences,
      outbox: this.#running?.deliveries.size ?? 0,
    };
  }
}
