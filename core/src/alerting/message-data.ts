import type { Alert, Labels, Notification } from '@metrics-dashboard/sdk';
import { timeStruct, ZERO_TIME } from '../template/time-values.js';
import { TemplateStruct, listWith, mapOf } from '../template/value.js';
import type { TemplateFunction, TemplateMap, Value } from '../template/value.js';

/**
 * A notification as the templates of messages see it: the names of Alertmanager, and beside them `.GroupKey`, `.Reason`
 * and `.Omitted`. `escape` is applied to every text that somebody else wrote.
 * Source: https://prometheus.io/docs/alerting/latest/notifications/.
 */
export function messageData(notification: Notification, escape: (text: string) => string): Value {
  return new TemplateStruct('Data', {
    Receiver: escape(notification.receiver),
    Status: notification.status,
    Reason: notification.reason,
    GroupKey: escape(notification.groupKey),
    Alerts: alertList(notification.alerts, escape),
    GroupLabels: pairsOf(objectOf(notification.groupLabels), escape),
    CommonLabels: pairsOf(objectOf(notification.commonLabels), escape),
    CommonAnnotations: pairsOf(notification.commonAnnotations, escape),
    ExternalURL: escape(notification.externalUrl),
    Omitted: BigInt(notification.omitted),
  });
}

function alertList(alerts: readonly Alert[], escape: (text: string) => string): readonly Value[] {
  const some = (status: Alert['status']): TemplateFunction => () => alerts.filter((alert) => alert.status === status).map((alert) => alertData(alert, escape));
  return listWith(
    alerts.map((alert) => alertData(alert, escape)),
    { Firing: some('firing'), Resolved: some('resolved') },
  );
}

function alertData(alert: Alert, escape: (text: string) => string): Value {
  return new TemplateStruct('Alert', {
    Status: alert.status,
    Labels: pairsOf(objectOf(alert.labels), escape),
    Annotations: pairsOf(alert.annotations, escape),
    StartsAt: timeStruct(alert.startsAt),
    EndsAt: timeStruct(alert.endsAt ?? ZERO_TIME),
    GeneratorURL: escape(alert.generatorUrl),
    Fingerprint: alert.fingerprint,
  });
}

function objectOf(labels: Labels): Record<string, string> {
  return labels.toObject();
}

/** Names to values, with the methods `SortedPairs`, `Names`, `Values` and `Remove`. */
function pairsOf(record: Readonly<Record<string, string>>, escape: (text: string) => string): TemplateMap {
  return escapedPairs(Object.fromEntries(Object.entries(record).map(([name, value]) => [escape(name), escape(value)])));
}

function escapedPairs(record: Readonly<Record<string, string>>): TemplateMap {
  return mapOf(record, 'KV', {
    SortedPairs: () => pairList(sortedNames(record), record),
    Names: () => sortedNames(record),
    Values: () => sortedNames(record).map((name) => record[name] ?? ''),
    Remove: (names) => {
      const gone = new Set(Array.isArray(names) ? (names as readonly Value[]) : []);
      return escapedPairs(Object.fromEntries(Object.entries(record).filter(([name]) => !gone.has(name))));
    },
  });
}

function pairList(names: readonly string[], record: Readonly<Record<string, string>>): readonly Value[] {
  const pairs = names.map((name) => new TemplateStruct('Pair', { Name: name, Value: record[name] ?? '' }));
  return listWith(pairs, { Names: () => names, Values: () => names.map((name) => record[name] ?? ''), String: () => names.map((name) => `${name}=${record[name] ?? ''}`).join(', ') });
}

/** The alert's name first, the others by alphabet. */
function sortedNames(record: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.keys(record).sort();
  return names.includes('alertname') ? ['alertname', ...names.filter((name) => name !== 'alertname')] : names;
}
