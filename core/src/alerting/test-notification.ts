import { Labels } from '@metrics-dashboard/sdk';
import type { Alert, Notification, Timestamp } from '@metrics-dashboard/sdk';
import { fingerprintOf } from './fingerprint.js';
import { notificationOf } from './notification.js';
import { groupLabelsAt, matchRoutes } from './route.js';
import type { Route } from './route.js';

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

/** What a receiver would be told if these alerts were one group; the labels of the group are those of the first one's. */
export function sampleNotification(receiver: string, alerts: readonly Alert[], root: Route, externalUrl: string): Notification {
  const labels = alerts[0]?.labels ?? Labels.EMPTY;
  const [route = root] = matchRoutes(root, labels);
  return notificationOf({ channel: 'sample', receiver, groupKey: `sample/${receiver}`, groupLabels: groupLabelsAt(route, labels), reason: 'first', alerts, last: undefined, externalUrl });
}
