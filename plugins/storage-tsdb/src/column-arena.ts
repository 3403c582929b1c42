import { CHUNK_SAMPLES } from './chunk.js';
import { U32List } from './u32-list.js';

const PAGE_BITS = 14;
const PAGE_DOUBLES = 1 << PAGE_BITS;

/** The sizes of columns: a column that is full moves to the next. */
export const COLUMN_SIZES = [4, 8, 16, 32, 64, CHUNK_SAMPLES] as const;

/**
 * Small float64 columns by the hundred thousand, out of large pages: a column is a number, and costs no object.
 * Freed columns are used again by columns of the same size.
 */
export class ColumnArena {
  readonly #pages: Float64Array[] = [];
  readonly #free = COLUMN_SIZES.map(() => new U32List(16));
  /** For each size, where its page goes on; a page's end when a new one is needed. */
  readonly #next = COLUMN_SIZES.map(() => 0);
  readonly #end = COLUMN_SIZES.map(() => 0);

  get bytes(): number {
    return this.#pages.length * PAGE_DOUBLES * 8;
  }

  /** A column of `COLUMN_SIZES[size]` entries, with whatever they held before. */
  allocate(size: number): number {
    const free = this.#free[size]?.pop();
    if (free !== undefined) return free;
    const length = sizeOf(size);
    if ((this.#next[size] as number) + length > (this.#end[size] as number)) {
      this.#next[size] = this.#pages.length * PAGE_DOUBLES;
      this.#end[size] = this.#pages.length * PAGE_DOUBLES + PAGE_DOUBLES;
      this.#pages.push(new Float64Array(PAGE_DOUBLES));
    }
    const column = this.#next[size] as number;
    this.#next[size] = column + length;
    return column;
  }

  free(column: number, size: number): void {
    this.#free[size]?.push(column);
  }

  get(column: number, index: number): number {
    return this.page(column)[(column & (PAGE_DOUBLES - 1)) + index] as number;
  }

  set(column: number, index: number, value: number): void {
    this.page(column)[(column & (PAGE_DOUBLES - 1)) + index] = value;
  }

  /** The page that holds a column, and where in it. */
  page(column: number): Float64Array {
    return this.#pages[column >>> PAGE_BITS] as Float64Array;
  }

  offset(column: number): number {
    return column & (PAGE_DOUBLES - 1);
  }

  /** Copies `count` entries of a column, from `start` on, to `into` at `to`; bit for bit. */
  read(column: number, start: number, count: number, into: Float64Array, to: number): void {
    const from = this.offset(column) + start;
    into.set(this.page(column).subarray(from, from + count), to);
  }

  /** A column of size `size` that begins with the first `count` entries of another, which is still the caller's. */
  enlarged(column: number, size: number, count: number): number {
    const larger = this.allocate(size);
    this.read(column, 0, count, this.page(larger), this.offset(larger));
    return larger;
  }
}

export function sizeOf(size: number): number {
  return COLUMN_SIZES[size] as number;
}

/** The smallest size that holds `count` entries. */
export function sizeFor(count: number): number {
  let size = 0;
  while (sizeOf(size) < count) size++;
  return size;
}
