import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Windows } from '../operators/windows.js';
import { eachWindow } from './range-function.js';
import type { RangeKernel } from './range-function.js';

/**
 * `rate`, `increase` and `delta`: the difference between the ends of a window, extrapolated to where the window ends
 * when its samples come close enough, or else by half an average interval.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#rate.
 */
export const rate: RangeKernel = (windows, out, column) => extrapolate(windows, out, column, true, true);
export const increase: RangeKernel = (windows, out, column) => extrapolate(windows, out, column, true, false);
export const delta: RangeKernel = (windows, out, column) => extrapolate(windows, out, column, false, false);

function extrapolate(windows: Windows, out: StepBatch, column: number, isCounter: boolean, perSecond: boolean): void {
  const { times, values, from, to, ends, range, steps } = windows;
  const resets = isCounter ? resetsOf(values) : NO_RESETS;
  let nextReset = 0;
  for (let k = 0, cell = column; k < steps; k++, cell += out.width) {
    const first = from[k] as number;
    const last = (to[k] as number) - 1;
    if (last <= first) continue;
    const firstValue = values[first] as number;
    let difference = (values[last] as number) - firstValue;
    while (nextReset < resets.length && (resets[nextReset] as number) <= first) nextReset++;
    for (let r = nextReset; r < resets.length && (resets[r] as number) <= last; r++) difference += values[(resets[r] as number) - 1] as number;

    const end = ends[k] as number;
    const firstTime = times[first] as number;
    const lastTime = times[last] as number;
    let toStart = (firstTime - (end - range)) / 1000;
    let toEnd = (end - lastTime) / 1000;
    const sampled = (lastTime - firstTime) / 1000;
    const average = sampled / (last - first);
    const threshold = average * 1.1;
    if (toStart >= threshold) toStart = average / 2;
    if (isCounter && difference > 0 && firstValue >= 0) {
      // A counter can't have been below zero, so it is not extrapolated beyond where it would have been zero.
      const toZero = sampled * (firstValue / difference);
      if (toZero < toStart) toStart = toZero;
    }
    if (toEnd >= threshold) toEnd = average / 2;
    let factor = (sampled + toStart + toEnd) / sampled;
    if (perSecond) factor /= range / 1000;
    out.values[cell] = difference * factor;
    out.present[cell] = 1;
  }
}

const NO_RESETS: readonly number[] = [];

/** The positions of samples that are smaller than the one before. */
function resetsOf(values: Float64Array): readonly number[] {
  const found: number[] = [];
  for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[i - 1] as number)) found.push(i);
  return found;
}

/** The last two samples' difference, by their distance in seconds; a counter that fell started again at zero. */
export const irate: RangeKernel = eachWindow(2, ({ times, values }, _from, to) => {
  const last = values[to - 1] as number;
  const before = values[to - 2] as number;
  const interval = (times[to - 1] as number) - (times[to - 2] as number);
  return (last < before ? last : last - before) / (interval / 1000);
});

export const idelta: RangeKernel = eachWindow(2, ({ values }, _from, to) => (values[to - 1] as number) - (values[to - 2] as number));

export const resets: RangeKernel = eachWindow(1, ({ values }, from, to) => {
  let count = 0;
  for (let i = from + 1; i < to; i++) if ((values[i] as number) < (values[i - 1] as number)) count++;
  return count;
});

/** How often the value changed; a NaN that stays is no change. */
export const changes: RangeKernel = eachWindow(1, ({ values }, from, to) => {
  let count = 0;
  for (let i = from + 1; i < to; i++) {
    const value = values[i] as number;
    const before = values[i - 1] as number;
    if (value !== before && !(Number.isNaN(value) && Number.isNaN(before))) count++;
  }
  return count;
});
