import { CompensatedSum } from './compensated-sum.js';
import { quantileOf } from './quantile.js';
import { eachWindow, scalarAt } from './range-function.js';
import type { RangeKernel } from './range-function.js';

/** Reused by every window; nothing awaits between its reset and its result. */
const sum = new CompensatedSum();

function total(values: Float64Array, from: number, to: number): number {
  // As CompensatedSum.add does it, in local variables: this is the inner loop of every sum over a window.
  let whole = 0;
  let lost = 0;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    const next = whole + value;
    if (next === Infinity || next === -Infinity) lost = 0;
    else if (Math.abs(whole) >= Math.abs(value)) lost += whole - next + value;
    else lost += value - next + whole;
    whole = next;
  }
  sum.sum = whole;
  sum.lost = lost;
  return whole + lost;
}

/** The sum by the count; where the sum leaves the range of float64, a running mean instead. */
function mean(values: Float64Array, from: number, to: number): number {
  const whole = total(values, from, to);
  if (Number.isFinite(whole)) return sum.sum / (to - from) + sum.lost / (to - from);
  let average = 0;
  let lost = 0;
  for (let i = from, n = 1; i < to; i++, n++) {
    const value = values[i] as number;
    if (!Number.isFinite(average) && (average === value || Number.isFinite(value))) continue;
    const correction = average + lost;
    sum.sum = average;
    sum.lost = lost;
    sum.add(value / n - correction / n);
    average = sum.sum;
    lost = sum.lost;
  }
  return average + lost;
}

export const sumOverTime: RangeKernel = eachWindow(1, ({ values }, from, to) => total(values, from, to));
export const avgOverTime: RangeKernel = eachWindow(1, ({ values }, from, to) => mean(values, from, to));
export const countOverTime: RangeKernel = eachWindow(1, (_windows, from, to) => to - from);
export const presentOverTime: RangeKernel = eachWindow(1, () => 1);
export const firstOverTime: RangeKernel = eachWindow(1, ({ values }, from) => values[from] as number);
export const lastOverTime: RangeKernel = eachWindow(1, ({ values }, _from, to) => values[to - 1] as number);

/** The position of the last smallest sample; NaN counts only where there is nothing else. */
function smallest(values: Float64Array, from: number, to: number): number {
  let found = from;
  for (let i = from + 1; i < to; i++) {
    const least = values[found] as number;
    if ((values[i] as number) <= least || Number.isNaN(least)) found = i;
  }
  return found;
}

function largest(values: Float64Array, from: number, to: number): number {
  let found = from;
  for (let i = from + 1; i < to; i++) {
    const most = values[found] as number;
    if ((values[i] as number) >= most || Number.isNaN(most)) found = i;
  }
  return found;
}

export const minOverTime: RangeKernel = extreme((value, other) => value <= other);
export const maxOverTime: RangeKernel = extreme((value, other) => value >= other);

/**
 * The best value of each window. Both ends of the windows only move forward, so the candidates stay in a queue, each
 * better than those behind it, and every sample enters and leaves it once. NaN is a candidate where there is nothing else.
 */
function extreme(beats: (value: number, other: number) => boolean): RangeKernel {
  return ({ values, from, to, steps }, out, column) => {
    const start = from[0] ?? 0;
    const length = (to[steps - 1] ?? 0) - start;
    const queue = new Int32Array(Math.max(0, length));
    let head = 0;
    let tail = 0;
    let next = start;
    for (let k = 0, cell = column; k < steps; k++, cell += out.width) {
      const first = from[k] as number;
      const end = to[k] as number;
      for (; next < end; next++) {
        const value = values[next] as number;
        if (Number.isNaN(value)) continue;
        while (tail > head && beats(value, values[queue[tail - 1] as number] as number)) tail--;
        queue[tail++] = next;
      }
      while (head < tail && (queue[head] as number) < first) head++;
      if (end <= first) continue;
      out.values[cell] = head < tail ? (values[queue[head] as number] as number) : NaN;
      out.present[cell] = 1;
    }
  };
}

export const timeOfMin: RangeKernel = eachWindow(1, ({ times, values }, from, to) => (times[smallest(values, from, to)] as number) / 1000);
export const timeOfMax: RangeKernel = eachWindow(1, ({ times, values }, from, to) => (times[largest(values, from, to)] as number) / 1000);
export const timeOfFirst: RangeKernel = eachWindow(1, ({ times }, from) => (times[from] as number) / 1000);
export const timeOfLast: RangeKernel = eachWindow(1, ({ times }, _from, to) => (times[to - 1] as number) / 1000);

/** Population variance, by Welford's running mean, both sums compensated. */
function variance(values: Float64Array, from: number, to: number): number {
  const average = new CompensatedSum();
  const squares = new CompensatedSum();
  for (let i = from, n = 1; i < to; i++, n++) {
    const value = values[i] as number;
    const distance = value - average.total;
    average.add(distance / n);
    squares.add(distance * (value - average.total));
  }
  return squares.total / (to - from);
}

export const stdvarOverTime: RangeKernel = eachWindow(1, ({ values }, from, to) => variance(values, from, to));
export const stddevOverTime: RangeKernel = eachWindow(1, ({ values }, from, to) => Math.sqrt(variance(values, from, to)));

export const quantileOverTime: RangeKernel = eachWindow(1, ({ values }, from, to, k, scalars) =>
  quantileOf(scalarAt(scalars, 0, k), values.slice(from, to)),
);

/** The median distance from the median. */
export const madOverTime: RangeKernel = eachWindow(1, ({ values }, from, to) => {
  const window = values.slice(from, to);
  const median = quantileOf(0.5, window);
  return quantileOf(0.5, window.map((value) => Math.abs(value - median)));
});
