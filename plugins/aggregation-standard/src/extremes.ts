import type { AggregationFunction, MergeableAccumulator } from '@metrics-dashboard/sdk';
import { columnsOfCells } from './cells.js';
import type { Cells } from './cells.js';

/** The smallest value; NaN only where there is nothing else. */
export const min: AggregationFunction = extreme('min', (value, least) => value < least);
/** The largest value; NaN only where there is nothing else. */
export const max: AggregationFunction = extreme('max', (value, most) => value > most);

function extreme(name: string, beats: (value: number, best: number) => boolean): AggregationFunction {
  const better = (value: number, best: number): boolean => beats(value, best) || Number.isNaN(best);
  return {
    name,
    create: () => new Extreme(better),
    over: (values, from, to) => {
      let best = values[from] as number;
      for (let i = from + 1; i < to; i++) if (better(values[i] as number, best)) best = values[i] as number;
      return best;
    },
    across: (input, groups, output) => {
      for (let step = 0, cell = 0; step < input.steps; step++) {
        for (let i = 0; i < input.width; i++, cell++) {
          if (input.present[cell] !== 1) continue;
          const value = input.values[cell] as number;
          const at = step * output.width + (groups[i] as number);
          if (output.present[at] === 1 && !better(value, output.values[at] as number)) continue;
          output.values[at] = value;
          output.present[at] = 1;
        }
      }
    },
    columns: (groups, steps) => columnsOfCells(new Extremes(groups * steps, better), groups, steps),
  };
}

class Extremes implements Cells {
  readonly #best: Float64Array;
  readonly #seen: Uint8Array;
  readonly #better: (value: number, best: number) => boolean;

  constructor(cells: number, better: (value: number, best: number) => boolean) {
    this.#best = new Float64Array(cells);
    this.#seen = new Uint8Array(cells);
    this.#better = better;
  }

  add(cell: number, value: number): void {
    if (this.#seen[cell] === 1 && !this.#better(value, this.#best[cell] as number)) return;
    this.#best[cell] = value;
    this.#seen[cell] = 1;
  }

  result(cell: number): number | undefined {
    return this.#seen[cell] === 1 ? this.#best[cell] : undefined;
  }

  reset(cell: number): void {
    this.#seen[cell] = 0;
  }
}

class Extreme implements MergeableAccumulator {
  readonly #better: (value: number, best: number) => boolean;
  #best: number | undefined;

  constructor(better: (value: number, best: number) => boolean) {
    this.#better = better;
  }

  add(value: number): void {
    if (this.#best === undefined || this.#better(value, this.#best)) this.#best = value;
  }

  result(): number | undefined {
    return this.#best;
  }

  reset(): void {
    this.#best = undefined;
  }

  save(): Float64Array {
    return this.#best === undefined ? new Float64Array(0) : Float64Array.of(this.#best);
  }

  merge(saved: Float64Array): void {
    if (saved[0] !== undefined) this.add(saved[0]);
  }
}
