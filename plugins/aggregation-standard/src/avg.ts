import type { AggregationFunction, MergeableAccumulator } from '@metrics-dashboard/sdk';
import { acrossCells, columnsOfCells } from './cells.js';
import type { Cells } from './cells.js';
import { addCompensated } from './compensation.js';

/** The mean: a compensated sum by the count, and a running mean from where the sum would leave the range of float64. */
export const avg: AggregationFunction = {
  name: 'avg',
  create: () => new Avg(),
  over: (values, from, to) => {
    const mean = new Means(1);
    for (let i = from; i < to; i++) mean.add(0, values[i] as number);
    return mean.result(0) ?? NaN;
  },
  across: (input, groups, output) => acrossCells(new Means(output.width), input, groups, output),
  columns: (groups, steps) => columnsOfCells(new Means(groups * steps), groups, steps),
};

class Means implements Cells {
  readonly sums: Float64Array;
  readonly lost: Float64Array;
  readonly counts: Uint32Array;
  /** Whether a cell holds a running mean instead of a sum. */
  readonly isMean: Uint8Array;

  constructor(cells: number) {
    this.sums = new Float64Array(cells);
    this.lost = new Float64Array(cells);
    this.counts = new Uint32Array(cells);
    this.isMean = new Uint8Array(cells);
  }

  add(cell: number, value: number): void {
    const before = this.counts[cell] as number;
    if (this.isMean[cell] === 0 && before > 0) {
      const sum = this.sums[cell] as number;
      const whole = sum + value;
      const overflows = whole - whole !== 0 && Number.isFinite(sum) && Number.isFinite(value);
      if (overflows) this.becomeMean(cell);
    }
    this.counts[cell] = before + 1;
    if (this.isMean[cell] === 1) this.follow(cell, value, 1);
    else addCompensated(this.sums, this.lost, cell, value);
  }

  becomeMean(cell: number): void {
    const count = this.counts[cell] as number;
    this.isMean[cell] = 1;
    this.sums[cell] = (this.sums[cell] as number) / count;
    this.lost[cell] = (this.lost[cell] as number) / count;
  }

  /** Moves the running mean by a value that stands for `weight` samples, which are counted already. */
  follow(cell: number, value: number, weight: number): void {
    const mean = (this.sums[cell] as number) + (this.lost[cell] as number);
    if (!Number.isFinite(mean) && (mean === value || Number.isFinite(value))) return;
    const share = weight / (this.counts[cell] as number);
    addCompensated(this.sums, this.lost, cell, value * share - mean * share);
  }

  result(cell: number): number | undefined {
    const count = this.counts[cell] as number;
    if (count === 0) return undefined;
    const divisor = this.isMean[cell] === 1 ? 1 : count;
    return (this.sums[cell] as number) / divisor + (this.lost[cell] as number) / divisor;
  }

  reset(cell: number): void {
    this.sums[cell] = 0;
    this.lost[cell] = 0;
    this.counts[cell] = 0;
    this.isMean[cell] = 0;
  }
}

class Avg implements MergeableAccumulator {
  readonly #mean = new Means(1);

  add(value: number): void {
    this.#mean.add(0, value);
  }

  result(): number | undefined {
    return this.#mean.result(0);
  }

  reset(): void {
    this.#mean.reset(0);
  }

  save(): Float64Array {
    const { sums, lost, counts, isMean } = this.#mean;
    return Float64Array.of(counts[0] as number, isMean[0] as number, sums[0] as number, lost[0] as number);
  }

  merge(saved: Float64Array): void {
    const [count = 0, isMean = 0, sum = 0, lost = 0] = saved;
    if (count === 0) return;
    const own = this.#mean;
    const before = own.counts[0] as number;
    const whole = (own.sums[0] as number) + sum;
    const staysSum = isMean === 0 && own.isMean[0] === 0 && (Number.isFinite(whole) || !Number.isFinite(sum) || !Number.isFinite(own.sums[0]));
    if (staysSum) {
      addCompensated(own.sums, own.lost, 0, sum);
      own.lost[0] = (own.lost[0] as number) + lost;
      own.counts[0] = before + count;
      return;
    }
    if (own.isMean[0] === 0 && before > 0) own.becomeMean(0);
    own.isMean[0] = 1;
    own.counts[0] = before + count;
    own.follow(0, isMean === 1 ? sum + lost : sum / count + lost / count, count);
  }
}
