import { Labels } from '@metrics-dashboard/sdk';
import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Grid } from '../plan/logical.js';
import type { Operator, OutputSeries } from './operator.js';
import { Steps } from './steps.js';

/** The one series of a scalar. */
export const SCALAR_SERIES: readonly OutputSeries[] = [{ labels: Labels.EMPTY, dropsName: false }];

/** A scalar that is a function of the evaluation time alone: a number, or `time()`. */
export class Constant implements Operator {
  readonly inputs: readonly Operator[] = [];
  readonly #steps: Steps;
  readonly #valueAt: (at: number) => number;

  constructor(grid: Grid, valueAt: (at: number) => number) {
    this.#steps = new Steps(grid);
    this.#valueAt = valueAt;
  }

  async series(): Promise<readonly OutputSeries[]> {
    return SCALAR_SERIES;
  }

  async next(out: StepBatch): Promise<boolean> {
    if (!this.#steps.start(out)) return false;
    for (let k = 0; k < out.steps; k++) out.values[k] = this.#valueAt(out.times[k] as number);
    out.present.fill(1, 0, out.steps);
    return true;
  }

  toString(): string {
    return 'scalar';
  }
}
