import type { AggregationFunction, ColumnAggregation, StepBatch } from '@metrics-dashboard/sdk';
import type { Execution } from './execution.js';
import { groupSeries } from './grouping.js';
import type { Grouping } from '../language/ast.js';
import { Input, startBatch } from './operator.js';
import type { ColumnSource, Operator, OutputSeries } from './operator.js';

export interface AggregateOptions {
  readonly aggregation: AggregationFunction;
  readonly grouping: Grouping;
  readonly inner: Operator;
  readonly parameter: Operator | undefined;
  /** Looks at a batch of parameters, to warn of impossible ones. */
  inspect?(parameter: StepBatch): void;
}

/** `by` and `without` with any aggregation function: whole batches at a time where it can take them. */
export class Aggregate implements Operator {
  readonly inputs: readonly Operator[];
  readonly #execution: Execution;
  readonly #options: AggregateOptions;
  readonly #inner: Input;
  readonly #parameter: Input | undefined;
  /** Where the input comes series by series, as the function would have it. */
  readonly #columns: ColumnSource | undefined;
  #groups = new Uint32Array(0);

  constructor(execution: Execution, options: AggregateOptions) {
    this.#execution = execution;
    this.#options = options;
    this.#inner = new Input(options.inner);
    this.#parameter = options.parameter && new Input(options.parameter);
    if (options.aggregation.columns !== undefined && options.parameter === undefined) this.#columns = options.inner.columns?.();
    this.inputs = options.parameter === undefined ? [options.inner] : [options.parameter, options.inner];
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    await this.#parameter?.series(signal);
    const { groups, series } = groupSeries(await (this.#columns ?? this.#inner).series(signal), this.#options.grouping);
    this.#groups = groups;
    return this.#execution.declare(series);
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    if (this.#columns !== undefined) return this.#gather(this.#columns, out, signal);
    const parameter = await this.#parameter?.next(out, signal);
    const batch = await this.#inner.next(out, signal);
    if (batch === undefined) return false;
    startBatch(out, batch);
    if (parameter !== undefined) this.#options.inspect?.(parameter);
    if (parameter === undefined || isConstant(parameter)) this.#across(batch, out, parameter?.values[0]);
    else for (let k = 0; k < batch.steps; k++) this.#across(oneStep(batch, k), oneStep(out, k), parameter.values[k]);
    if (this.#execution.spend(batch.steps * batch.width)) await this.#execution.pause(signal);
    return true;
  }

  async #gather(source: ColumnSource, out: StepBatch, signal: AbortSignal): Promise<boolean> {
    const { aggregation } = this.#options;
    let gathered: ColumnAggregation | undefined;
    const groups = this.#groups;
    const more = await source.visit(
      out,
      (i, column) => {
        gathered ??= aggregation.columns?.(out.width, out.steps);
        gathered?.add(groups[i] as number, column);
      },
      signal,
    );
    gathered?.finish(out);
    return more;
  }

  #across(input: StepBatch, out: StepBatch, parameter: number | undefined): void {
    const { aggregation } = this.#options;
    if (aggregation.across !== undefined) aggregation.across(input, this.#groups, out, parameter);
    else this.#accumulate(input, out, parameter);
  }

  #accumulate(input: StepBatch, out: StepBatch, parameter: number | undefined): void {
    const accumulators = Array.from({ length: out.width }, () => this.#options.aggregation.create(parameter));
    for (let k = 0, cell = 0; k < input.steps; k++) {
      const at = input.times[k] as number;
      for (let i = 0; i < input.width; i++, cell++) {
        if (input.present[cell] === 1) accumulators[this.#groups[i] as number]?.add(input.values[cell] as number, at);
      }
      accumulators.forEach((accumulator, group) => {
        const result = accumulator.result();
        accumulator.reset();
        if (result === undefined) return;
        out.values[k * out.width + group] = result;
        out.present[k * out.width + group] = 1;
      });
    }
  }

  toString(): string {
    const { aggregation, grouping } = this.#options;
    return `${aggregation.name} ${grouping.without ? 'without' : 'by'} (${grouping.labels.join(', ')})`;
  }
}

function isConstant(scalar: StepBatch): boolean {
  for (let k = 1; k < scalar.steps; k++) if (!Object.is(scalar.values[k], scalar.values[0])) return false;
  return true;
}

/** One step of a batch as a batch of its own, over the same memory. */
function oneStep(batch: StepBatch, k: number): StepBatch {
  const { width } = batch;
  return {
    times: batch.times.subarray(k, k + 1),
    width,
    values: batch.values.subarray(k * width, (k + 1) * width),
    present: batch.present.subarray(k * width, (k + 1) * width),
    steps: 1,
  };
}
