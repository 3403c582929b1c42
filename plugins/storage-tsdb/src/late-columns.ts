import { CHUNK_SAMPLES } from './chunk.js';
import type { ColumnArena } from './column-arena.js';
import { sizeFor } from './column-arena.js';
import type { Epochs } from './epochs.js';
import { U32List, grown } from './u32-list.js';

/** What is given up through `Epochs`, by kind: columns have the kinds from `COLUMN_KIND` on, one for each size. */
export const LATE_KIND = 0;
export const NODE_KIND = 1;
export const TIMELINE_KIND = 2;
/** Nothing is given up: a sign that the views of then are gone. */
export const QUIET_KIND = 3;
export const COLUMN_KIND = 4;

/**
 * Samples that came out of order: a small pair of sorted columns for each series that has any. An insertion makes new
 * columns, so that a view keeps what it saw.
 */
export class LateColumns {
  readonly #arena: ColumnArena;
  readonly #epochs: Epochs;
  readonly #free = new U32List(16);
  #count = 1;
  #times: Uint32Array = new Uint32Array(16);
  #values: Uint32Array = new Uint32Array(16);
  #samples: Uint32Array = new Uint32Array(16);

  constructor(arena: ColumnArena, epochs: Epochs) {
    this.#arena = arena;
    this.#epochs = epochs;
  }

  samples(late: number): number {
    return late === 0 ? 0 : (this.#samples[late] as number);
  }

  isFull(late: number): boolean {
    return this.samples(late) === CHUNK_SAMPLES;
  }

  time(late: number, row: number): number {
    return this.#arena.get(this.#times[late] as number, row);
  }

  read(late: number, times: Float64Array, values: Float64Array, to: number): void {
    this.readTimes(late, times, to);
    this.readValues(late, values, to);
  }

  readTimes(late: number, into: Float64Array, to: number): void {
    this.#arena.read(this.#times[late] as number, 0, this.samples(late), into, to);
  }

  readValues(late: number, into: Float64Array, to: number): void {
    this.#arena.read(this.#values[late] as number, 0, this.samples(late), into, to);
  }

  /** The row of a time, or where it belongs as `-1 - row`. */
  find(late: number, time: number): number {
    let low = 0;
    let high = this.samples(late);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.time(late, middle) < time) low = middle + 1;
      else high = middle;
    }
    return low < this.samples(late) && this.time(late, low) === time ? low : -1 - low;
  }

  value(late: number, row: number): number {
    return this.#arena.get(this.#values[late] as number, row);
  }

  /** New columns with one sample more, at the row `find` gave; the old ones are given up. `late` is 0 or not full. */
  inserted(late: number, row: number, time: number, value: number): number {
    const count = this.samples(late);
    const id = this.#allocate(count + 1);
    this.#fill(this.#times[id] as number, late === 0 ? 0 : (this.#times[late] as number), count, row, time);
    this.#fill(this.#values[id] as number, late === 0 ? 0 : (this.#values[late] as number), count, row, value);
    if (late !== 0) this.#epochs.giveUp(LATE_KIND, late);
    return id;
  }

  /** New columns with some samples; 0 for none. */
  of(times: Float64Array, values: Float64Array, from: number, count: number): number {
    if (count === 0) return 0;
    const id = this.#allocate(count);
    const timeColumn = this.#times[id] as number;
    const valueColumn = this.#values[id] as number;
    this.#arena.page(timeColumn).set(times.subarray(from, from + count), this.#arena.offset(timeColumn));
    this.#arena.page(valueColumn).set(values.subarray(from, from + count), this.#arena.offset(valueColumn));
    return id;
  }

  reclaim(late: number): void {
    const size = sizeFor(this.samples(late));
    this.#arena.free(this.#times[late] as number, size);
    this.#arena.free(this.#values[late] as number, size);
    this.#free.push(late);
  }

  #allocate(count: number): number {
    const id = this.#free.pop() ?? this.#count++;
    this.#times = grown(this.#times, id + 1);
    this.#values = grown(this.#values, id + 1);
    this.#samples = grown(this.#samples, id + 1);
    this.#times[id] = this.#arena.allocate(sizeFor(count));
    this.#values[id] = this.#arena.allocate(sizeFor(count));
    this.#samples[id] = count;
    return id;
  }

  #fill(to: number, from: number, count: number, row: number, item: number): void {
    const target = this.#arena.page(to);
    const at = this.#arena.offset(to);
    if (row > 0) this.#arena.read(from, 0, row, target, at);
    target[at + row] = item;
    if (row < count) this.#arena.read(from, row, count - row, target, at + row + 1);
  }
}
