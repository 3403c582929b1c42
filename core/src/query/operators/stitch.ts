import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Execution } from './execution.js';
import { makeBatch, seriesKey } from './operator.js';
import type { Operator, OutputSeries } from './operator.js';

/** One operator after the other in time, each over its own part of the grid; their series are united. */
export class Stitch implements Operator {
  readonly inputs: readonly Operator[];
  readonly #execution: Execution;
  /** The result column of each column of each part. */
  #columns: readonly (readonly number[])[] = [];
  #part = 0;

  constructor(execution: Execution, parts: readonly Operator[]) {
    this.#execution = execution;
    this.inputs = parts;
  }

  async series(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const all: OutputSeries[] = [];
    const byKey = new Map<string, number>();
    const columns: number[][] = [];
    for (const part of this.inputs) {
      const series = await part.series(signal);
      columns.push(
        series.map((one) => {
          const key = seriesKey(one);
          const known = byKey.get(key) ?? all.push(one) - 1;
          byKey.set(key, known);
          return known;
        }),
      );
    }
    this.#columns = columns;
    return this.#execution.declare(all);
  }

  /** Batches are filled to the brim, as whoever joins two operators expects of both. */
  async next(out: StepBatch, signal: AbortSignal): Promise<boolean> {
    const capacity = out.times.length;
    out.steps = 0;
    while (out.steps < capacity) {
      const part = this.inputs[this.#part];
      const columns = this.#columns[this.#part];
      if (part === undefined || columns === undefined) break;
      const batch = makeBatch(capacity - out.steps, columns.length);
      if (await part.next(batch, signal)) place(batch, columns, out);
      else this.#part++;
    }
    return out.steps > 0;
  }

  toString(): string {
    return 'stitch';
  }
}

function place(batch: StepBatch, columns: readonly number[], out: StepBatch): void {
  out.times.set(batch.times.subarray(0, batch.steps), out.steps);
  out.present.fill(0, out.steps * out.width, (out.steps + batch.steps) * out.width);
  for (let k = 0, cell = 0; k < batch.steps; k++) {
    const row = (out.steps + k) * out.width;
    for (const column of columns) {
      if (batch.present[cell] === 1) {
        out.values[row + column] = batch.values[cell] as number;
        out.present[row + column] = 1;
      }
      cell++;
    }
  }
  out.steps += batch.steps;
}
