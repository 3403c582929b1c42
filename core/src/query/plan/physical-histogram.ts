import { Labels } from '@metrics-dashboard/sdk';
import { bucketFraction, bucketQuantile } from '../functions/buckets.js';
import type { Bucket } from '../functions/buckets.js';
import { formatValue } from '../functions/format-value.js';
import { overClassicHistograms } from '../functions/histogram.js';
import { scalarAt } from '../functions/range-function.js';
import { notSupported } from '../language/position.js';
import type { CallBody } from '../operators/call.js';
import type { Execution } from '../operators/execution.js';
import { inspectQuantile } from './inspect.js';
import type { CallNode } from './logical.js';

const SEE = 'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile';
const itself = (labels: Labels): Labels => labels;

/** `histogram_quantile(φ, buckets)`. */
export function planHistogramQuantile(execution: Execution, node: CallNode): CallBody {
  const { at, quantile } = quantiles(execution, node, 1);
  const inspect = inspectQuantile(execution, node.args[0]?.from ?? node.from);
  const body = overClassicHistograms({
    vector: 1,
    results: [itself],
    compute: (buckets, { args, k, metric }) => quantile(scalarAt(args, 0, k), buckets, metric),
    malformed: malformedBound(execution, at),
  });
  return {
    ...body,
    compute: (args, out) => {
      if (args[0] !== undefined) inspect(args[0]);
      body.compute(args, out);
    },
  };
}

/** `histogram_quantiles(buckets, label, φ…)`: a series for each quantile, which the label names. */
export function planHistogramQuantiles(execution: Execution, node: CallNode): CallBody {
  const [, name, ...asked] = node.args;
  const { at, quantile } = quantiles(execution, node, 0);
  const label = name?.kind === 'text' ? name.value : '';
  const phis = asked.map((one) => {
    if (one.kind !== 'constant') throw notSupported(execution.text, one.from, 'a quantile of histogram_quantiles that is not a number');
    if (!(one.value >= 0 && one.value <= 1)) execution.warn(`quantile value should be between 0 and 1, got ${formatValue(one.value)}`, one.from);
    return one.value;
  });
  return overClassicHistograms({
    vector: 0,
    results: phis.map((phi) => (labels) => Labels.from([...labels.pairs(), [label, quantileLabel(phi)]])),
    compute: (buckets, { result, metric }) => quantile(phis[result] ?? NaN, buckets, metric),
    malformed: malformedBound(execution, at),
  });
}

/** `histogram_fraction(lower, upper, buckets)`. */
export function planHistogramFraction(execution: Execution, node: CallNode): CallBody {
  return overClassicHistograms({
    vector: 2,
    results: [itself],
    compute: (buckets, { args, k }) => bucketFraction(scalarAt(args, 0, k), scalarAt(args, 1, k), buckets),
    malformed: malformedBound(execution, node.args[2]?.from ?? node.from),
  });
}

function quantiles(execution: Execution, node: CallNode, vector: number): { at: number; quantile: (phi: number, buckets: readonly Bucket[], metric: string) => number } {
  const at = node.args[vector]?.from ?? node.from;
  const quantile = (phi: number, buckets: readonly Bucket[], metric: string): number => {
    const { value, forced } = bucketQuantile(phi, buckets);
    if (forced) execution.inform(`input to histogram_quantile needed to be fixed for monotonicity (see ${SEE}) for metric name ${JSON.stringify(metric)}`, at);
    return value;
  };
  return { at, quantile };
}

/** As exposition writes it: whole numbers with a zero behind the point. */
function quantileLabel(phi: number): string {
  const text = formatValue(phi);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function malformedBound(execution: Execution, at: number): (bound: string, metric: string) => void {
  return (bound, metric) =>
    execution.warn(`bucket label "le" is missing or has a malformed value of ${JSON.stringify(bound)} for metric name ${JSON.stringify(metric)}`, at);
}
