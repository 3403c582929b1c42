import type { AggregationFunction } from '@metrics-dashboard/sdk';
import * as overTime from './over-time.js';
import { eachWindow, scalarAt } from './range-function.js';
import type { RangeKernel } from './range-function.js';
import { changes, extrapolation, idelta, irate, resets } from './rate.js';
import { deriv, doubleExponentialSmoothing } from './regression.js';

const kernels: Readonly<Record<string, RangeKernel>> = {
  irate,
  idelta,
  resets,
  changes,
  deriv,
  double_exponential_smoothing: doubleExponentialSmoothing,
  sum_over_time: overTime.sumOverTime,
  avg_over_time: overTime.avgOverTime,
  count_over_time: overTime.countOverTime,
  present_over_time: overTime.presentOverTime,
  first_over_time: overTime.firstOverTime,
  last_over_time: overTime.lastOverTime,
  min_over_time: overTime.minOverTime,
  max_over_time: overTime.maxOverTime,
  ts_of_min_over_time: overTime.timeOfMin,
  ts_of_max_over_time: overTime.timeOfMax,
  ts_of_first_over_time: overTime.timeOfFirst,
  ts_of_last_over_time: overTime.timeOfLast,
  stddev_over_time: overTime.stddevOverTime,
  stdvar_over_time: overTime.stdvarOverTime,
  quantile_over_time: overTime.quantileOverTime,
  mad_over_time: overTime.madOverTime,
};

/** The kernel of a range function of the language, for one batch; undefined for what is none. */
export function rangeKernel(name: string): RangeKernel | undefined {
  switch (name) {
    case 'rate':
      return extrapolation(true, true);
    case 'increase':
      return extrapolation(true, false);
    case 'delta':
      return extrapolation(false, false);
  }
  return Object.hasOwn(kernels, name) ? kernels[name] : undefined;
}

/** A plugin's aggregation over the samples of a window. */
export function aggregationKernel(aggregation: AggregationFunction): RangeKernel {
  const { parameter } = aggregation;
  if (aggregation.over !== undefined) {
    return eachWindow(1, ({ values }, from, to, k, scalars) =>
      aggregation.over?.(values, from, to, parameter === undefined ? undefined : scalarAt(scalars, 0, k)) ?? NaN,
    );
  }
  return eachWindow(1, ({ times, values }, from, to, k, scalars) => {
    const accumulator = aggregation.create(parameter === undefined ? undefined : scalarAt(scalars, 0, k));
    for (let i = from; i < to; i++) accumulator.add(values[i] as number, times[i] as number);
    return accumulator.result() ?? NaN;
  });
}
