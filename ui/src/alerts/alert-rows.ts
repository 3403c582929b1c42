import type { Alert, AlertState } from './alert.js';
import { stateOf } from './alert.js';

/** A line of the list: the head of a group, or an alert. */
export type AlertRow =
  | { readonly kind: 'group'; readonly key: string; readonly value: string; readonly members: readonly Alert[]; readonly isOpen: boolean }
  | { readonly kind: 'alert'; readonly key: string; readonly alert: Alert };

/** The lines of a list: alerts in their order, put together by a label, groups in the order of their first. Without a label there are no heads. */
export function rowsOf(alerts: readonly Alert[], by: string, closed: ReadonlySet<string>): readonly AlertRow[] {
  if (by === '') return alerts.map((alert) => ({ kind: 'alert', key: alert.fingerprint, alert }));
  const groups = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const value = alert.labels[by] ?? '';
    const members = groups.get(value);
    if (members === undefined) groups.set(value, [alert]);
    else members.push(alert);
  }
  const rows: AlertRow[] = [];
  for (const [value, members] of groups) {
    const isOpen = !closed.has(value);
    rows.push({ kind: 'group', key: `group ${value}`, value, members, isOpen });
    if (isOpen) for (const alert of members) rows.push({ kind: 'alert', key: alert.fingerprint, alert });
  }
  return rows;
}

/** How many alerts are in which state. */
export function countStates(alerts: readonly Alert[]): Readonly<Record<AlertState, number>> {
  const counts = { firing: 0, pending: 0, muted: 0, resolved: 0 };
  for (const alert of alerts) counts[stateOf(alert)]++;
  return counts;
}
