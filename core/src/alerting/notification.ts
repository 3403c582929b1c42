import { createHash } from 'node:crypto';
import { Labels } from '@metrics-dashboard/sdk';
import type { Alert, Notification } from '@metrics-dashboard/sdk';
import type { LogEntry, PlainNotification } from './store.js';

/** More alerts than this are left out of a message, and counted. */
const MOST_ALERTS = 5000;

export interface NotificationRequest {
  readonly channel: string;
  readonly receiver: string;
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly reason: Notification['reason'];
  readonly alerts: readonly Alert[];
  /** What the channel was told last; part of what makes this notification this one. */
  readonly last: LogEntry | undefined;
  readonly externalUrl: string;
}

/** What a channel is to be told, without the texts of its templates. */
export function notificationOf(request: NotificationRequest): Notification {
  const { alerts } = request;
  const told = alerts.slice(0, MOST_ALERTS);
  return {
    receiver: request.receiver,
    groupKey: request.groupKey,
    idempotencyKey: idempotencyKeyOf(request),
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    reason: request.reason,
    groupLabels: request.groupLabels,
    commonLabels: Labels.of(common(alerts.map(({ labels }) => labels.toObject()))),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    alerts: told,
    omitted: alerts.length - told.length,
    externalUrl: request.externalUrl,
    texts: {},
  };
}

/**
 * Equal when the same is told again of which nobody knows whether it arrived: the same alerts in the same states to a
 * channel that took the same last. A repetition differs in what it took last.
 */
function idempotencyKeyOf({ channel, groupKey, alerts, last }: NotificationRequest): string {
  const states = alerts.map(({ fingerprint, status, startsAt }) => `${fingerprint} ${status} ${startsAt}`).sort();
  return createHash('sha256').update(JSON.stringify([channel, groupKey, last?.at ?? 0, states])).digest('hex').slice(0, 32);
}

/** The pairs that all have. */
function common(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...rest] = all;
  let shared = Object.entries(first);
  for (const one of rest) {
    if (shared.length === 0) break;
    shared = shared.filter(([name, value]) => one[name] === value);
  }
  return Object.fromEntries(shared);
}

/** As plain data. */
export function plainNotification(notification: Notification): PlainNotification {
  return {
    ...notification,
    groupLabels: notification.groupLabels.toObject(),
    commonLabels: notification.commonLabels.toObject(),
    alerts: notification.alerts.map((alert) => ({ ...alert, labels: alert.labels.toObject() })),
  };
}

/** Plain data as what a channel takes. */
export function restoredNotification(plain: PlainNotification): Notification {
  return {
    ...plain,
    groupLabels: Labels.of(plain.groupLabels),
    commonLabels: Labels.of(plain.commonLabels),
    alerts: plain.alerts.map((alert) => ({ ...alert, labels: Labels.of(alert.labels), endsAt: alert.endsAt })),
  };
}
