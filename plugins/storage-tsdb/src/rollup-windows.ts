import { isStale } from '@metrics-dashboard/sdk';
import type { Column, Duration } from '@metrics-dashboard/sdk';

/**
 * A rollup's windows are left-open, `((k-1)·r, k·r]`, and named by their end. What is stored of one is a matter of its own
 * samples alone, so that late samples and deletions never reach into a neighbour:
 *
 *     min max sum count   of all samples but staleness markers; NaN counts, and is the least and greatest only where all are
 *     first last          the values of the first and the last sample
 *     increaseWithin      the steps between neighbouring samples, one down being a reset that starts at 0
 *     firstTime lastTime  how long before the window's end those two were
 *
 * `increase` is `increaseWithin` and the step from the sample before the window, which readers add: `rollup-set.ts`.
 */
export const STORED_COLUMNS = [
  'min',
  'max',
  'sum',
  'count',
  'first',
  'last',
  'increaseWithin',
  'firstTime',
  'lastTime',
] as const satisfies readonly Column[];

export const MIN = 0;
export const MAX = 1;
export const SUM = 2;
export const COUNT = 3;
export const FIRST = 4;
export const LAST = 5;
export const WITHIN = 6;
export const FIRST_TIME = 7;
export const LAST_TIME = 8;
const COLUMNS = STORED_COLUMNS.length;

/** The end of the window that holds a time. */
export function windowEnd(time: number, resolution: Duration): number {
  return Math.ceil(time / resolution) * resolution;
}

/** By how much a counter rose from one sample to the next: a fall is a reset, after which it began at 0. */
export function step(before: number, value: number): number {
  return value < before ? value : value - before;
}

/** The windows of one series, oldest first; used again for the next one. */
export class Windows {
  count = 0;
  #ends = new Float64Array(64);
  readonly #columns: Float64Array[] = Array.from({ length: COLUMNS }, () => new Float64Array(64));

  clear(): void {
    this.count = 0;
  }

  get ends(): Float64Array {
    return this.#ends;
  }

  column(number: number): Float64Array {
    return this.#columns[number] as Float64Array;
  }

  /** Makes room for a window after the last one and answers its row; its columns are the caller's to fill. */
  add(end: number): number {
    if (this.count === this.#ends.length) this.#grow();
    this.#ends[this.count] = end;
    return this.count++;
  }

  /** Adds the windows of samples, which are in the order of time and later than all windows there are. */
  addSamples(times: Float64Array, values: Float64Array, count: number, resolution: Duration): void {
    for (let from = 0; from < count; ) {
      const end = windowEnd(times[from] as number, resolution);
      let after = from + 1;
      while (after < count && (times[after] as number) <= end) after++;
      this.#addWindow(end, times, values, from, after);
      from = after;
    }
  }

  /** Adds a copy of a window of others. */
  addCopy(from: Windows, row: number): void {
    const to = this.add(from.ends[row] as number);
    for (let column = 0; column < COLUMNS; column++) this.column(column)[to] = from.column(column)[row] as number;
  }

  /**
   * Adds one window of two that have the same end, of which no sample is in both. What lies between the samples of both is
   * gone, so samples of one between the first and last of the other add nothing to its increase: right for a counter that
   * was not reset there.
   */
  addMerged(a: Windows, rowA: number, b: Windows, rowB: number): void {
    const x = (column: number): number => a.column(column)[rowA] as number;
    const y = (column: number): number => b.column(column)[rowB] as number;
    const to = this.add(a.ends[rowA] as number);
    const put = (column: number, value: number): void => {
      this.column(column)[to] = value;
    };
    put(MIN, least(x(MIN), y(MIN)));
    put(MAX, -least(-x(MAX), -y(MAX)));
    put(SUM, x(SUM) + y(SUM));
    put(COUNT, x(COUNT) + y(COUNT));
    // The times are distances to the end: the larger is the earlier.
    const isAFirst = x(FIRST_TIME) >= y(FIRST_TIME);
    const isALast = x(LAST_TIME) <= y(LAST_TIME);
    put(FIRST, isAFirst ? x(FIRST) : y(FIRST));
    put(FIRST_TIME, Math.max(x(FIRST_TIME), y(FIRST_TIME)));
    put(LAST, isALast ? x(LAST) : y(LAST));
    put(LAST_TIME, Math.min(x(LAST_TIME), y(LAST_TIME)));
    put(WITHIN, mergedIncrease(x, y));
  }

  #addWindow(end: number, times: Float64Array, values: Float64Array, from: number, after: number): void {
    let row = -1;
    let last = 0;
    let sum = 0;
    let lost = 0;
    let samples = 0;
    let within = 0;
    let min = NaN;
    let max = NaN;
    let counterBefore = NaN;
    for (let i = from; i < after; i++) {
      const value = values[i] as number;
      if (isStale(value)) continue;
      if (row < 0) {
        row = this.add(end);
        this.column(FIRST)[row] = value;
        this.column(FIRST_TIME)[row] = end - (times[i] as number);
      }
      samples++;
      // Neumaier's sum: what rounding loses is added at the end.
      const next = sum + value;
      lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
      sum = next;
      if (!(min <= value)) min = value === value ? value : min;
      if (!(max >= value)) max = value === value ? value : max;
      if (value === value) {
        if (counterBefore === counterBefore) within += step(counterBefore, value);
        counterBefore = value;
      }
      last = i;
    }
    if (row < 0) return;
    this.column(MIN)[row] = min;
    this.column(MAX)[row] = max;
    this.column(SUM)[row] = Number.isFinite(lost) ? sum + lost : sum;
    this.column(COUNT)[row] = samples;
    this.column(LAST)[row] = values[last] as number;
    this.column(LAST_TIME)[row] = end - (times[last] as number);
    this.column(WITHIN)[row] = within;
  }

  #grow(): void {
    const enlarged = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const larger = new Float64Array(column.length * 2);
      larger.set(column);
      return larger;
    };
    this.#ends = enlarged(this.#ends);
    this.#columns.forEach((column, i) => (this.#columns[i] = enlarged(column)));
  }
}

function least(a: number, b: number): number {
  if (a !== a) return b;
  return b < a ? b : a;
}

/** The increase inside a window of the samples of two. */
function mergedIncrease(x: (column: number) => number, y: (column: number) => number): number {
  const [early, late] = x(FIRST_TIME) >= y(FIRST_TIME) ? [x, y] : [y, x];
  if (late(FIRST_TIME) < early(LAST_TIME)) {
    const between = step(early(LAST), late(FIRST));
    return early(WITHIN) + (between === between ? between : 0) + late(WITHIN);
  }
  // They are mixed: the one with more samples knows more of the way, and the other may reach beyond its end.
  const [more, fewer] = x(COUNT) >= y(COUNT) ? [x, y] : [y, x];
  const before = fewer(FIRST_TIME) > more(FIRST_TIME) ? step(fewer(FIRST), more(FIRST)) : 0;
  const after = fewer(LAST_TIME) < more(LAST_TIME) ? step(more(LAST), fewer(LAST)) : 0;
  return more(WITHIN) + (before === before ? before : 0) + (after === after ? after : 0);
}
