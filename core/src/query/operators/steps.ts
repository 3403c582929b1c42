import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Grid } from '../plan/logical.js';

/** The steps of a grid that were not yet answered; what operators without an input start their batches with. */
export class Steps {
  readonly #grid: Grid;
  #done = 0;

  constructor(grid: Grid) {
    this.#grid = grid;
  }

  /** Whether one batch of this size does it all, so that nothing needs to be kept for the next. */
  fitsIn(out: StepBatch): boolean {
    return this.#grid.count <= out.times.length;
  }

  /** Makes `out` a batch of the following steps, without a sample; false when there are none. */
  start(out: StepBatch): boolean {
    const { start, step, count } = this.#grid;
    const steps = Math.min(out.times.length, count - this.#done);
    if (steps <= 0) return false;
    for (let k = 0; k < steps; k++) out.times[k] = start + (this.#done + k) * step;
    this.#done += steps;
    out.steps = steps;
    out.present.fill(0, 0, steps * out.width);
    return true;
  }
}
