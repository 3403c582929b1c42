import type { Alert, Notification, Timestamp } from '@metrics-dashboard/sdk';

/** What Alertmanager writes for the end of an alert that is still firing. */
const NO_TIME = '0001-01-01T00:00:00Z';

/**
 * A notification as the JSON body that Alertmanager's webhooks send, version 4.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config.
 */
export function messageOfNotification(notification: Notification, maxAlerts: number): string {
  const alerts = maxAlerts > 0 ? notification.alerts.slice(0, maxAlerts) : notification.alerts;
  return JSON.stringify({
    version: '4',
    groupKey: notification.groupKey,
    truncatedAlerts: notification.omitted + notification.alerts.length - alerts.length,
    status: notification.status,
    receiver: notification.receiver,
    groupLabels: notification.groupLabels,
    commonLabels: notification.commonLabels,
    commonAnnotations: notification.commonAnnotations,
    externalURL: notification.externalUrl,
    alerts: alerts.map(alertMessage),
  });
}

function alertMessage(alert: Alert): unknown {
  return {
    status: alert.status,
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: timeText(alert.startsAt),
    endsAt: alert.endsAt === undefined ? NO_TIME : timeText(alert.endsAt),
    generatorURL: alert.generatorUrl,
    fingerprint: alert.fingerprint,
  };
}

function timeText(at: Timestamp): string {
  return new Date(at).toISOString();
}
