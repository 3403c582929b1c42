import type { AggregationFunction, MergeableAccumulator } from '@metrics-dashboard/sdk';
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
      const variance = new Variance(shown);
      for (let i = from; i < to; i++) variance.add(values[i] as number);
      return variance.result() ?? NaN;
    },
  };
}

/** Welford's running mean and sum of squared distances, both compensated. */
class Variance implements MergeableAccumulator {
  readonly #shown: (variance: number) => number;
  /** The mean in cell 0, the squares in cell 1. */
  readonly #sums = new Float64Array(2);
  readonly #lost = new Float64Array(2);
  #count = 0;

  constructor(shown: (variance: number) => number) {
    this.#shown = shown;
  }

  add(value: number): void {
    this.#count++;
    const distance = value - this.#total(0);
    addCompensated(this.#sums, this.#lost, 0, distance / this.#count);
    addCompensated(this.#sums, this.#lost, 1, distance * (value - this.#total(0)));
  }

  result(): number | undefined {
    return this.#count === 0 ? undefined : this.#shown(this.#total(1) / this.#count);
  }

  reset(): void {
    this.#sums.fill(0);
    this.#lost.fill(0);
    this.#count = 0;
  }

  save(): Float64Array {
    return Float64Array.of(this.#count, this.#total(0), this.#total(1));
  }

  /** After Chan and others: the parts' squares, and what lies between their means. */
  merge(saved: Float64Array): void {
    const [count = 0, mean = 0, squares = 0] = saved;
    if (count === 0) return;
    const before = this.#count;
    this.#count += count;
    const distance = mean - this.#total(0);
    addCompensated(this.#sums, this.#lost, 0, (distance * count) / this.#count);
    addCompensated(this.#sums, this.#lost, 1, squares);
    addCompensated(this.#sums, this.#lost, 1, (distance * distance * before * count) / this.#count);
  }

  #total(cell: 0 | 1): number {
    return (this.#sums[cell] as number) + (this.#lost[cell] as number);
  }
}
