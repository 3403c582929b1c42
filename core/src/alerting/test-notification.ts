import { Labels } from '@metrics-dashboard/sdk';
import type { Notification, Timestamp } from '@metrics-dashboard/sdk';
import { fingerprintOf } from './fingerprint.js';

/** What a channel is tested with: one alert that fires and says what it is. */
export function testNotification(receiver: string, at: Timestamp, externalUrl: string): Notification {
  const labels = Labels.of({ alertname: 'TestNotification', severity: 'info' });
  const annotations = {
    summary: 'This is a test notification',
    description: `Somebody tests the receiver ${JSON.stringify(receiver)}; nothing is wrong.`,
  };
  return {
    receiver,
    groupKey: `test/${receiver}`,
    idempotencyKey: `test/${receiver}/${at}`,
    status: 'firing',
    reason: 'test',
    groupLabels: labels,
    commonLabels: labels,
    commonAnnotations: annotations,
    alerts: [
      {
        labels,
        annotations,
        status: 'firing',
        startsAt: at,
        endsAt: undefined,
        generatorUrl: externalUrl,
        fingerprint: fingerprintOf(labels),
      },
    ],
    omitted: 0,
    externalUrl,
    texts: {},
  };
}
