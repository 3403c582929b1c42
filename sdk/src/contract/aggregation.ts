import type { Timestamp } from '../model/sample.js';

/**
 * A function of the query language that makes one value out of many. One contract, three uses: across series at
 * a step, `name by (…) (x)`; across the samples of a window, `name_over_time(x[5m])`; and, when mergeable, across parts.
 * Whoever writes only `create` gets all of them; `over`, `across` and `columns` are for speed.
 *
 * Obligations:
 *  1. `over` and `across`, where present, give what an accumulator gives when fed the same samples in the same order;
 *     so does `columns`, up to rounding.
 *  2. The result does not depend on what an accumulator held before `reset`.
 *  3. An accumulator that got no sample has no result.
 *  4. For a mergeable one, parts that are saved and merged give what the whole gives, up to rounding.
 */
export interface AggregationFunction {
  /** As the language writes it: `[a-z][a-z0-9_]*`. */
  readonly name: string;
  /** What the scalar argument in front means, when there is one. */
  readonly parameter?: string;
  create(parameter?: number): Accumulator | MergeableAccumulator;
  /** The values [from, to) of one series, oldest first; there is at least one. */
  over?(values: Float64Array, from: number, to: number, parameter?: number): number;
  /** All steps of a batch at once. `groups[i]` is the output column of input column i. */
  across?(input: AggregationInput, groups: Uint32Array, output: StepBatch, parameter?: number): void;
  /** Series by series instead, so that nobody has to hold all of them at once; for functions without a parameter. */
  columns?(groups: number, steps: number): ColumnAggregation;
}

/** Makes one series of each group out of many series, which come one after another, in any order. */
export interface ColumnAggregation {
  /** A series at all steps: a batch of width 1, lent for the call. */
  add(group: number, series: AggregationInput): void;
  /** Fills a batch of these steps, one column for each group, which has no sample yet. */
  finish(output: StepBatch): void;
}

export interface Accumulator {
  /** `at` is the sample's time; when aggregating across series, that of the step. */
  add(value: number, at: Timestamp): void;
  /** undefined: no sample came. */
  result(): number | undefined;
  reset(): void;
}

/** One that can also be computed in parts: in a rollup, or in another thread. */
export interface MergeableAccumulator extends Accumulator {
  save(): Float64Array;
  merge(saved: Float64Array): void;
}

/** steps × width values in one column, step by step: cell (step, i) is at `step * width + i`. */
export interface StepBatch {
  readonly times: Float64Array;
  readonly width: number;
  readonly values: Float64Array;
  /** 1 where a cell holds a sample. */
  readonly present: Uint8Array;
  /** How many steps of the room are filled. */
  steps: number;
}

export type AggregationInput = Readonly<StepBatch>;
