import { QueryError } from '@metrics-dashboard/sdk';
import type { Duration, Labels, Timestamp } from '@metrics-dashboard/sdk';
import type { ActiveAlert } from './active-alert.js';
import { fingerprintOf } from './fingerprint.js';

/** What a sender says of one alert. */
export interface AlertMessage {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  /** undefined: now, or its end where that is given. */
  readonly startsAt: Timestamp | undefined;
  /** In the past: it has ended. In the future: it ends then unless it is heard of again. undefined: after the resolve timeout. */
  readonly endsAt: Timestamp | undefined;
  readonly generatorUrl: string;
  /** Receivers that are told instead of those that the routing tree finds; empty: the tree is asked. */
  readonly receivers: readonly string[];
}

/** What is known after the message. Throws a `QueryError` for one that makes no sense. */
export function alertOf(message: AlertMessage, resolveTimeout: Duration, now: Timestamp): ActiveAlert {
  const { labels, endsAt } = message;
  if (labels.size === 0) throw new QueryError('an alert without labels is none');
  const startsAt = message.startsAt ?? endsAt ?? now;
  if (endsAt !== undefined && endsAt < startsAt) {
    throw new QueryError(`the alert ${labels.toString()} ends at ${new Date(endsAt).toISOString()}, before it starts at ${new Date(startsAt).toISOString()}`);
  }
  return {
    labels,
    annotations: message.annotations,
    startsAt,
    endsAt: endsAt ?? now + resolveTimeout,
    isTimeout: endsAt === undefined,
    updatedAt: now,
    generatorUrl: message.generatorUrl,
    fingerprint: fingerprintOf(labels),
    receivers: message.receivers,
  };
}
