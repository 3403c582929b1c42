import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Windows } from '../operators/windows.js';
import { eachWindow } from './range-function.js';
import type { RangeKernel } from './range-function.js';

/**
 * What the extrapolation of a window depends on besides the values: series with the same timestamps share it. All in
 * seconds; `factor` is what a difference is multiplied with unless the counter would have been negative.
 */
interface Reach {
  readonly sampled: Float64Array;
  readonly toStart: Float64Array;
  readonly toEnd: Float64Array;
  readonly factor: Float64Array;
  /** Up to which share of the difference the first value may be near zero; a little wider than what rounding can do. */
  readonly nearZero: Float64Array;
  /** The window's length for a rate, 1 for a difference. */
  readonly divisor: number;
}

/**
 * `rate`, `increase` and `delta`: the difference between the ends of a window, extrapolated to where the window ends
 * when its samples come close enough, or else by half an average interval. The kernel is for one batch.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#rate.
 */
export function extrapolation(isCounter: boolean, perSecond: boolean): RangeKernel {
  let group = -1;
  let reach: Reach | undefined;
  return (windows, out, column) => {
    if (reach === undefined || windows.group < 0 || windows.group !== group) reach = reachOf(windows, perSecond);
    group = windows.group;
    extrapolate(windows, reach, out, column, isCounter);
  };
}

function reachOf({ times, from, to, ends, range, steps }: Windows, perSecond: boolean): Reach {
  const divisor = perSecond ? range / 1000 : 1;
  const reach = { sampled: new Float64Array(steps), toStart: new Float64Array(steps), toEnd: new Float64Array(steps), factor: new Float64Array(steps), nearZero: new Float64Array(steps), divisor };
  for (let k = 0; k < steps; k++) {
    const first = from[k] as number;
    const last = (to[k] as number) - 1;
    if (last <= first) continue;
    const end = ends[k] as number;
    const sampled = ((times[last] as number) - (times[first] as number)) / 1000;
    let toStart = ((times[first] as number) - (end - range)) / 1000;
    let toEnd = (end - (times[last] as number)) / 1000;
    const average = sampled / (last - first);
    if (toStart >= average * 1.1) toStart = average / 2;
    if (toEnd >= average * 1.1) toEnd = average / 2;
    reach.sampled[k] = sampled;
    reach.toStart[k] = toStart;
    reach.toEnd[k] = toEnd;
    reach.nearZero[k] = (1 + 1e-9) * (toStart / sampled);
    reach.factor[k] = (sampled + toStart + toEnd) / sampled / divisor;
  }
  return reach;
}

function extrapolate({ values, from, to, steps }: Windows, reach: Reach, out: StepBatch, column: number, isCounter: boolean): void {
  const { nearZero, factor } = reach;
  const { width, values: results, present } = out;
  const resets = isCounter ? resetsOf(values, from[0] ?? 0, to[steps - 1] ?? 0) : NO_RESETS;
  let nextReset = 0;
  for (let k = 0, cell = column; k < steps; k++, cell += width) {
    const first = from[k] as number;
    const last = (to[k] as number) - 1;
    if (last <= first) continue;
    const start = values[first] as number;
    let difference = (values[last] as number) - start;
    if (nextReset < resets.length) {
      while (nextReset < resets.length && (resets[nextReset] as number) <= first) nextReset++;
      for (let r = nextReset; r < resets.length && (resets[r] as number) <= last; r++) difference += values[(resets[r] as number) - 1] as number;
    }
    // Most counters are far from zero. What comes near is looked at as it is written down, with its rounding.
    const isNearZero = isCounter && difference > 0 && start >= 0 && start <= difference * (nearZero[k] as number);
    results[cell] = difference * (isNearZero ? cappedAtZero(reach, k, start / difference) : (factor[k] as number));
    present[cell] = 1;
  }
}

/**
 * A counter can't have been below zero, so it is not extrapolated beyond where it would have been zero. `share` is how
 * much of the difference the window's first value is.
 */
function cappedAtZero({ sampled, toStart, toEnd, factor, divisor }: Reach, k: number, share: number): number {
  const length = sampled[k] as number;
  const toZero = length * share;
  if (!(toZero < (toStart[k] as number))) return factor[k] as number;
  return (length + toZero + (toEnd[k] as number)) / length / divisor;
}

const NO_RESETS: readonly number[] = [];

/** The positions in [from, to) of samples that are smaller than the one before. */
function resetsOf(values: Float64Array, from: number, to: number): readonly number[] {
  let found: number[] | undefined;
  let before = values[from] as number;
  for (let i = from + 1; i < to; i++) {
    const value = values[i] as number;
    if (value < before) (found ??= []).push(i);
    before = value;
  }
  return found ?? NO_RESETS;
}

/** The last two samples' difference, by their distance in seconds; a counter that fell started again at zero. */
export const irate: RangeKernel = eachWindow(2, ({ times, values }, _from, to) => {
  const last = values[to - 1] as number;
  const before = values[to - 2] as number;
  const interval = (times[to - 1] as number) - (times[to - 2] as number);
  return (last < before ? last : last - before) / (interval / 1000);
});

export const idelta: RangeKernel = eachWindow(2, ({ values }, _from, to) => (values[to - 1] as number) - (values[to - 2] as number));

/** Whether a counter started again. */
export function isReset(value: number, before: number): boolean {
  return value < before;
}

/** A NaN that stays is no change. */
export function isChange(value: number, before: number): boolean {
  return value !== before && !(Number.isNaN(value) && Number.isNaN(before));
}

export const resets: RangeKernel = counting(isReset);
export const changes: RangeKernel = counting(isChange);

/** How often something happened from one sample of a window to the next. */
function counting(counts: (value: number, before: number) => boolean): RangeKernel {
  return eachWindow(1, ({ values }, from, to) => {
    let count = 0;
    for (let i = from + 1; i < to; i++) if (counts(values[i] as number, values[i - 1] as number)) count++;
    return count;
  });
}
