import { CHUNK_SAMPLES } from './chunk.js';
import { U32List, grown } from './u32-list.js';

const PAGE_BITS = 13;
const PAGE_DOUBLES = 1 << PAGE_BITS;
const NO_COLUMN = PAGE_DOUBLES;

/** The sizes of columns: a column that is full moves to the next. */
export const COLUMN_SIZES = [4, 8, 16, 32, 64, CHUNK_SAMPLES] as const;

/**
 * Small float64 columns by the hundred thousand, out of pages of 64 KiB: a column is a number, and costs no object. All
 * columns of a page have one size. Series grow together, so a page is often left by all of its columns at once: then it
 * is given back.
 */
export class ColumnArena {
  readonly #pages: (Float64Array | undefined)[] = [];
  readonly #freePages = new U32List(16);
  /** For each page: columns in use, how far it was ever used, its first free column, and whether it is among the partial. */
  #used: Uint32Array = new Uint32Array(16);
  #filled: Uint32Array = new Uint32Array(16);
  #firstFree: Uint32Array = new Uint32Array(16);
  #isPartial: Uint32Array = new Uint32Array(16);
  /** For each size, pages with room. */
  readonly #partial = COLUMN_SIZES.map(() => new U32List(16));

  get bytes(): number {
    return (this.#pages.length - this.#freePages.length) * PAGE_DOUBLES * 8;
  }

  /** A column of `COLUMN_SIZES[size]` entries, with whatever they held before. */
  allocate(size: number): number {
    const page = this.#pageWithRoom(size);
    this.#used[page] = (this.#used[page] as number) + 1;
    let offset = this.#firstFree[page] as number;
    if (offset !== NO_COLUMN) this.#firstFree[page] = (this.#pages[page] as Float64Array)[offset] as number;
    else {
      offset = this.#filled[page] as number;
      this.#filled[page] = offset + sizeOf(size);
    }
    if (!this.#hasRoom(page, size)) {
      // It is the last of the partial ones: those are taken from the end.
      this.#partial[size]?.pop();
      this.#isPartial[page] = 0;
    }
    return ((page << PAGE_BITS) | offset) >>> 0;
  }

  free(column: number, size: number): void {
    const page = column >>> PAGE_BITS;
    const offset = column & (PAGE_DOUBLES - 1);
    // The chain of a page's free columns is kept in their first entries.
    (this.#pages[page] as Float64Array)[offset] = this.#firstFree[page] as number;
    this.#firstFree[page] = offset;
    this.#used[page] = (this.#used[page] as number) - 1;
    if (this.#isPartial[page] === 0) {
      this.#isPartial[page] = 1;
      this.#partial[size]?.push(page);
    } else if (this.#used[page] === 0 && (this.#partial[size] as U32List).length > 1) this.#drop(page, size);
  }

  get(column: number, index: number): number {
    return this.page(column)[this.offset(column) + index] as number;
  }

  set(column: number, index: number, value: number): void {
    this.page(column)[this.offset(column) + index] = value;
  }

  /** The page that holds a column; `offset` says where in it. */
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

  #pageWithRoom(size: number): number {
    const partial = this.#partial[size] as U32List;
    const known = partial.length === 0 ? undefined : partial.at(partial.length - 1);
    if (known !== undefined) return known;
    const page = this.#freePages.pop() ?? this.#pages.length;
    this.#pages[page] = new Float64Array(PAGE_DOUBLES);
    this.#used = grown(this.#used, page + 1);
    this.#filled = grown(this.#filled, page + 1);
    this.#firstFree = grown(this.#firstFree, page + 1);
    this.#isPartial = grown(this.#isPartial, page + 1);
    this.#used[page] = 0;
    this.#filled[page] = 0;
    this.#firstFree[page] = NO_COLUMN;
    this.#isPartial[page] = 1;
    partial.push(page);
    return page;
  }

  #hasRoom(page: number, size: number): boolean {
    return this.#firstFree[page] !== NO_COLUMN || (this.#filled[page] as number) + sizeOf(size) <= PAGE_DOUBLES;
  }

  #drop(page: number, size: number): void {
    const partial = this.#partial[size] as U32List;
    const at = partial.view().indexOf(page);
    partial.set(at, partial.at(partial.length - 1));
    partial.pop();
    this.#isPartial[page] = 0;
    this.#pages[page] = undefined;
    this.#freePages.push(page);
  }
}

/** The entries of a column of some size. */
export function sizeOf(size: number): number {
  return COLUMN_SIZES[size] as number;
}

/** The smallest size that holds `count` entries. */
export function sizeFor(count: number): number {
  let size = 0;
  while (sizeOf(size) < count) size++;
  return size;
}
