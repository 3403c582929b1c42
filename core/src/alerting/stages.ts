import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import type { ActiveAlert } from './active-alert.js';
import type { Inhibitor } from './inhibitor.js';
import type { Route } from './route.js';
import type { Silences } from './silences.js';
import { isInside } from './time-interval.js';
import type { NamedIntervals } from './time-interval.js';

/** One time at which an aggregation group is looked at. */
export interface Flush {
  readonly now: Timestamp;
  readonly groupKey: string;
  readonly receiver: string;
  readonly repeatInterval: Duration;
  readonly route: Route;
}

/** The names of what can hold an alert back. */
export type StageName = 'inhibition' | 'time-interval' | 'silence';

/** One question about the alerts of a group; in order, what one holds the next does not see. */
export interface Stage<A> {
  /** The reason in logs, metrics and the API. */
  readonly name: StageName;
  run(flush: Flush, alerts: readonly A[]): Verdict<A>;
}

export interface Verdict<A> {
  readonly pass: readonly A[];
  /** What was held, and by whom: fingerprints of alerts, ids of silences, names of intervals. */
  readonly held: readonly { readonly alert: A; readonly by: readonly string[] }[];
}

/** An alert that a stage held. */
export interface Held {
  readonly alert: ActiveAlert;
  readonly stage: StageName;
  readonly by: readonly string[];
}

/** What the stages look at. */
export interface StageParts {
  readonly inhibitor: Inhibitor;
  readonly intervals: NamedIntervals;
  readonly silences: Silences;
}

/** The stages in order. */
export function stagesOf(parts: StageParts): readonly Stage<ActiveAlert>[] {
  return [inhibition(parts.inhibitor), timeIntervals(parts.intervals), silencing(parts.silences)];
}

/** What passes all stages, and what was held by which. */
export function runStages(stages: readonly Stage<ActiveAlert>[], flush: Flush, alerts: readonly ActiveAlert[]): { pass: readonly ActiveAlert[]; held: readonly Held[] } {
  const held: Held[] = [];
  let pass = alerts;
  for (const stage of stages) {
    if (pass.length === 0) break;
    const verdict = stage.run(flush, pass);
    for (const { alert, by } of verdict.held) held.push({ alert, stage: stage.name, by });
    pass = verdict.pass;
  }
  return { pass, held };
}

function inhibition(inhibitor: Inhibitor): Stage<ActiveAlert> {
  return {
    name: 'inhibition',
    run: ({ now }, alerts) =>
      divide(alerts, ({ labels }) => {
        const source = inhibitor.inhibitedBy(labels, now);
        return source === undefined ? [] : [source.fingerprint];
      }),
  };
}

function timeIntervals(intervals: NamedIntervals): Stage<ActiveAlert> {
  return {
    name: 'time-interval',
    run: ({ now, route }, alerts) => {
      const by = mutingIntervals(route, intervals, now);
      return divide(alerts, () => by);
    },
  };
}

/** The intervals that mute a route at a time; when it is only active at other times, those. */
export function mutingIntervals(route: Route, intervals: NamedIntervals, now: Timestamp): readonly string[] {
  const holds = (name: string): boolean => intervals[name]?.some((interval) => isInside(interval, now)) ?? false;
  const muting = route.muteTimeIntervals.filter(holds);
  if (muting.length > 0 || route.activeTimeIntervals.length === 0) return muting;
  return route.activeTimeIntervals.some(holds) ? [] : route.activeTimeIntervals;
}

function silencing(silences: Silences): Stage<ActiveAlert> {
  return {
    name: 'silence',
    run: ({ now }, alerts) => divide(alerts, ({ labels }) => silences.mutedBy(labels, now)),
  };
}

function divide(alerts: readonly ActiveAlert[], heldBy: (alert: ActiveAlert) => readonly string[]): Verdict<ActiveAlert> {
  const pass: ActiveAlert[] = [];
  const held: { alert: ActiveAlert; by: readonly string[] }[] = [];
  for (const alert of alerts) {
    const by = heldBy(alert);
    if (by.length === 0) pass.push(alert);
    else held.push({ alert, by });
  }
  return { pass, held };
}
