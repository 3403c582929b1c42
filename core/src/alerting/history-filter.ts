import { Labels, matchesAll } from '@metrics-dashboard/sdk';
import type { HistoryRecord, HistoryRequest } from './store.js';

/** Whether a notification is among those that are asked for. */
export function isAskedFor(record: HistoryRecord, { from, before, receiver, channel, outcome, fingerprint, matchers = [] }: HistoryRequest): boolean {
  if (from !== undefined && record.at < from) return false;
  if (before !== undefined && record.at >= before) return false;
  if (receiver !== undefined && record.receiver !== receiver) return false;
  if (channel !== undefined && record.channel !== channel) return false;
  if (outcome !== undefined && record.outcome !== outcome) return false;
  if (fingerprint !== undefined && !record.alerts.some((alert) => alert.fingerprint === fingerprint)) return false;
  return matchers.length === 0 || record.alerts.some(({ labels }) => matchesAll(matchers, Labels.of(labels)));
}
