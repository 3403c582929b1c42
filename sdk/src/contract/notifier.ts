import type { Labels } from '../model/labels.js';
import type { Timestamp } from '../model/sample.js';

/** One alert instance, as it is told to people. */
export interface Alert {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: 'firing' | 'resolved';
  readonly startsAt: Timestamp;
  /** When it ended; of a firing alert, undefined. */
  readonly endsAt: Timestamp | undefined;
  /** Where the expression can be looked at. */
  readonly generatorUrl: string;
  /** Equal for equal labels. */
  readonly fingerprint: string;
}

/** What is handed to a channel. */
export interface Notification {
  readonly receiver: string;
  /** Equal for the same group: thread or deduplicate by it. */
  readonly groupKey: string;
  /** Equal for the same notification, a repeated attempt included: what a receiver can drop doubles by. */
  readonly idempotencyKey: string;
  readonly status: 'firing' | 'resolved';
  readonly reason: 'first' | 'new-alerts' | 'some-resolved' | 'all-resolved' | 'repeat' | 'test';
  readonly groupLabels: Labels;
  readonly commonLabels: Labels;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly alerts: readonly Alert[];
  /** Left out because the group was too large. */
  readonly omitted: number;
  /** The address of the user interface. */
  readonly externalUrl: string;
}

/**
 * Delivers. Retrying, deduplicating, time limits and logging are the pipeline's.
 *
 * Obligations:
 *  1. Resolves only when the other side has taken the notification.
 *  2. Rejects with a `DeliveryError` whose `retryable` says whether trying again makes sense.
 *  3. Gives up when the signal aborts.
 *  4. Its error messages contain no secret.
 */
export interface NotifierChannel {
  send(notification: Notification, signal: AbortSignal): Promise<void>;
}
