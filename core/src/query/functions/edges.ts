import type { Windows } from '../operators/windows.js';
import type { Edges } from '../language/ast.js';
import type { RangeKernel } from './range-function.js';

/**
 * Range functions over windows whose samples reach beyond their edges.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/basics/ («anchored and smoothed»).
 *
 *        first                     last
 *     ─────●────┃──●─────●─────●──┃──●─────
 *             start              end
 *
 * `first` is the last sample at or before the start, where there is one; `last` the last one up to the end or, where
 * edges are smoothed, the first at or after it, where there is one.
 */
interface Reach {
  readonly first: number;
  readonly last: number;
}

/** The samples between which a window's edges lie; undefined where every sample is before the window. */
function reachOf({ times, ends, range }: Windows, from: number, to: number, k: number, smoothed: boolean): Reach | undefined {
  const end = ends[k] as number;
  const start = end - range;
  let first = from;
  while (first + 1 < to && (times[first + 1] as number) <= start) first++;
  let last = to - 1;
  if (smoothed) while (last - 1 >= from && (times[last - 1] as number) >= end) last--;
  return (times[last] as number) <= start ? undefined : { first: Math.min(first, last), last };
}

/** The value on the line between two samples. A counter that fell in between started again at zero. */
export function interpolate({ times, values }: Pick<Windows, 'times' | 'values'>, left: number, at: number, isCounter: boolean): number {
  const after = values[left + 1] as number;
  const before = isCounter && after < (values[left] as number) ? 0 : (values[left] as number);
  const since = times[left] as number;
  return before + ((after - before) * (at - since)) / ((times[left + 1] as number) - since);
}

export interface EdgedDifference {
  readonly edges: Edges;
  readonly isCounter: boolean;
  readonly perSecond: boolean;
}

/** `rate`, `increase` and `delta` between the values at the edges; nothing is extrapolated. */
export function edgedDifference({ edges, isCounter, perSecond }: EdgedDifference): RangeKernel {
  const smoothed = edges === 'smoothed';
  return edged(smoothed, (windows, { first, last }, k) => {
    const { times, values, range } = windows;
    const end = windows.ends[k] as number;
    const start = end - range;
    const left = smoothed && last > first && (times[first] as number) < start ? interpolate(windows, first, start, isCounter) : (values[first] as number);
    const right = smoothed && last > first && (times[last] as number) > end ? interpolate(windows, last - 1, end, isCounter) : (values[last] as number);
    const difference = right - left + (isCounter ? fallen(values, first + 1, last, left, right) : 0);
    return perSecond ? difference / (range / 1000) : difference;
  });
}

/** What a counter lost by its resets between two values. */
function fallen(values: Float64Array, from: number, to: number, left: number, right: number): number {
  let lost = 0;
  let before = left;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    if (value < before) lost += before;
    before = value;
  }
  return right < before ? lost + before : lost;
}

/** How often a value changed or a counter fell, the sample before the window counted in. */
export function anchoredCount(counts: (value: number, before: number) => boolean): RangeKernel {
  return edged(false, ({ values }, { first, last }) => {
    let count = 0;
    for (let i = first + 1; i <= last; i++) if (counts(values[i] as number, values[i - 1] as number)) count++;
    return count;
  });
}

/** As `eachWindow`, without a result where no sample is inside the reach. */
function edged(smoothed: boolean, compute: (windows: Windows, reach: Reach, k: number) => number): RangeKernel {
  return (windows, out, column) => {
    for (let k = 0, cell = column; k < windows.steps; k++, cell += out.width) {
      const from = windows.from[k] as number;
      const to = windows.to[k] as number;
      const reach = from < to ? reachOf(windows, from, to, k, smoothed) : undefined;
      if (reach === undefined) continue;
      out.values[cell] = compute(windows, reach, k);
      out.present[cell] = 1;
    }
  };
}
