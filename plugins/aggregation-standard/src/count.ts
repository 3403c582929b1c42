import type { AggregationFunction, ColumnAggregation, MergeableAccumulator } from '@metrics-dashboard/sdk';

/** How many samples there are. */
export const count: AggregationFunction = {
  name: 'count',
  create: () => new Count((samples) => samples),
  over: (_values, from, to) => to - from,
  across: (input, groups, output) => {
    for (let step = 0, cell = 0; step < input.steps; step++) {
      const row = step * output.width;
      output.values.fill(0, row, row + output.width);
      for (let i = 0; i < input.width; i++, cell++) {
        if (input.present[cell] !== 1) continue;
        const at = row + (groups[i] as number);
        output.values[at] = (output.values[at] as number) + 1;
        output.present[at] = 1;
      }
    }
  },
  columns: (groups, steps) => countOfColumns(groups, steps, (samples) => samples),
};

/** 1 for each group that there is. */
export const group: AggregationFunction = {
  name: 'group',
  create: () => new Count(() => 1),
  over: () => 1,
  across: (input, groups, output) => {
    for (let step = 0, cell = 0; step < input.steps; step++) {
      for (let i = 0; i < input.width; i++, cell++) {
        if (input.present[cell] !== 1) continue;
        const at = step * output.width + (groups[i] as number);
        output.values[at] = 1;
        output.present[at] = 1;
      }
    }
  },
  columns: (groups, steps) => countOfColumns(groups, steps, () => 1),
};

function countOfColumns(groups: number, steps: number, shown: (samples: number) => number): ColumnAggregation {
  const counts = new Uint32Array(groups * steps);
  return {
    add: (group, { present }) => {
      const first = group * steps;
      for (let step = 0; step < steps; step++) counts[first + step] = (counts[first + step] as number) + (present[step] as number);
    },
    finish: (output) => {
      counts.forEach((samples, cell) => {
        if (samples === 0) return;
        const at = (cell % steps) * groups + Math.floor(cell / steps);
        output.values[at] = shown(samples);
        output.present[at] = 1;
      });
    },
  };
}

class Count implements MergeableAccumulator {
  readonly #shown: (samples: number) => number;
  #samples = 0;

  constructor(shown: (samples: number) => number) {
    this.#shown = shown;
  }

  add(): void {
    this.#samples++;
  }

  result(): number | undefined {
    return this.#samples === 0 ? undefined : this.#shown(this.#samples);
  }

  reset(): void {
    this.#samples = 0;
  }

  save(): Float64Array {
    return Float64Array.of(this.#samples);
  }

  merge(saved: Float64Array): void {
    this.#samples += saved[0] ?? 0;
  }
}
