import { Labels, formatMatcher } from '@metrics-dashboard/sdk';
import type { Timestamp } from '@metrics-dashboard/sdk';
import { isResolved } from './active-alert.js';
import type { ActiveAlert } from './active-alert.js';
import type { AlertMessage } from './alert-message.js';
import { silenceState, silences as mutes } from './silence.js';
import type { Silence } from './silence.js';
import type { Silences } from './silences.js';
import type { StoreChange } from './store.js';

/** What care there was. */
export interface Care {
  readonly changes: readonly StoreChange[];
  /** Reminders of silences that end soon, and ends of such: alerts like any other, so the routing tree says who hears them. */
  readonly reminders: readonly AlertMessage[];
  readonly ended: readonly Silence[];
}

/** Looks after the silences that are active: ends those whose alerts have all resolved, where that was asked for, and reminds of an end that is near. */
export function careForSilences(all: Silences, alerts: Iterable<ActiveAlert>, now: Timestamp): Care {
  const cared = all.list().filter((silence) => silenceState(silence, now) === 'active' && (silence.endsWithAlerts || needsReminder(silence, now)));
  if (cared.length === 0) return { changes: [], reminders: [], ended: [] };
  const firing = [...alerts].filter((alert) => !isResolved(alert, now));
  const changes: StoreChange[] = [];
  const reminders: AlertMessage[] = [];
  const ended: Silence[] = [];
  for (const silence of cared) {
    const isMuting = firing.some(({ labels }) => mutes(silence, labels));
    if (silence.endsWithAlerts && isMuting && !silence.hasMuted) changes.push(...all.note(silence.id, { hasMuted: true }).changes);
    if (silence.endsWithAlerts && !isMuting && silence.hasMuted) {
      const change = all.expire(silence.id, now);
      changes.push(...change.changes);
      ended.push(change.silence);
      reminders.push(...reminderEnds(silence, now));
      continue;
    }
    if (!needsReminder(silence, now)) continue;
    changes.push(...all.note(silence.id, { isReminded: true }).changes);
    reminders.push(reminderOf(silence, now));
  }
  return { changes, reminders, ended };
}

/** A reminder of a silence that has ended, or ends at another time now, is over. */
export function reminderEnds(silence: Silence | undefined, now: Timestamp): readonly AlertMessage[] {
  return silence?.isReminded === true && silence.endsAt > now ? [{ ...reminderOf(silence, now), endsAt: now }] : [];
}

function needsReminder({ remindBefore, isReminded, endsAt }: Silence, now: Timestamp): boolean {
  return remindBefore !== undefined && !isReminded && now >= endsAt - remindBefore;
}

function reminderOf(silence: Silence, now: Timestamp): AlertMessage {
  const matchers = silence.matchers.map(formatMatcher).join(',');
  return {
    labels: Labels.of({ alertname: 'SilenceEndsSoon', silence: silence.id, created_by: silence.createdBy, severity: 'info' }),
    annotations: {
      summary: `The silence {${matchers}} ends at ${new Date(silence.endsAt).toISOString()}`,
      description: silence.comment,
    },
    startsAt: now,
    endsAt: silence.endsAt,
    generatorUrl: '',
    receivers: [],
  };
}
