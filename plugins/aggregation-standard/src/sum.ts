import type { AggregationFunction, AggregationInput, ColumnAggregation, MergeableAccumulator, StepBatch } from '@metrics-dashboard/sdk';
import { addCompensated } from './compensation.js';

/** The sum, with what rounding lost carried along. */
export const sum: AggregationFunction = {
  name: 'sum',
  create: () => new Sum(),
  over: (values, from, to) => {
    const total = new Sum();
    for (let i = from; i < to; i++) total.add(values[i] as number);
    return total.result() ?? NaN;
  },
  across: sumAcross,
  columns: sumOfColumns,
};

function sumAcross(input: AggregationInput, groups: Uint32Array, output: StepBatch): void {
  const sums = new Float64Array(output.width);
  const lost = new Float64Array(output.width);
  for (let step = 0, cell = 0; step < input.steps; step++) {
    const row = step * output.width;
    sums.fill(0);
    lost.fill(0);
    for (let i = 0; i < input.width; i++, cell++) {
      if (input.present[cell] !== 1) continue;
      const group = groups[i] as number;
      output.present[row + group] = 1;
      addCompensated(sums, lost, group, input.values[cell] as number);
    }
    for (let group = 0; group < output.width; group++) output.values[row + group] = (sums[group] as number) + (lost[group] as number);
  }
}

/** As `addCompensated` does it, in local variables: this is the inner loop of every wide sum. */
function sumOfColumns(groups: number, steps: number): ColumnAggregation {
  const sums = new Float64Array(groups * steps);
  const lost = new Float64Array(groups * steps);
  const seen = new Uint8Array(groups * steps);
  return {
    add: (group, { values, present }) => {
      for (let step = 0, cell = group * steps; step < steps; step++, cell++) {
        if (present[step] !== 1) continue;
        const value = values[step] as number;
        const sum = sums[cell] as number;
        const total = sum + value;
        if (total === Infinity || total === -Infinity) lost[cell] = 0;
        else if (Math.abs(sum) >= Math.abs(value)) lost[cell] = (lost[cell] as number) + (sum - total + value);
        else lost[cell] = (lost[cell] as number) + (value - total + sum);
        sums[cell] = total;
        seen[cell] = 1;
      }
    },
    finish: (output) => {
      for (let group = 0, cell = 0; group < groups; group++) {
        for (let step = 0, at = group; step < steps; step++, cell++, at += groups) {
          output.values[at] = (sums[cell] as number) + (lost[cell] as number);
          output.present[at] = seen[cell] as number;
        }
      }
    },
  };
}

class Sum implements MergeableAccumulator {
  readonly #sum = new Float64Array(1);
  readonly #lost = new Float64Array(1);
  #any = false;

  add(value: number): void {
    this.#any = true;
    addCompensated(this.#sum, this.#lost, 0, value);
  }

  result(): number | undefined {
    return this.#any ? (this.#sum[0] as number) + (this.#lost[0] as number) : undefined;
  }

  reset(): void {
    this.#sum[0] = 0;
    this.#lost[0] = 0;
    this.#any = false;
  }

  save(): Float64Array {
    return Float64Array.of(Number(this.#any), this.#sum[0] as number, this.#lost[0] as number);
  }

  merge(saved: Float64Array): void {
    if (saved[0] !== 1) return;
    this.add(saved[1] as number);
    this.#lost[0] = (this.#lost[0] as number) + (saved[2] as number);
  }
}
