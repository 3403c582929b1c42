import type { Duration, Matcher, Notification, Timestamp } from '@metrics-dashboard/sdk';
import type { ActiveAlert } from './active-alert.js';
import type { StoredReceiver } from './own-receivers.js';
import type { StoredSilence } from './silence.js';

/** What alerting keeps beyond the process: documents by kind and key, and the history of notifications. */
export interface AlertingStore {
  load(): Promise<StoredState>;
  /** All of the changes or none, in one transaction; durable when it resolves. */
  write(changes: readonly StoreChange[]): Promise<void>;
  /** The newest first. */
  history(request: HistoryRequest): Promise<readonly HistoryRecord[]>;
  /** Leaves out what is older. */
  forgetHistory(before: Timestamp): Promise<void>;
}

export interface StoredState {
  readonly alerts: readonly StoredAlert[];
  readonly groups: readonly StoredGroup[];
  readonly log: readonly LogEntry[];
  readonly outbox: readonly OutboxItem[];
  readonly silences: readonly StoredSilence[];
  readonly receivers: readonly StoredReceiver[];
  /** When the process that wrote this was alive for certain, the latest of such times; undefined: there was none. */
  readonly aliveAt: Timestamp | undefined;
}

/** An alert as plain data, and the groups that may have to tell of it. */
export type StoredAlert = Omit<ActiveAlert, 'labels'> & {
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
};

/** When an aggregation group is flushed next. */
export interface StoredGroup {
  readonly key: string;
  readonly nextFlush: Timestamp;
  readonly hasFlushed: boolean;
}

/** What a channel was last told of a group. */
export interface LogEntry {
  /** Of the channel and the group. */
  readonly key: string;
  readonly at: Timestamp;
  /** Fingerprints. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  /** When it may be forgotten. */
  readonly expiresAt: Timestamp;
}

/** A notification that is on its way: written before the first attempt, taken out with the entry in the log. */
export interface OutboxItem {
  /** Of the channel and the group, as the log's. */
  readonly key: string;
  readonly channel: string;
  readonly at: Timestamp;
  readonly notification: PlainNotification;
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly repeatInterval: Duration;
  /** How long it is tried. */
  readonly patience: Duration;
}

/** A notification whose label sets are objects. */
export type PlainNotification = Omit<Notification, 'groupLabels' | 'commonLabels' | 'alerts'> & {
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly (Omit<Notification['alerts'][number], 'labels' | 'endsAt'> & {
    readonly labels: Readonly<Record<string, string>>;
    readonly endsAt?: Timestamp | undefined;
  })[];
};

/** What became of one notification. */
export interface HistoryRecord {
  /** Orders records of one time. */
  readonly id: string;
  /** When it was decided. */
  readonly at: Timestamp;
  readonly endedAt: Timestamp;
  readonly channel: string;
  readonly receiver: string;
  readonly groupKey: string;
  readonly status: Notification['status'];
  readonly reason: Notification['reason'];
  readonly outcome: 'delivered' | 'failed';
  readonly attempts: number;
  readonly error: string | undefined;
  readonly idempotencyKey: string;
  readonly alerts: readonly { readonly fingerprint: string; readonly labels: Readonly<Record<string, string>>; readonly status: 'firing' | 'resolved' }[];
}

/** What of the history is wanted; what is undefined leaves nothing out. */
export interface HistoryRequest {
  readonly limit: number;
  /** Only what was decided at or after this time. */
  readonly from?: Timestamp | undefined;
  readonly before?: Timestamp | undefined;
  readonly receiver?: string | undefined;
  readonly channel?: string | undefined;
  readonly outcome?: HistoryRecord['outcome'] | undefined;
  readonly fingerprint?: string | undefined;
  /** Only with an alert that all of them match. */
  readonly matchers?: readonly Matcher[];
}

interface Documents {
  readonly alert: StoredAlert;
  readonly group: StoredGroup;
  readonly log: LogEntry;
  readonly outbox: OutboxItem;
  readonly silence: StoredSilence;
  readonly receiver: StoredReceiver;
  /** Its one key is `aliveAt`. */
  readonly time: Timestamp;
}

export type DocumentKind = keyof Documents;

type Put = { [Kind in DocumentKind]: { readonly put: Kind; readonly key: string; readonly document: Documents[Kind] } }[DocumentKind];

export type StoreChange = Put | { readonly remove: DocumentKind; readonly key: string } | { readonly record: HistoryRecord };
