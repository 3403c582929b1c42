import type { AlertGroupsSubscription, HoldingStage } from '../graphql/generated/graphql.js';

export type AlertGroup = AlertGroupsSubscription['alertGroups'][number];
export type Alert = AlertGroup['alerts'][number];

/** How an alert is for who looks at it: it fires, something holds it back, or it has ended. */
export type AlertState = 'firing' | 'muted' | 'resolved';

export const stateText: Readonly<Record<AlertState, string>> = { firing: 'firing', muted: 'muted', resolved: 'resolved' };

/** By which stage an alert is held back, in words. */
export const heldText: Readonly<Record<HoldingStage, string>> = {
  INHIBITION: 'inhibited by another alert',
  TIME_INTERVAL: 'muted by a time interval',
  SILENCE: 'silenced',
};

export function stateOf({ resolved, heldBy }: Alert): AlertState {
  if (resolved) return 'resolved';
  return heldBy === null || heldBy === undefined ? 'firing' : 'muted';
}

/** Each alert once, whichever groups it is in; what fires first, then the newest. */
export function alertsOf(groups: readonly AlertGroup[]): readonly Alert[] {
  const byFingerprint = new Map(groups.flatMap(({ alerts }) => alerts).map((alert) => [alert.fingerprint, alert]));
  const rank = (alert: Alert): number => ({ firing: 0, muted: 1, resolved: 2 })[stateOf(alert)];
  return [...byFingerprint.values()].sort((a, b) => rank(a) - rank(b) || b.startsAt - a.startsAt || (a.fingerprint < b.fingerprint ? -1 : 1));
}

export function nameOf(labels: Readonly<Record<string, string>>): string {
  return labels.alertname ?? 'alert without a name';
}

/** The labels without the name, which stands apart. */
export function otherLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== 'alertname'));
}

/** Matchers that an alert and no other passes, `alertname="Down"`. */
export function matchersOf(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).map(([name, value]) => `${/^[a-zA-Z_]\w*$/.test(name) ? name : JSON.stringify(name)}=${JSON.stringify(value)}`);
}

/** Whether every word stands in the alert's labels or annotations; `name=value` is one label. */
export function isFound({ labels, annotations }: Alert, search: string): boolean {
  const text = [...Object.entries(labels), ...Object.entries(annotations)].map(([name, value]) => `${name}=${value}`).join('\n').toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** The expression in the address where it can be looked at, as Prometheus writes it. */
export function expressionOf(generatorUrl: string): string | undefined {
  const query = generatorUrl.split('?')[1];
  if (query === undefined) return undefined;
  const parameters = new URLSearchParams(query);
  return parameters.get('g0.expr') ?? parameters.get('q') ?? undefined;
}

/** Labels that alerts can be put together by, the most telling first. */
export function groupingLabels(alerts: readonly Alert[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { labels } of alerts) for (const name of Object.keys(labels)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
}
