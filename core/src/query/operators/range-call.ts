import type { StepBatch } from '@metrics-dashboard/sdk';
import type { RangeKernel } from '../functions/range-function.js';
import type { Grid } from '../plan/logical.js';
import type { Execution } from './execution.js';
import type { Reads } from './observed.js';
import { Input } from './operator.js';
import type { Operator, OutputSeries } from './operator.js';
import { Steps } from './steps.js';
import type { WindowSource } from './windows.js';

export interface RangeCallOptions {
  readonly name: string;
  readonly source: WindowSource;
  readonly scalars: readonly Operator[];
  /** Makes the function for a batch of evaluation times. */
  kernel(at: Float64Array): RangeKernel;
  /** Whether the result is a sample of the series itself. */
  readonly keepsName: boolean;
  /** Looks at the scalar arguments of a batch, to warn of impossible ones. */
  inspect?(scalars: readonly StepBatch[], steps: number): void;
  /** Told of each metric that had a result, once. */
  found?(metric: string): void;
}

/** A range function: one value for each window of each series. */
export class RangeCall implements Operator {
  readonly inputs: readonly Operator[];
  readonly #execution: Execution;
  readonly #options: RangeCallOptions;
  readonly #steps: Steps;
  readonly #scalars: readonly Input[];
  #series: readonly OutputSeries[] = [];

  constructor(execution: Execution, options: RangeCallOptions, grid: Grid) {
    this.#execution = execution;
    this.#options = options;
    this.#steps = new Steps(grid);
    this.#scalars = options.scalars.map((scalar) => new Input(scalar));
    this.inputs = [...options.source.inputs, ...options.scalars];
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    for (const scalar of this.#scalars) await scalar.series(signal);
    const selected = await this.#options.source.series(signal);
    this.#series = this.#options.keepsName ? selected : selected.map(({ labels }) => ({ labels, dropsName: true }));
    return this.#execution.declare(this.#series);
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    const lasting = this.#steps.fitsIn(out);
    if (!this.#steps.start(out)) return false;
    const scalars: StepBatch[] = [];
    for (const scalar of this.#scalars) {
      const batch = await scalar.next(out, signal);
      if (batch !== undefined) scalars.push(batch);
    }
    this.#options.inspect?.(scalars, out.steps);
    const at = out.times.slice(0, out.steps);
    const kernel = this.#options.kernel(at);
    await this.#options.source.visit(at, lasting, (i, windows) => kernel(windows, out, i, scalars), signal);
    if (this.#options.found !== undefined) this.#report(out);
    return true;
  }

  #report(out: StepBatch): void {
    this.#series.forEach(({ labels }, i) => {
      for (let k = 0; k < out.steps; k++) {
        if (out.present[k * out.width + i] === 1) {
          this.#options.found?.(labels.metric);
          return;
        }
      }
    });
  }

  reads(): Reads | undefined {
    return this.#options.source.reads?.();
  }

  toString(): string {
    return `${this.#options.name}(${this.#options.source.toString()})`;
  }
}
