import { ConfigError, DeliveryError, Labels } from '@metrics-dashboard/sdk';
import type { Clock, Duration, Logger, Notification, NotifierChannel } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import type { NamedConfig } from '../../plugin/plugin-config.js';
import type { AlertMessage } from '../alert-message.js';
import { Alerting } from '../alerting.js';
import type { AlertingConfig } from '../alerting-config.js';
import { Channels } from '../channels.js';
import { parseMatchers } from '../matcher-syntax.js';
import type { RouteConfig } from '../route.js';
import { SecretBox } from '../secret-box.js';
import type { SilenceRequest } from '../silence.js';
import type { AlertingStore } from '../store.js';
import { MemoryStore } from './memory-store.js';

/** A notification as a test reads it: when, whom, and the alerts with their states. */
export interface Told {
  readonly at: Duration;
  readonly receiver: string;
  readonly reason: string;
  readonly alerts: readonly string[];
  readonly key: string;
}

/** What a channel does with a notification, before it counts as told. */
export type OnSend = (notification: Notification, signal: AbortSignal, attempt: number) => Promise<void> | void;

/** A clock that stands still until it is moved. */
export interface MovedClock extends Clock {
  readonly sleepers: number;
  advance(duration: Duration): Promise<void>;
}

export interface WorldParts {
  readonly clock: MovedClock;
  readonly log: Logger;
  readonly store?: AlertingStore;
}

/** Alerting on a manual clock with channels that remember what they were told; it can be stopped, killed and started again on one store. */
export class AlertingWorld {
  readonly clock: MovedClock;
  readonly told: Told[] = [];
  readonly store: AlertingStore;
  onSend: OnSend = () => undefined;
  /** Receivers that rules name. */
  namedByRules: readonly string[] = [];
  config: AlertingConfig;
  alerting: Alerting;
  channels: Channels;
  registry = new Registry();
  readonly #log: Logger;
  readonly #began: number;
  #life = new Life();
  #attempts = 0;
  #starts = 0;

  constructor(config: AlertingConfig, { clock, log, store = new MemoryStore() }: WorldParts) {
    this.clock = clock;
    this.#log = log;
    this.#began = clock.now();
    this.config = config;
    this.store = store;
    [this.channels, this.alerting] = this.#make();
  }

  static async open(config: AlertingConfig, parts: WorldParts): Promise<AlertingWorld> {
    const world = new AlertingWorld(config, parts);
    await world.start();
    return world;
  }

  async start(): Promise<void> {
    this.#starts++;
    this.registry = new Registry();
    [this.channels, this.alerting] = this.#make();
    await (await this.alerting.prepare(this.config)).commit();
    await this.alerting.start(mortal(this.store, this.#life));
  }

  /** The process dies here and now: nothing that it has not written is kept, and nothing that it still does has an effect. */
  kill(): void {
    this.#life.isOver = true;
    void this.alerting.close();
  }

  async reload(config: AlertingConfig = this.config): Promise<void> {
    this.config = config;
    await (await this.alerting.prepare(config)).commit();
  }

  /** Since the start of the world. */
  get now(): Duration {
    return this.clock.now() - this.#began;
  }

  /** Moves on to a time since the start. */
  async until(at: Duration): Promise<void> {
    await this.clock.advance(at - this.now);
  }

  async push(labels: Record<string, string>, changes: Partial<AlertMessage> = {}): Promise<void> {
    await this.alerting.accept([{ ...MESSAGE, labels: Labels.of(labels), ...changes }]);
  }

  async resolve(labels: Record<string, string>): Promise<void> {
    await this.push(labels, { endsAt: this.clock.now(), startsAt: this.clock.now() });
  }

  /** What was told since the last call. */
  take(): readonly string[] {
    return this.told.splice(0).map(({ at, receiver, reason, alerts }) => `${at / 1000}s ${receiver} ${reason} ${alerts.join(' ')}`);
  }

  #make(): [Channels, Alerting] {
    const life = new Life();
    this.#life = life;
    const channels = new Channels({ clock: this.clock, externalUrl: 'http://here', openNotifier: (named) => this.#opened(named, life) });
    const alerting = new Alerting({
      clock: this.clock,
      log: this.#log,
      metrics: this.registry,
      channels,
      externalUrl: 'http://here',
      compiler: () => ({ text }) => () => text,
      kinds: () => [],
      rulesNaming: (receiver) => Promise.resolve(this.namedByRules.filter((name) => name === receiver)),
      openSecrets: () => Promise.resolve(new SecretBox(new Uint8Array(32))),
    });
    return [channels, alerting];
  }

  /** The kind `broken` can't be opened, and what breaks after a restart can't then. */
  async #opened({ kind, config }: NamedConfig, life: Life): Promise<NotifierChannel> {
    const isLate = this.#starts > 1 && JSON.stringify(config).includes('breaksAfterRestart');
    if (kind === 'broken' || isLate) throw new ConfigError(`${kind} can't be opened`);
    return this.#channel(config, life);
  }

  #channel(config: unknown, life: Life): NotifierChannel {
    const sendsResolved = !(typeof config === 'object' && config !== null && 'send_resolved' in config && config.send_resolved === false);
    return {
      sendsResolved,
      send: async (notification, signal) => {
        if (life.isOver) await never();
        await this.onSend(notification, signal, ++this.#attempts);
        if (life.isOver) await never();
        if (signal.aborted) throw new DeliveryError('aborted', true);
        this.told.push({
          at: this.now,
          receiver: notification.receiver,
          reason: notification.reason,
          alerts: notification.alerts.map(({ labels, status }) => `${[...labels].map(({ value }) => value).join('/')}:${status}`),
          key: notification.idempotencyKey,
        });
      },
    };
  }
}

const MESSAGE: AlertMessage = { labels: Labels.EMPTY, annotations: {}, startsAt: undefined, endsAt: undefined, generatorUrl: '', receivers: [] };

/** From one start to the end of the process. */
class Life {
  isOver = false;
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** A store that a process that has died no longer reaches. */
function mortal(store: AlertingStore, life: Life): AlertingStore {
  return {
    load: () => store.load(),
    write: async (changes) => {
      if (life.isOver) await never();
      await store.write(changes);
      if (life.isOver) await never();
    },
    history: (request) => store.history(request),
    forgetHistory: (before) => store.forgetHistory(before),
  };
}

/** A node of the tree; durations in seconds. */
export function route(config: Partial<Omit<RouteConfig, 'matchers' | 'groupWait' | 'groupInterval' | 'repeatInterval'>> & { match?: string; wait?: number; interval?: number; repeat?: number }): RouteConfig {
  const { match, wait, interval, repeat, ...rest } = config;
  const seconds = (value: number | undefined): Duration | undefined => value && value * 1000;
  return {
    receiver: undefined,
    groupBy: undefined,
    continues: false,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    routes: [],
    ...rest,
    matchers: match === undefined ? [] : parseMatchers(match),
    groupWait: seconds(wait),
    groupInterval: seconds(interval),
    repeatInterval: seconds(repeat),
  };
}

/** A configuration with receivers of one channel each. */
export function alertingConfig(root: RouteConfig, changes: Partial<AlertingConfig> = {}, ...receivers: readonly string[]): AlertingConfig {
  const at = { file: undefined, path: 'receivers', line: undefined, column: undefined };
  const names = [...new Set([root.receiver ?? 'team', ...receivers])];
  return {
    resolveTimeout: 300_000,
    route: root,
    receivers: names.map((name) => ({ name, channels: [{ kind: 'test', config: {}, at }] })),
    inhibitRules: [],
    timeIntervals: {},
    templates: [],
    relay: { alertRelabel: [], alertmanagers: [] },
    notificationRetention: 30 * 24 * 3600_000,
    ...changes,
  };
}

/** A silence from now on. */
export function silenceFor(match: string, startsAt: number, endsAt: number, changes: Partial<SilenceRequest> = {}): SilenceRequest {
  return { matchers: parseMatchers(match), startsAt, endsAt, createdBy: 'ada', comment: 'known', endsWithAlerts: false, remindBefore: undefined, ...changes };
}
