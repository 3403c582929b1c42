import type { QueryResult } from '@metrics-dashboard/core';
import type { Duration, TimeRange, Timestamp } from '@metrics-dashboard/sdk';
import type { FloatCells } from './scalars.js';
import type { QueryResultType } from './types/query.type.js';

/** The grid of a range query. */
export type AnswerGrid = TimeRange & { readonly step: Duration };

/** Cuts the engine's columns into one pair a series, without copying. With a grid, a frame also has its values on all steps of it. */
export function inFrames(result: QueryResult, grid?: AnswerGrid, thinned = false): QueryResultType {
  const { type, series, offsets, times, values, text, warnings, infos, stats } = result;
  const steps = grid && Math.floor((grid.end - grid.start) / grid.step) + 1;
  const frames = series.map((labels, i) => {
    const [from, to] = [offsets[i], offsets[i + 1]];
    const at = times.subarray(from, to);
    const cells = values.subarray(from, to);
    return { labels, times: at, values: { values: cells }, packed: grid && steps !== undefined ? new GridCells(at, cells, grid, steps) : undefined };
  });
  return { type, frames, text, step: grid?.step, start: grid?.start, steps, thinned, warnings, infos, stats };
}

/** The values of a frame on a grid; worked out when they are asked for. */
class GridCells implements FloatCells {
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  readonly #start: Timestamp;
  readonly #step: Duration;
  readonly #steps: number;

  constructor(times: Float64Array, values: Float64Array, { start, step }: AnswerGrid, steps: number) {
    [this.#times, this.#values, this.#start, this.#step, this.#steps] = [times, values, start, step, steps];
  }

  get values(): Float64Array {
    if (this.#times.length === this.#steps) return this.#values;
    const all = new Float64Array(this.#steps).fill(NaN);
    this.#times.forEach((at, i) => (all[this.#place(at)] = this.#values[i] as number));
    return all;
  }

  get present(): Uint8Array | undefined {
    if (this.#times.length === this.#steps) return undefined;
    const present = new Uint8Array(this.#steps);
    for (const at of this.#times) present[this.#place(at)] = 1;
    return present;
  }

  #place(at: Timestamp): number {
    return Math.round((at - this.#start) / this.#step);
  }
}
