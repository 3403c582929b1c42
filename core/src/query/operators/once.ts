import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Grid } from '../plan/logical.js';
import { makeBatch, presentColumns } from './operator.js';
import type { Operator, OutputSeries } from './operator.js';
import { Steps } from './steps.js';

/** Computes its input at one step, and repeats that at every step. */
export class Once implements Operator {
  readonly inputs: readonly Operator[];
  readonly #inner: Operator;
  readonly #steps: Steps;
  #only: StepBatch | undefined;
  #width = 0;

  constructor(inner: Operator, grid: Grid) {
    this.#inner = inner;
    this.#steps = new Steps(grid);
    this.inputs = [inner];
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const series = await this.#inner.series(signal);
    this.#width = series.length;
    return series;
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    if (!this.#steps.start(out)) return false;
    const only = (this.#only ??= await this.#compute(signal));
    for (let k = 0; k < out.steps; k++) {
      out.values.set(only.values, k * this.#width);
      out.present.set(only.present, k * this.#width);
    }
    return true;
  }

  async #compute(signal: AbortSignal): Promise<StepBatch> {
    const only = makeBatch(1, this.#width);
    await this.#inner.next(only, signal);
    return only;
  }

  order(only: StepBatch): readonly number[] {
    return this.#inner.order?.(only) ?? presentColumns(only);
  }

  toString(): string {
    return 'once';
  }
}
