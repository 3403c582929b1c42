import type { StepBatch } from '@metrics-dashboard/sdk';
import type { RangeKernel } from '../functions/range-function.js';
import type { Grid } from '../plan/logical.js';
import type { Execution } from './execution.js';
import type { Reads } from './observed.js';
import { Input, makeBatch } from './operator.js';
import type { ColumnSource, Operator, OutputSeries } from './operator.js';
import { Steps } from './steps.js';
import type { WindowSource, Windows } from './windows.js';

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
  readonly #reported = new Set<string>();

  constructor(execution: Execution, options: RangeCallOptions, grid: Grid) {
    this.#execution = execution;
    this.#options = options;
    this.#steps = new Steps(grid);
    this.#scalars = options.scalars.map((scalar) => new Input(scalar));
    this.inputs = [...options.source.inputs, ...options.scalars];
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    return this.#execution.declare(await this.#find(signal));
  }

  async #find(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    for (const scalar of this.#scalars) await scalar.series(signal);
    const selected = await this.#options.source.series(signal);
    this.#series = this.#options.keepsName ? selected : selected.map(({ labels }) => ({ labels, dropsName: true }));
    return this.#series;
  }

  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    const compute = (kernel: RangeKernel, scalars: readonly StepBatch[]) => (i: number, windows: Windows) => {
      kernel(windows, out, i, scalars);
      if (this.#options.found !== undefined && hasSample(out, i)) this.#report(i);
    };
    return this.#visit(out, compute, signal);
  }

  columns(): ColumnSource {
    return {
      series: (signal) => this.#find(signal),
      visit: (out, visitor, signal) => {
        const column = makeBatch(out.times.length, 1);
        const compute = (kernel: RangeKernel, scalars: readonly StepBatch[]) => (i: number, windows: Windows) => {
          column.steps = windows.steps;
          column.present.fill(0);
          kernel(windows, column, 0, scalars);
          if (this.#options.found !== undefined && hasSample(column, 0)) this.#report(i);
          visitor(i, column);
        };
        return this.#visit(out, compute, signal);
      },
    };
  }

  async #visit(
    out: StepBatch,
    compute: (kernel: RangeKernel, scalars: readonly StepBatch[]) => (series: number, windows: Windows) => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    const lasting = this.#steps.fitsIn(out);
    if (!this.#steps.start(out)) return false;
    const scalars: StepBatch[] = [];
    for (const scalar of this.#scalars) {
      const batch = await scalar.next(out, signal);
      if (batch !== undefined) scalars.push(batch);
    }
    this.#options.inspect?.(scalars, out.steps);
    const at = out.times.slice(0, out.steps);
    await this.#options.source.visit(at, lasting, compute(this.#options.kernel(at), scalars), signal);
    return true;
  }

  /** Each metric once, and most series are of the one that was last. */
  #report(i: number): void {
    const metric = this.#series[i]?.labels.metric ?? '';
    if (this.#reported.has(metric)) return;
    this.#reported.add(metric);
    this.#options.found?.(metric);
  }

  reads(): Reads | undefined {
    return this.#options.source.reads?.();
  }

  toString(): string {
    return `${this.#options.name}(${this.#options.source.toString()})`;
  }
}

function hasSample({ steps, width, present }: StepBatch, column: number): boolean {
  for (let k = 0, cell = column; k < steps; k++, cell += width) if (present[cell] === 1) return true;
  return false;
}
