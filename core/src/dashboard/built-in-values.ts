import { formatDuration } from '@metrics-dashboard/sdk';
import type { Duration } from '@metrics-dashboard/sdk';
import type { VariableValue } from './interpolate.js';

export interface QueryShape {
  readonly step: Duration;
  /** From the first step to the last. */
  readonly range: Duration;
  readonly scrapeInterval: Duration;
}

/**
 * The variables that every query has: `$__interval` is its step, `$__rate_interval` a range that always has at least two
 * samples of a counter in it, `$__range` the whole range, and those in seconds and milliseconds with `_s` and `_ms`.
 */
export function builtInValues({ step, range, scrapeInterval }: QueryShape): readonly VariableValue[] {
  const durations = { __interval: step, __rate_interval: Math.max(step + scrapeInterval, 4 * scrapeInterval), __range: range };
  return Object.entries(durations).flatMap(([name, duration]) => [
    { name, values: [formatDuration(duration)] },
    { name: `${name}_s`, values: [String(Math.round(duration / 1000))] },
    { name: `${name}_ms`, values: [String(duration)] },
  ]);
}
