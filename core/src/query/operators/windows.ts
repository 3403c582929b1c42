import type { Reads } from './observed.js';
import type { Operator, OutputSeries } from './operator.js';

/** The windows of one series at the steps of a batch. */
export interface Windows {
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Window k holds the samples [from[k], to[k]). */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** The end of window k, included; its start, excluded, is `range` earlier. */
  readonly ends: Float64Array;
  readonly range: number;
  readonly steps: number;
  /** Windows of a batch with one number have the same samples' times; -1: shared with none. */
  readonly group: number;
}

/** Yields the windows of a fixed list of series, a batch of steps at a time. */
export interface WindowSource {
  series(signal: AbortSignal): Promise<readonly OutputSeries[]>;
  /** Visits the series in any order, each once. `lasting`: this is the only batch. The windows are lent for the call. */
  visit(at: Float64Array, lasting: boolean, visitor: (series: number, windows: Windows) => void, signal: AbortSignal): Promise<void>;
  readonly inputs: readonly Operator[];
  readonly range: number;
  /** What it reads from the storage itself; asked after `series`. */
  reads?(): Reads | undefined;
  toString(): string;
}

/** Finds the samples of each window in ascending times; both bounds only ever move forward. */
export function findWindows(times: Float64Array, ends: Float64Array, range: number, from: Int32Array, to: Int32Array): void {
  let low = firstAfter(times, (ends[0] ?? 0) - range);
  let high = low;
  for (let k = 0; k < ends.length; k++) {
    const end = ends[k] as number;
    while (high < times.length && (times[high] as number) <= end) high++;
    while (low < high && (times[low] as number) <= end - range) low++;
    from[k] = low;
    to[k] = high;
  }
}

/** The position of the first of ascending times that is later. */
export function firstAfter(times: Float64Array, at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
