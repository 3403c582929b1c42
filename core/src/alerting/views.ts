import type { Labels, Timestamp } from '@metrics-dashboard/sdk';
import { isResolved } from './active-alert.js';
import type { ActiveAlert } from './active-alert.js';
import type { Inhibitor } from './inhibitor.js';
import type { Route } from './route.js';
import { mutingIntervals } from './stages.js';
import type { StageName } from './stages.js';
import type { Silence, SilenceState } from './silence.js';
import type { Silences } from './silences.js';
import type { NamedIntervals } from './time-interval.js';

/** An alert with what becomes of it. */
export interface AlertView extends ActiveAlert {
  readonly isResolved: boolean;
  readonly receiverNames: readonly string[];
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  /** Intervals that mute every route it is told by. */
  readonly mutedBy: readonly string[];
  /** The first of the stages that holds it, or undefined. */
  readonly heldBy: StageName | undefined;
}

/** An aggregation group as the API shows it. */
export interface GroupView {
  readonly key: string;
  readonly groupKey: string;
  readonly receiver: string;
  readonly labels: Labels;
  readonly nextFlush: Timestamp;
  readonly alerts: readonly AlertView[];
}

/** A silence with its state. */
export interface SilenceView extends Silence {
  readonly state: SilenceState;
}

/** What a view of an alert is made from: what is in force now. */
export interface ViewParts {
  readonly routes: readonly Route[];
  readonly inhibitor: Inhibitor;
  readonly silences: Silences;
  readonly intervals: NamedIntervals;
  readonly now: Timestamp;
}

export function viewOf(alert: ActiveAlert, { routes, inhibitor, silences, intervals, now }: ViewParts): AlertView {
  const silencedBy = silences.mutedBy(alert.labels, now);
  const source = inhibitor.inhibitedBy(alert.labels, now);
  const muting = routes.map((route) => mutingIntervals(route, intervals, now));
  const mutedBy = muting.every((names) => names.length > 0) ? [...new Set(muting.flat())] : [];
  return {
    ...alert,
    isResolved: isResolved(alert, now),
    receiverNames: [...new Set(routes.map(({ receiver }) => receiver).filter((name) => name !== ''))],
    silencedBy,
    inhibitedBy: source === undefined ? [] : [source.fingerprint],
    mutedBy,
    heldBy: source !== undefined ? 'inhibition' : mutedBy.length > 0 ? 'time-interval' : silencedBy.length > 0 ? 'silence' : undefined,
  };
}
