/** A sample of a window: its time in milliseconds, and its value. */
export type Sample = readonly [time: number, value: number];

/** The samples of one series in (end - range, end]; there is at least one. */
export interface Window {
  readonly samples: readonly Sample[];
  readonly end: number;
  readonly range: number;
}

/**
 * What is added to a value before it jumps, as in `floor`, a comparison, a reset, or a power of a negative number: nothing, but where a difference of two
 * evaluators is looked into, which may come of the last bit of a value. `anywhere` tells that something jumped to where no bound can be given.
 */
export const jumps = { tilt: 0, anywhere: false };
export const tilted = (value: number): number => (jumps.tilt === 0 ? value : value + jumps.tilt * Math.max(1, Math.abs(value)));

/** Makes one value of a window, or none; `parameters` are the scalars of the call. */
export type WindowFunction = (window: Window, parameters: readonly number[]) => number | undefined;

const valuesOf = ({ samples }: Window): number[] => samples.map(([, value]) => value);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const first = ({ samples }: Window): Sample => samples[0] as Sample;
const last = ({ samples }: Window): Sample => samples[samples.length - 1] as Sample;

/** The least and the greatest number; NaN only where there is nothing else. */
export const least = (values: readonly number[]): number => values.reduce((a, b) => (Number.isNaN(a) || b < a ? b : a));
export const greatest = (values: readonly number[]): number => values.reduce((a, b) => (Number.isNaN(a) || b > a ? b : a));

export function variance(values: readonly number[]): number {
  // Seen from the first value, so that what does not vary has a variance of exactly 0.
  const [start = NaN] = values;
  const middle = start + mean(values.map((value) => value - start));
  return mean(values.map((value) => (value - middle) ** 2));
}

/** What an aggregation that is not the language's own makes: from the least value to the greatest. */
export const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/** The φ-quantile, between the two values next to it; NaN is less than every number. */
export function quantile(phi: number, values: readonly number[]): number {
  if (Number.isNaN(phi)) return NaN;
  if (phi < 0 || phi > 1) return phi < 0 ? -Infinity : Infinity;
  const sorted = [...values.filter(Number.isNaN), ...values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b)];
  const rank = phi * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] as number;
  const high = sorted[Math.min(sorted.length - 1, Math.floor(rank) + 1)] as number;
  const share = rank - Math.floor(rank);
  return low * (1 - share) + high * share;
}

/** As the manual tells it: https://prometheus.io/docs/prometheus/latest/querying/functions/#rate. */
function extrapolated(window: Window, isCounter: boolean, perSecond: boolean): number | undefined {
  const { samples, end, range } = window;
  if (samples.length < 2) return undefined;
  const [firstTime, firstValue] = first(window);
  const [lastTime, lastValue] = last(window);
  let rise = lastValue - firstValue;
  samples.forEach(([, value], i) => {
    const before = samples[i - 1]?.[1];
    if (isCounter && before !== undefined && tilted(value) < before) rise += before;
  });
  const covered = (lastTime - firstTime) / 1000;
  const average = covered / (samples.length - 1);
  let toStart = (firstTime - (end - range)) / 1000;
  let toEnd = (end - lastTime) / 1000;
  if (toStart >= 1.1 * average) toStart = average / 2;
  if (toEnd >= 1.1 * average) toEnd = average / 2;
  if (isCounter && rise > 0 && firstValue >= 0) toStart = Math.min(toStart, covered * (firstValue / rise));
  const factor = (covered + toStart + toEnd) / covered;
  return rise * (perSecond ? factor / (range / 1000) : factor);
}

/** The line of least squares through a window, as seen from a time: its value there and its slope a second. */
function line({ samples }: Window, at: number): { value: number; slope: number } | undefined {
  if (samples.length < 2) return undefined;
  const xs = samples.map(([time]) => (time - at) / 1000);
  const ys = samples.map(([, value]) => value);
  const [x, y] = [mean(xs), mean(ys)];
  const slope = sum(xs.map((one, i) => (one - x) * ((ys[i] as number) - y))) / sum(xs.map((one) => (one - x) ** 2));
  return { value: y - slope * x, slope };
}

/** Holt's linear method, by smoothing factors of level and trend. */
function smoothed(values: readonly number[], levelFactor: number, trendFactor: number): number | undefined {
  const [start = NaN, second = NaN] = values;
  if (values.length < 2) return undefined;
  let before = 0;
  let level = start;
  let trend = second - start;
  for (let i = 1; i < values.length; i++) {
    if (i > 1) trend = trendFactor * (level - before) + (1 - trendFactor) * trend;
    const next = levelFactor * (values[i] as number) + (1 - levelFactor) * (level + trend);
    before = level;
    level = next;
  }
  return level;
}

function lastTwo(window: Window, compute: (a: Sample, b: Sample) => number): number | undefined {
  const before = window.samples.at(-2);
  return before === undefined ? undefined : compute(before, last(window));
}

function count(values: readonly number[], counts: (value: number, before: number) => boolean): number {
  return values.filter((value, i) => i > 0 && counts(value, values[i - 1] as number)).length;
}

function isUnchanged(value: number, before: number): boolean {
  return Object.is(value + 0, before + 0) || (jumps.tilt !== 0 && Math.abs(value - before) <= Math.abs(tilted(value) - value));
}

function timeOf({ samples }: Window, beats: (value: number, other: number) => boolean): number {
  const found = samples.reduce((best, one) => (beats(one[1], best[1]) || Number.isNaN(best[1]) ? one : best));
  return found[0] / 1000;
}

/** The range functions by name; none of them is written with speed in mind. */
export const WINDOW_FUNCTIONS: Readonly<Record<string, WindowFunction>> = {
  sum_over_time: (window) => sum(valuesOf(window)),
  avg_over_time: (window) => mean(valuesOf(window)),
  min_over_time: (window) => least(valuesOf(window)),
  max_over_time: (window) => greatest(valuesOf(window)),
  spread_over_time: (window) => spread(valuesOf(window)),
  count_over_time: ({ samples }) => samples.length,
  present_over_time: () => 1,
  last_over_time: (window) => last(window)[1],
  first_over_time: (window) => first(window)[1],
  stdvar_over_time: (window) => variance(valuesOf(window)),
  stddev_over_time: (window) => Math.sqrt(variance(valuesOf(window))),
  quantile_over_time: (window, [phi = NaN]) => quantile(phi, valuesOf(window)),
  mad_over_time: (window) => {
    const middle = quantile(0.5, valuesOf(window));
    return quantile(0.5, valuesOf(window).map((value) => Math.abs(value - middle)));
  },
  ts_of_first_over_time: (window) => first(window)[0] / 1000,
  ts_of_last_over_time: (window) => last(window)[0] / 1000,
  ts_of_min_over_time: (window) => timeOf(window, (value, other) => tilted(value) <= other),
  ts_of_max_over_time: (window) => timeOf(window, (value, other) => tilted(value) >= other),
  changes: (window) => count(valuesOf(window), (value, before) => !isUnchanged(value, before)),
  resets: (window) => count(valuesOf(window), (value, before) => tilted(value) < before),
  rate: (window) => extrapolated(window, true, true),
  increase: (window) => extrapolated(window, true, false),
  delta: (window) => extrapolated(window, false, false),
  irate: (window) => lastTwo(window, ([t, before], [u, value]) => (tilted(value) < before ? value : value - before) / ((u - t) / 1000)),
  idelta: (window) => lastTwo(window, ([, before], [, value]) => value - before),
  deriv: (window) => line(window, first(window)[0])?.slope,
  double_exponential_smoothing: (window, [levelFactor = NaN, trendFactor = NaN]) => smoothed(valuesOf(window), levelFactor, trendFactor),
};

/** `predict_linear` looks ahead from the evaluation time, wherever its window lies. */
export function predicted(window: Window, at: number, seconds: number): number | undefined {
  const found = line(window, at);
  return found && found.value + found.slope * seconds;
}
