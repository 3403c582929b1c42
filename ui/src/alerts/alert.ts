import type { AlertChangesSubscription, HoldingStage, PendingInstancesQuery } from '../graphql/generated/graphql.js';

export type AlertChanges = AlertChangesSubscription['alertChanges'];

/** An alert of the list: one that notifications are made of, or one that is pending and nobody is told of yet. */
export type Alert = AlertChanges['alerts'][number] & { readonly pending?: true };
type PendingInstance = PendingInstancesQuery['alertInstances'][number];

/** How an alert is for who looks at it: it fires, something holds it back, it may fire soon, or it has ended. */
export type AlertState = 'firing' | 'pending' | 'muted' | 'resolved';

export const alertStates: readonly AlertState[] = ['firing', 'pending', 'muted', 'resolved'];

/** By which stage an alert is held back, in words. */
export const heldText: Readonly<Record<HoldingStage, string>> = {
  INHIBITION: 'inhibited by another alert',
  TIME_INTERVAL: 'muted by a time interval',
  SILENCE: 'silenced',
};

export function stateOf({ resolved, heldBy, pending }: Alert): AlertState {
  if (pending === true) return 'pending';
  if (resolved) return 'resolved';
  return heldBy === null || heldBy === undefined ? 'firing' : 'muted';
}

const rank: Readonly<Record<AlertState, number>> = { firing: 0, pending: 1, muted: 2, resolved: 3 };

/** What fires first, then the newest. */
export function inOrder(alerts: Iterable<Alert>): readonly Alert[] {
  return [...alerts].sort((a, b) => rank[stateOf(a)] - rank[stateOf(b)] || b.startsAt - a.startsAt || (a.fingerprint < b.fingerprint ? -1 : 1));
}

/** What is known after an event: a new map, so that who watches it sees that it changed. */
export function applied(known: ReadonlyMap<string, Alert>, { whole, alerts, gone }: AlertChanges): ReadonlyMap<string, Alert> {
  const next = new Map(whole ? [] : known);
  for (const alert of alerts) next.set(alert.fingerprint, alert);
  for (const fingerprint of gone) next.delete(fingerprint);
  return next;
}

export function pendingAlert({ fingerprint, labels, annotations, activeAt }: PendingInstance): Alert {
  return { fingerprint, labels, annotations, resolved: false, startsAt: activeAt, endsAt: activeAt, generatorUrl: '', heldBy: null, pending: true };
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
  return Object.entries(labels).map(([name, value]) => `${matcherName(name)}=${JSON.stringify(value)}`);
}

/** More values than this are not named one by one. */
const mostValues = 40;

/** Matchers that all of several alerts pass, as narrow as they can be said: labels that are alike, and of others the values that there are. */
export function commonMatchers(alerts: readonly Pick<Alert, 'labels'>[]): string[] {
  const [first, ...others] = alerts;
  if (first === undefined) return [];
  return Object.keys(first.labels).flatMap((name) => {
    if (others.some(({ labels }) => labels[name] === undefined)) return [];
    const values = [...new Set(alerts.map(({ labels }) => labels[name] ?? ''))];
    const [only = ''] = values;
    if (values.length === 1) return [`${matcherName(name)}=${JSON.stringify(only)}`];
    return values.length > mostValues ? [] : [`${matcherName(name)}=~${JSON.stringify(values.map((value) => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'))}`];
  });
}

function matcherName(name: string): string {
  return /^[a-zA-Z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

const texts = new WeakMap<Alert, string>();

/** Whether every word stands in the alert's labels or annotations; `name=value` is one label. */
export function isFound(alert: Alert, search: string): boolean {
  if (search.trim() === '') return true;
  let text = texts.get(alert);
  if (text === undefined) {
    text = [...Object.entries(alert.labels), ...Object.entries(alert.annotations)].map(([name, value]) => `${name}=${value}`).join('\n').toLowerCase();
    texts.set(alert, text);
  }
  const whole = text;
  return search.toLowerCase().trim().split(/\s+/).every((word) => whole.includes(word));
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
