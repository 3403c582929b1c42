import type { ColumnArena } from './column-arena.js';
import { sizeOf } from './column-arena.js';
import { CHUNK_SAMPLES } from './chunk.js';
import { U32List, grown, grownDoubles } from './u32-list.js';

/** No timeline; the numbers of timelines begin at 1. */
export const NONE = 0;

/**
 * The time columns that series share. The series of one scrape have the same times, so they stand on one timeline,
 * each from a row of its own on:
 *
 *     timeline   10 25 40 55 70          series A  from row 0, 5 samples
 *                                        series B  from row 2, 3 samples: it began later
 *
 * A series whose next time is not the timeline's next row leaves it for a fork: a timeline that begins with the
 * times the series already has. Others that leave at the same row with the same time find that fork. Rows are only
 * ever added, so a count that was read once stays true.
 */
export class Timelines {
  readonly #arena: ColumnArena;
  readonly #free = new U32List(16);
  #count = 1;
  #column: Uint32Array = new Uint32Array(64);
  #size: Uint32Array = new Uint32Array(64);
  #rows: Uint32Array = new Uint32Array(64);
  #users: Uint32Array = new Uint32Array(64);
  /** Where the series of a full timeline went on. A hint: who follows it looks at the times. */
  #next: Uint32Array = new Uint32Array(64);
  /** The latest fork: its timeline, its generation then, and the rows from which and before which it was made. */
  #fork: Uint32Array = new Uint32Array(64);
  #forkGeneration: Uint32Array = new Uint32Array(64);
  #forkStart: Uint32Array = new Uint32Array(64);
  #forkRow: Uint32Array = new Uint32Array(64);
  #generation: Uint32Array = new Uint32Array(64);
  /** The first time that no longer belongs on the timeline: the end of its block's range. */
  #limit: Float64Array = new Float64Array(64);
  /** The time chunk made last from rows of a timeline, and from which: the head's to fill. */
  sealed: Uint32Array = new Uint32Array(64);
  sealedRows: Uint32Array = new Uint32Array(64);
  sealedGeneration: Uint32Array = new Uint32Array(64);

  constructor(arena: ColumnArena) {
    this.#arena = arena;
  }

  get count(): number {
    return this.#count - 1 - this.#free.length;
  }

  /** A timeline of one row, without users. */
  create(time: number, limit: number): number {
    const id = this.#free.pop() ?? this.#count++;
    if (id >= this.#column.length) this.#grow();
    this.#size[id] = 0;
    const column = this.#arena.allocate(0);
    this.#column[id] = column;
    this.#arena.set(column, 0, time);
    this.#rows[id] = 1;
    this.#users[id] = 0;
    this.#next[id] = NONE;
    this.#fork[id] = NONE;
    this.#limit[id] = limit;
    this.sealed[id] = 0;
    this.#generation[id] = ((this.#generation[id] as number) + 1) >>> 0;
    return id;
  }

  rows(id: number): number {
    return this.#rows[id] as number;
  }

  limit(id: number): number {
    return this.#limit[id] as number;
  }

  time(id: number, row: number): number {
    return this.#arena.get(this.#column[id] as number, row);
  }

  isFull(id: number): boolean {
    return this.#rows[id] === CHUNK_SAMPLES;
  }

  push(id: number, time: number): void {
    const rows = this.#rows[id] as number;
    const size = this.#size[id] as number;
    if (rows === sizeOf(size)) {
      const old = this.#column[id] as number;
      this.#column[id] = this.#arena.enlarged(old, size + 1, rows);
      this.#size[id] = size + 1;
      this.#arena.free(old, size);
    }
    this.#arena.set(this.#column[id] as number, rows, time);
    this.#rows[id] = rows + 1;
  }

  read(id: number, start: number, count: number, into: Float64Array, to: number): void {
    this.#arena.read(this.#column[id] as number, start, count, into, to);
  }

  join(id: number): void {
    this.#users[id] = (this.#users[id] as number) + 1;
  }

  /** True when nobody stands on the timeline any more: the caller gives it up. */
  leave(id: number): boolean {
    return (this.#users[id] = (this.#users[id] as number) - 1) === 0;
  }

  /** Frees a timeline that was given up, unless somebody joined it since. */
  reclaim(id: number): void {
    if (this.#users[id] !== 0 || this.#rows[id] === 0) return;
    this.#arena.free(this.#column[id] as number, this.#size[id] as number);
    this.#rows[id] = 0;
    this.#free.push(id);
  }

  /** The timeline for those who leave `id` before `row` with `time`, having the rows from `start` on. */
  forkOf(id: number, start: number, row: number, time: number): number {
    const known = this.#fork[id] as number;
    if (
      known !== NONE &&
      this.#generation[known] === this.#forkGeneration[id] &&
      this.#forkStart[id] === start &&
      this.#forkRow[id] === row &&
      row - start < (this.#rows[known] as number) &&
      this.time(known, row - start) === time
    ) {
      return known;
    }
    const fork = this.create(this.time(id, start), this.#limit[id] as number);
    for (let i = start + 1; i < row; i++) this.push(fork, this.time(id, i));
    this.push(fork, time);
    this.#fork[id] = fork;
    this.#forkGeneration[id] = this.#generation[fork] as number;
    this.#forkStart[id] = start;
    this.#forkRow[id] = row;
    return fork;
  }

  /** The timeline on which the series of `id` went on with `time`, or a new one. */
  successor(id: number, time: number, limit: number): number {
    const next = this.#next[id] as number;
    if (next !== NONE && (this.#rows[next] as number) > 0 && this.time(next, 0) === time) return next;
    const created = this.create(time, limit);
    this.#next[id] = created;
    return created;
  }

  #grow(): void {
    const length = this.#column.length * 2;
    this.#column = grown(this.#column, length);
    this.#size = grown(this.#size, length);
    this.#rows = grown(this.#rows, length);
    this.#users = grown(this.#users, length);
    this.#next = grown(this.#next, length);
    this.#fork = grown(this.#fork, length);
    this.#forkGeneration = grown(this.#forkGeneration, length);
    this.#forkStart = grown(this.#forkStart, length);
    this.#forkRow = grown(this.#forkRow, length);
    this.#generation = grown(this.#generation, length);
    this.#limit = grownDoubles(this.#limit, length);
    this.sealed = grown(this.sealed, length);
    this.sealedRows = grown(this.sealedRows, length);
    this.sealedGeneration = grown(this.sealedGeneration, length);
  }
}
