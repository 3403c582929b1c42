import { METRIC_NAME } from '@metrics-dashboard/sdk';
import type { Labels, StepBatch } from '@metrics-dashboard/sdk';
import type { Reads } from './observed.js';

/** One series that an operator yields. */
export interface OutputSeries {
  readonly labels: Labels;
  /**
   * Whether the metric name goes when the query is done: the value is no longer that metric's. Kept until then, so that
   * the language can still group by it or rename it.
   */
  readonly dropsName: boolean;
}

/** A text that is equal for equal series alone. */
export function seriesKey({ labels, dropsName }: OutputSeries): string {
  return dropsName ? `${labels.key}\uffff` : labels.key;
}

/** What describes a metric as a whole, and goes with its name: https://prometheus.io/docs/concepts/data_model/. */
const METADATA: ReadonlySet<string> = new Set([METRIC_NAME, '__type__', '__unit__']);

/** Whether a label goes with the metric's name. */
export function isMetadata(name: string): boolean {
  return METADATA.has(name);
}

/** The labels of a value that is no longer the metric's own. */
export function withoutMetadata(labels: Labels): Labels {
  return labels.without(METADATA);
}

/** Yields samples of a fixed list of series, a batch of steps at a time. */
export interface Operator {
  /** Every series this operator will ever yield, in output order. Asked once, before `next`. */
  series(signal: AbortSignal): Promise<readonly OutputSeries[]>;
  /** Fills `out` with as many of the following steps as it has room for; false when there are none left. */
  next(out: StepBatch, signal: AbortSignal): Promise<boolean>;
  readonly inputs: readonly Operator[];
  /** For the result of an instant query whose order says something: the columns with a sample, in order. */
  order?(only: StepBatch): readonly number[];
  /** What it reads from the storage itself; asked after `series`. */
  reads?(): Reads | undefined;
  /** The same samples series by series, for who asks for that instead of `series` and `next`. */
  columns?(): ColumnSource | undefined;
  toString(): string;
}

/** Yields samples series by series, so that nobody has to hold a batch of all of them: a wide one is slow to write and to read. */
export interface ColumnSource {
  /** As an operator's. */
  series(signal: AbortSignal): Promise<readonly OutputSeries[]>;
  /**
   * Makes `out` a batch of the following steps, without a sample, and visits each series once, in any order, with a batch
   * of these steps and of width 1, which is lent for the call. False when there are no steps left.
   */
  visit(out: StepBatch, visitor: (series: number, column: StepBatch) => void, signal: AbortSignal): Promise<boolean>;
}

/** Room for `capacity` steps of `width` series. */
export function makeBatch(capacity: number, width: number): StepBatch {
  return { times: new Float64Array(capacity), width, values: new Float64Array(capacity * width), present: new Uint8Array(capacity * width), steps: 0 };
}

/** Makes the batch one of the same steps as another, without a sample. */
export function startBatch(out: StepBatch, like: StepBatch): void {
  out.steps = like.steps;
  out.times.set(like.times.subarray(0, like.steps));
  out.present.fill(0, 0, like.steps * out.width);
}

/** The columns with a sample at the only step, as they stand. */
export function presentColumns(only: StepBatch): number[] {
  const columns: number[] = [];
  for (let i = 0; i < only.width; i++) if (only.present[i] === 1) columns.push(i);
  return columns;
}

/** An input of an operator and the room for its batches, made when the first is asked for. */
export class Input {
  readonly operator: Operator;
  #width = 0;
  #batch: StepBatch | undefined;

  constructor(operator: Operator) {
    this.operator = operator;
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const series = await this.operator.series(signal);
    this.#width = series.length;
    return series;
  }

  /** The following steps, as many as `out` has room for, or undefined at the end. Valid until the next call. */
  async next(out: StepBatch, signal: AbortSignal): Promise<StepBatch | undefined> {
    const capacity = out.times.length;
    if (this.#batch?.times.length !== capacity) this.#batch = makeBatch(capacity, this.#width);
    return (await this.operator.next(this.#batch, signal)) ? this.#batch : undefined;
  }
}
