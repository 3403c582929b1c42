import type { Windows } from '../operators/windows.js';
import { CompensatedSum } from './compensated-sum.js';
import { eachWindow, scalarAt } from './range-function.js';
import type { RangeKernel } from './range-function.js';

/** A line through a window's samples: value at `origin`, and change per second. */
interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** Simple linear regression by least squares, the time counted in seconds from `origin`. */
function fit({ times, values }: Windows, from: number, to: number, origin: number): Line {
  const first = values[from] as number;
  const n = to - from;
  const x = new CompensatedSum();
  const y = new CompensatedSum();
  const xy = new CompensatedSum();
  const xx = new CompensatedSum();
  let constant = true;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    constant &&= value === first;
    const at = ((times[i] as number) - origin) / 1000;
    x.add(at);
    y.add(value);
    xy.add(at * value);
    xx.add(at * at);
  }
  if (constant) return Number.isFinite(first) ? { slope: 0, intercept: first } : { slope: NaN, intercept: NaN };
  const covariance = xy.total - (x.total * y.total) / n;
  const variance = xx.total - (x.total * x.total) / n;
  const slope = covariance / variance;
  return { slope, intercept: y.total / n - (slope * x.total) / n };
}

export const deriv: RangeKernel = eachWindow(2, (windows, from, to) => fit(windows, from, to, windows.times[from] as number).slope);

/** Where the line leads, so many seconds after the evaluation time; `at` holds the evaluation times. */
export function predictLinear(at: Float64Array): RangeKernel {
  return eachWindow(2, (windows, from, to, k, scalars) => {
    const { slope, intercept } = fit(windows, from, to, at[k] as number);
    return slope * scalarAt(scalars, 0, k) + intercept;
  });
}

/** Holt and Winters' smoothing with a trend. */
export const doubleExponentialSmoothing: RangeKernel = eachWindow(2, ({ values }, from, to, k, scalars) => {
  const smoothing = scalarAt(scalars, 0, k);
  const trending = scalarAt(scalars, 1, k);
  let before = 0;
  let level = values[from] as number;
  let trend = (values[from + 1] as number) - level;
  for (let i = from + 1; i < to; i++) {
    if (i > from + 1) trend = trending * (level - before) + (1 - trending) * trend;
    before = level;
    level = smoothing * (values[i] as number) + (1 - smoothing) * (level + trend);
  }
  return level;
});
