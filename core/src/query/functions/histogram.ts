import { Labels } from '@metrics-dashboard/sdk';
import type { StepBatch } from '@metrics-dashboard/sdk';
import type { CallBody } from '../operators/call.js';
import type { OutputSeries } from '../operators/operator.js';
import type { Bucket } from './buckets.js';

/** The label that holds a classic bucket's upper bound. */
const BOUND = 'le';

export interface ClassicHistogramOptions {
  /** Which argument the buckets are. */
  readonly vector: number;
  /** The result of one histogram at step k. */
  compute(buckets: readonly Bucket[], args: readonly StepBatch[], k: number, metric: string): number;
  /** Told of series whose `le` can't be read. */
  malformed(bound: string, metric: string): void;
}

/** One histogram: where its buckets are in the argument's columns, sorted by bound. */
interface Histogram {
  readonly series: OutputSeries;
  readonly columns: { readonly column: number; readonly bound: number }[];
}

/** A function over classic histograms, which are series that differ in `le` alone. */
export function overClassicHistograms(options: ClassicHistogramOptions): CallBody {
  let histograms: readonly Histogram[] = [];
  return {
    series: (args) => {
      histograms = gather(args[options.vector] ?? [], options);
      return histograms.map(({ series }) => series);
    },
    compute: (args, out) => {
      const vector = args[options.vector];
      if (vector === undefined) return;
      histograms.forEach(({ columns, series }, i) => {
        for (let k = 0; k < out.steps; k++) {
          const buckets = bucketsAt(columns, vector, k);
          if (buckets.length === 0) continue;
          out.values[k * out.width + i] = options.compute(buckets, args, k, series.labels.metric);
          out.present[k * out.width + i] = 1;
        }
      });
    },
  };
}

function bucketsAt(columns: Histogram['columns'], vector: StepBatch, k: number): Bucket[] {
  const buckets: Bucket[] = [];
  for (const { column, bound } of columns) {
    const cell = k * vector.width + column;
    if (vector.present[cell] === 1) buckets.push({ bound, count: vector.values[cell] as number });
  }
  return buckets;
}

function gather(series: readonly OutputSeries[], { malformed }: ClassicHistogramOptions): readonly Histogram[] {
  const byKey = new Map<string, Histogram>();
  const without = new Set([BOUND]);
  series.forEach(({ labels }, column) => {
    const bound = readBound(labels);
    if (bound === undefined) return malformed(labels.get(BOUND), labels.metric);
    const kept = labels.without(without);
    let histogram = byKey.get(kept.key);
    if (histogram === undefined) {
      histogram = { series: { labels: kept, dropsName: true }, columns: [] };
      byKey.set(kept.key, histogram);
    }
    histogram.columns.push({ column, bound });
  });
  const histograms = [...byKey.values()];
  for (const { columns } of histograms) columns.sort((a, b) => (a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : 0));
  return histograms;
}

function readBound(labels: Labels): number | undefined {
  const text = labels.get(BOUND).toLowerCase();
  if (/^[+]?inf(inity)?$/.test(text)) return Infinity;
  if (/^-inf(inity)?$/.test(text)) return -Infinity;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(text) ? Number(text) : undefined;
}
