import type { Clock, Credentials, Duration, Labels, Logger, Principal } from '@metrics-dashboard/sdk';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { Alerting } from './alerting/alerting.js';
import type { ChannelHealth } from './alerting/channel-health.js';
import type { ChannelStatus } from './alerting/channel-status.js';
import type { ReceiverDesk } from './alerting/receiver-desk.js';
import type { Config } from './config/config.js';
import type { Dashboards } from './dashboard/dashboards.js';
import type { Engine } from './engine/engine.js';
import type { ListenAddress } from './listen-address.js';
import type { LiveEvent, LiveRequest } from './live/live-event.js';
import type { MetricUse } from './metric-uses.js';
import type { PluginConfig, PluginPolicy } from './plugin/plugin-config.js';
import type { IngestReport } from './ingest/delivery.js';
import type { PluginStatus } from './plugin/plugin-status.js';
import type { GroupPush } from './push/push-groups.js';
import type { HeardEvent } from './rules/alert-events.js';
import type { AlertEvent } from './rules/alert-instance.js';
import type { AlertHistoryRequest } from './rules/rule-store.js';
import type { RuleGroupChanges, RuleGroupView } from './rules/rule-views.js';
import type { ThresholdRules } from './rules/threshold-rules.js';
import type { Backup } from './snapshots.js';
import type { TargetTrace } from './scrape/relabel-trace.js';
import type { DroppedTarget, TargetStatus } from './scrape/target-status.js';

export interface AppOptions {
  readonly version: string;
  /** undefined: no file; the defaults. */
  readonly configFile: string | undefined;
  readonly dataDir: string;
  /** `postgres://…`, where dashboards, rules, alerts and silences are kept; undefined: in the data folder. */
  readonly databaseUrl?: string | undefined;
  /** Where the server listens; the self-scrape goes there, and an address that is not loopback needs `auth:` or `allowAnonymous`. */
  readonly listen: ListenAddress;
  readonly allowAnonymous: boolean;
  /** What the distribution ships; the configuration's `plugins:` come after them. */
  readonly plugins: readonly PluginConfig[];
  readonly pluginPolicy: PluginPolicy;
  /** Whether the data plane has a thread of its own. */
  readonly engine: 'worker' | 'inline';
  readonly clock: Clock;
  readonly log: Logger;
}

/** The running program, as the API sees it. */
export interface App {
  readonly version: string;
  readonly startedAt: number;
  /** The configuration in force; another object after a reload. */
  config(): Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Registry;
  readonly engine: Engine;
  readonly live: LiveQueries;
  readonly pushGroups: PushGroups;
  readonly targets: Targets;
  readonly alerting: Omit<Alerting, 'prepare' | 'start' | 'close' | 'desk'> & { readonly desk: Omit<ReceiverDesk, 'prepare' | 'restore'> };
  readonly rules: Rules;
  readonly thresholdRules: Omit<ThresholdRules, 'start'>;
  readonly channels: Channels;
  readonly metricUses: MetricUses;
  readonly snapshots: Snapshots;
  readonly auth: Authenticator;
  readonly dashboards: Omit<Dashboards, 'files'>;
  plugins(): Promise<readonly PluginStatus[]>;
  /**
   * Opens the data folder, replays, and begins to scrape. Called when the server already answers; a second call gives the
   * first one's promise. `listening` is where it does, if that is not what the options said: a port of 0 is any that is free.
   * Rejects with a `ConfigError` for what is wrong in a part that is opened now, and a `StorageError` for a data folder that
   * can't be had; then the app can only be closed.
   */
  start(listening?: ListenAddress): Promise<void>;
  /** True between the end of the start and the beginning of the stop, while the engine answers. */
  isReady(): boolean;
  /** Reads the configuration again. Rejects with a `ConfigError`, and then nothing has changed. */
  reload(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface LiveQueries {
  /**
   * Starts with a snapshot. Ending the iteration leaves the query; the last one out ends it.
   * Throws QueryError, ParseError or LimitError at once for a query that can never be answered.
   */
  watch(request: LiveRequest, signal: AbortSignal): Promise<AsyncIterable<LiveEvent>>;
}

/** Groups of metrics that jobs pushed, which are offered in each scrape interval until they are deleted. */
export interface PushGroups {
  /** What is wrong with the body is the report's `error`. Rejects with `StorageError` or `UnavailableError`. */
  push(push: GroupPush): Promise<IngestReport>;
  remove(labels: Labels): Promise<void>;
}

export interface Targets {
  active(): readonly TargetStatus[];
  dropped(): readonly DroppedTarget[];
  /** What the rules of its job did to a target, active or dropped; undefined when there is none of that id. */
  trace(id: string): TargetTrace | undefined;
  /** The whole current set, then again after each change, at most once in `every`. */
  watch(every: Duration, signal: AbortSignal): AsyncIterable<readonly TargetStatus[]>;
}

/** Copies of what is kept, made while everything goes on. */
export interface Snapshots {
  /** Copies the storage into `snapshots/<name>` of the data folder, and answers the name. */
  take(options: { readonly withHead: boolean }, signal: AbortSignal): Promise<string>;
  /** Copies all of the data folder. Who asked removes the copy. */
  backUp(signal: AbortSignal): Promise<Backup>;
}

export interface MetricUses {
  /** What asks for metrics, by metric. */
  of(metrics: readonly string[]): Promise<ReadonlyMap<string, readonly MetricUse[]>>;
}

/** Rules, and what they observe. */
export interface Rules {
  /** In the order of files and names. */
  groups(): readonly RuleGroupView[];
  /** All groups, then those that were evaluated or changed since, and which are gone; at most once in `every`. */
  watchGroups(every: Duration, signal: AbortSignal): AsyncIterable<RuleGroupChanges>;
  /** Changes of alert instances from now on; who is slow misses old ones, and is told how many. */
  watch(signal: AbortSignal): AsyncIterable<HeardEvent>;
  /** The newest first. */
  history(request: AlertHistoryRequest): Promise<readonly AlertEvent[]>;
}

export interface Channels {
  list(): readonly ChannelStatus[];
  /** Sends a test notification through one channel of a receiver. Rejects with the `DeliveryError`. */
  test(id: string, signal: AbortSignal): Promise<void>;
  /** How deliveries through a channel went. */
  health(id: string): ChannelHealth;
}

export interface Authenticator {
  /** Whether somebody who has not said who they are may do anything. */
  readonly anonymous: Principal | undefined;
  /** Throws AuthError for credentials that are wrong. */
  authenticate(credentials: Credentials | undefined, signal: AbortSignal): Promise<Principal | undefined>;
}
