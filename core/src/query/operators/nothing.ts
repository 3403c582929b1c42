import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Grid } from '../plan/logical.js';
import type { Operator, OutputSeries } from './operator.js';
import { Steps } from './steps.js';

/** Steps without a sample. */
export class Nothing implements Operator {
  readonly inputs: readonly Operator[] = [];
  readonly #steps: Steps;

  constructor(grid: Grid) {
    this.#steps = new Steps(grid);
  }

  async series(): Promise<readonly OutputSeries[]> {
    return [];
  }

  async next(out: StepBatch): Promise<boolean> {
    return this.#steps.start(out);
  }

  toString(): string {
    return 'nothing';
  }
}
