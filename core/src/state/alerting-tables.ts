import type { Timestamp } from '@metrics-dashboard/sdk';

/** What alerting keeps. */
export interface AlertingTables {
  readonly alerting_documents: AlertingDocumentRow;
  readonly notifications: NotificationRow;
}

/** One alert, aggregation group, silence, entry of the notification log, or notification on its way. All of them are read at the start. */
export interface AlertingDocumentRow {
  /** `alert`, `group`, `log`, `outbox`, `silence`, `time`. */
  readonly kind: string;
  readonly key: string;
  /** JSON of the whole. */
  readonly document: string;
}

/** One notification that has ended, for the history. */
export interface NotificationRow {
  readonly id: string;
  readonly at: Timestamp;
  readonly receiver: string;
  /** The fingerprints of its alerts, with a space around each. */
  readonly fingerprints: string;
  /** JSON of the whole. */
  readonly record: string;
}
