import type { AggregationFunction, MergeableAccumulator } from '@metrics-dashboard/sdk';
import { acrossCells, columnsOfCells } from './cells.js';
import type { Cells } from './cells.js';
import { addCompensated } from './compensation.js';

/** The population variance. */
export const stdvar: AggregationFunction = spread('stdvar', (variance) => variance);
/** The population standard deviation. */
export const stddev: AggregationFunction = spread('stddev', Math.sqrt);

function spread(name: string, shown: (variance: number) => number): AggregationFunction {
  return {
    name,
    create: () => new Variance(shown),
    over: (values, from, to) => {
      const variance = new Variances(1, shown);
      for (let i = from; i < to; i++) variance.add(0, values[i] as number);
      return variance.result(0) ?? NaN;
    },
    across: (input, groups, output) => acrossCells(new Variances(output.width, shown), input, groups, output),
    columns: (groups, steps) => columnsOfCells(new Variances(groups * steps, shown), groups, steps),
  };
}

/** Welford's running mean and sum of squared distances, both compensated. */
class Variances implements Cells {
  readonly counts: Uint32Array;
  readonly #means: Float64Array;
  readonly #meansLost: Float64Array;
  readonly #squares: Float64Array;
  readonly #squaresLost: Float64Array;
  readonly #shown: (variance: number) => number;

  constructor(cells: number, shown: (variance: number) => number) {
    this.counts = new Uint32Array(cells);
    this.#means = new Float64Array(cells);
    this.#meansLost = new Float64Array(cells);
    this.#squares = new Float64Array(cells);
    this.#squaresLost = new Float64Array(cells);
    this.#shown = shown;
  }

  mean(cell: number): number {
    return (this.#means[cell] as number) + (this.#meansLost[cell] as number);
  }

  squares(cell: number): number {
    return (this.#squares[cell] as number) + (this.#squaresLost[cell] as number);
  }

  moveMean(cell: number, by: number): void {
    addCompensated(this.#means, this.#meansLost, cell, by);
  }

  addSquares(cell: number, squares: number): void {
    addCompensated(this.#squares, this.#squaresLost, cell, squares);
  }

  add(cell: number, value: number): void {
    const count = (this.counts[cell] as number) + 1;
    this.counts[cell] = count;
    const distance = value - this.mean(cell);
    this.moveMean(cell, distance / count);
    this.addSquares(cell, distance * (value - this.mean(cell)));
  }

  result(cell: number): number | undefined {
    const count = this.counts[cell] as number;
    return count === 0 ? undefined : this.#shown(this.squares(cell) / count);
  }

  reset(cell: number): void {
    this.counts[cell] = 0;
    this.#means[cell] = 0;
    this.#meansLost[cell] = 0;
    this.#squares[cell] = 0;
    this.#squaresLost[cell] = 0;
  }
}

class Variance implements MergeableAccumulator {
  readonly #cell: Variances;

  constructor(shown: (variance: number) => number) {
    this.#cell = new Variances(1, shown);
  }

  add(value: number): void {
    this.#cell.add(0, value);
  }

  result(): number | undefined {
    return this.#cell.result(0);
  }

  reset(): void {
    this.#cell.reset(0);
  }

  save(): Float64Array {
    return Float64Array.of(this.#cell.counts[0] as number, this.#cell.mean(0), this.#cell.squares(0));
  }

  /** After Chan and others: the parts' squares, and what lies between their means. */
  merge(saved: Float64Array): void {
    const [count = 0, mean = 0, squares = 0] = saved;
    if (count === 0) return;
    const cell = this.#cell;
    const before = cell.counts[0] as number;
    const all = before + count;
    cell.counts[0] = all;
    const distance = mean - cell.mean(0);
    cell.moveMean(0, (distance * count) / all);
    cell.addSquares(0, squares);
    cell.addSquares(0, (distance * distance * before * count) / all);
  }
}
