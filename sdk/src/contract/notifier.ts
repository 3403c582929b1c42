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
  /** The channel's `templates`, expanded for this notification, by the same names. */
  readonly texts: Readonly<Record<string, string>>;
}

/** A text of a channel's configuration in Go's template syntax, as Alertmanager documents it. */
export interface MessageTemplate {
  readonly text: string;
  /** Whether what is expanded is escaped for HTML; by default it is not. */
  readonly html?: boolean;
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
  /** Whether it is told of alerts that have ended; true where it is not said. */
  readonly sendsResolved?: boolean;
  /**
   * What is expanded for each notification into its `texts`, by the path in the channel's configuration: a text that is
   * no template is refused when the channel is opened, with that place.
   */
  readonly templates?: Readonly<Record<string, MessageTemplate>>;
  send(notification: Notification, signal: AbortSignal): Promise<void>;
}
