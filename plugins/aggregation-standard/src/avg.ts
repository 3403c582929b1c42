import type { AggregationFunction, AggregationInput, MergeableAccumulator, StepBatch } from '@metrics-dashboard/sdk';
import { addCompensated } from './compensation.js';

/** The mean: a compensated sum by the count, and a running mean from where the sum would leave the range of float64. */
export const avg: AggregationFunction = {
  name: 'avg',
  create: () => new Avg(),
  over: (values, from, to) => {
    const mean = new Avg();
    for (let i = from; i < to; i++) mean.add(values[i] as number);
    return mean.result() ?? NaN;
  },
  across: avgAcross,
};

function avgAcross(input: AggregationInput, groups: Uint32Array, output: StepBatch): void {
  const means = Array.from({ length: output.width }, () => new Avg());
  for (let step = 0, cell = 0; step < input.steps; step++) {
    const row = step * output.width;
    for (let i = 0; i < input.width; i++, cell++) {
      if (input.present[cell] === 1) means[groups[i] as number]?.add(input.values[cell] as number);
    }
    means.forEach((mean, group) => {
      const result = mean.result();
      mean.reset();
      if (result === undefined) return;
      output.values[row + group] = result;
      output.present[row + group] = 1;
    });
  }
}

class Avg implements MergeableAccumulator {
  readonly #sum = new Float64Array(1);
  readonly #lost = new Float64Array(1);
  #count = 0;
  /** Whether the cells hold a running mean instead of a sum. */
  #isMean = false;

  add(value: number): void {
    if (!this.#isMean && this.#count > 0) {
      const overflows = !Number.isFinite((this.#sum[0] as number) + value) && Number.isFinite(this.#sum[0]) && Number.isFinite(value);
      if (overflows) this.#becomeMean();
    }
    this.#count++;
    if (this.#isMean) this.#follow(value, 1);
    else addCompensated(this.#sum, this.#lost, 0, value);
  }

  #becomeMean(): void {
    this.#isMean = true;
    this.#sum[0] = (this.#sum[0] as number) / this.#count;
    this.#lost[0] = (this.#lost[0] as number) / this.#count;
  }

  /** Moves the running mean by a value that stands for `weight` samples, which are counted already. */
  #follow(value: number, weight: number): void {
    const mean = (this.#sum[0] as number) + (this.#lost[0] as number);
    if (!Number.isFinite(mean) && (mean === value || Number.isFinite(value))) return;
    const share = weight / this.#count;
    addCompensated(this.#sum, this.#lost, 0, value * share - mean * share);
  }

  result(): number | undefined {
    if (this.#count === 0) return undefined;
    const divisor = this.#isMean ? 1 : this.#count;
    return (this.#sum[0] as number) / divisor + (this.#lost[0] as number) / divisor;
  }

  reset(): void {
    this.#sum[0] = 0;
    this.#lost[0] = 0;
    this.#count = 0;
    this.#isMean = false;
  }

  save(): Float64Array {
    return Float64Array.of(this.#count, Number(this.#isMean), this.#sum[0] as number, this.#lost[0] as number);
  }

  merge(saved: Float64Array): void {
    const [count = 0, isMean = 0, sum = 0, lost = 0] = saved;
    if (count === 0) return;
    const whole = (this.#sum[0] as number) + sum;
    const staysSum = isMean === 0 && !this.#isMean && (Number.isFinite(whole) || !Number.isFinite(sum) || !Number.isFinite(this.#sum[0]));
    if (staysSum) {
      addCompensated(this.#sum, this.#lost, 0, sum);
      this.#lost[0] = (this.#lost[0] as number) + lost;
      this.#count += count;
      return;
    }
    if (!this.#isMean && this.#count > 0) this.#becomeMean();
    this.#isMean = true;
    this.#count += count;
    this.#follow(isMean === 1 ? sum + lost : sum / count + lost / count, count);
  }
}
