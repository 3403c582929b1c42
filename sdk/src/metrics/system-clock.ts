import type { MetricsClock } from './metric.js';

/** The system's clocks, for programs that have no clock of their own. */
export const systemClock: MetricsClock = {
  now: () => performance.timeOrigin + performance.now(),
  elapsed: () => performance.now(),
};

/** For programs whose clock does not wait. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
