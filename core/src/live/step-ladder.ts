import type { Duration } from '@metrics-dashboard/sdk';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The steps that live queries use, finest first. There are few of them, so that viewers whose windows are drawn at
 * slightly different widths still share one evaluation; and each is on the grid of the clock.
 */
export const STEP_LADDER: readonly Duration[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 6, 12].map((count) => count * HOUR),
  DAY,
];

/** The finest step that covers a window with at most `maxPoints` points, both ends counted; past the ladder, whole days. */
export function stepFor(window: Duration, maxPoints: number): Duration {
  const least = window / Math.max(1, maxPoints - 1);
  return STEP_LADDER.find((step) => step >= least) ?? Math.ceil(least / DAY) * DAY;
}
