import type { Labels } from '@metrics-dashboard/sdk';
import type { StepBatch } from '@metrics-dashboard/sdk';
import type { CallBody } from '../operators/call.js';
import { LabelGroups } from '../operators/label-groups.js';
import type { OutputSeries } from '../operators/operator.js';
import type { Bucket } from './buckets.js';

/** The label that holds a classic bucket's upper bound. */
const BOUND = 'le';

export interface ClassicHistogramOptions {
  /** Which argument the buckets are. */
  readonly vector: number;
  /** What becomes of each histogram's series; several results each have their own. */
  readonly results: readonly ((histogram: Labels) => Labels)[];
  /** One result of one histogram at step k. */
  compute(buckets: readonly Bucket[], at: HistogramStep): number;
  /** Told of series whose `le` can't be read. */
  malformed(bound: string, metric: string): void;
}

/** Which result is asked for. */
export interface HistogramStep {
  readonly args: readonly StepBatch[];
  readonly k: number;
  readonly result: number;
  readonly metric: string;
}

/** One histogram: where its buckets are in the argument's columns, sorted by bound. */
interface Histogram {
  readonly labels: Labels;
  readonly columns: { readonly column: number; readonly bound: number }[];
}

/** A function over classic histograms, which are series that differ in `le` alone. */
export function overClassicHistograms(options: ClassicHistogramOptions): CallBody {
  let histograms: readonly Histogram[] = [];
  return {
    series: (args) => {
      histograms = gather(args[options.vector] ?? [], options);
      return histograms.flatMap(({ labels }) => options.results.map((named) => ({ labels: named(labels), dropsName: true })));
    },
    compute: (args, out) => {
      const vector = args[options.vector];
      if (vector === undefined) return;
      histograms.forEach(({ columns, labels: { metric } }, i) => {
        for (let k = 0; k < out.steps; k++) {
          const buckets = bucketsAt(columns, vector, k);
          if (buckets.length === 0) continue;
          for (let result = 0; result < options.results.length; result++) {
            const cell = k * out.width + i * options.results.length + result;
            out.values[cell] = options.compute(buckets, { args, k, result, metric });
            out.present[cell] = 1;
          }
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

function gather(series: readonly OutputSeries[], options: ClassicHistogramOptions): readonly Histogram[] {
  const found = new LabelGroups({ without: true, labels: [BOUND] });
  const columnsOf: { column: number; bound: number }[][] = [];
  series.forEach(({ labels }, column) => {
    const bound = readBound(labels);
    if (bound === undefined) return options.malformed(labels.get(BOUND), labels.metric);
    (columnsOf[found.groupOf(labels)] ??= []).push({ column, bound });
  });
  for (const columns of columnsOf) columns.sort((a, b) => (a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : 0));
  return found.labels.map((kept, group) => ({ labels: kept, columns: columnsOf[group] ?? [] }));
}

function readBound(labels: Labels): number | undefined {
  const text = labels.get(BOUND).toLowerCase();
  if (/^[+]?inf(inity)?$/.test(text)) return Infinity;
  if (/^-inf(inity)?$/.test(text)) return -Infinity;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(text) ? Number(text) : undefined;
}
