import type { TimeRangeState } from './useTimeRange.js';

/** Points a series of a small line. */
const tilePoints = 80;
const leastPoints = 100;
const mostPoints = 500;

/**
 * How many points a series are worth asking for: half the width in pixels, rounded, so that small changes of width ask for nothing new.
 * A window that moves at a pace of the page's own choice has no finer steps than that pace. Zero while the width is not known.
 */
export function pointBudget(width: number, kind: 'chart' | 'tile', { window, refresh, interval }: Pick<TimeRangeState, 'window' | 'refresh' | 'interval'>): number {
  if (width === 0) return 0;
  const drawn = kind === 'tile' ? tilePoints : Math.min(mostPoints, Math.max(leastPoints, Math.round(width / 200) * 100));
  if (window.value === undefined || refresh.value !== 'auto' || interval.value === undefined) return drawn;
  // Both ends of a window are steps.
  return Math.max(2, Math.min(drawn, Math.floor(window.value / interval.value) + 1));
}
