/** A growing column of unsigned 32-bit integers. */
export class U32List {
  #items: Uint32Array;
  #length = 0;

  constructor(capacity = 4) {
    this.#items = new Uint32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#items.byteLength;
  }

  at(index: number): number {
    return this.#items[index] as number;
  }

  set(index: number, item: number): void {
    this.#items[index] = item;
  }

  push(item: number): void {
    if (this.#length === this.#items.length) {
      const larger = new Uint32Array(this.#length * 2);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.#length++] = item;
  }

  /** The last item, removed; undefined when there is none. */
  pop(): number | undefined {
    return this.#length === 0 ? undefined : this.#items[--this.#length];
  }

  clear(): void {
    this.#length = 0;
  }

  /** The items, lent until the next change. */
  view(): Uint32Array {
    return this.#items.subarray(0, this.#length);
  }
}

/** The column itself when it is long enough, else a copy with room for at least `length` items. */
export function grown(column: Uint32Array, length: number): Uint32Array {
  if (length <= column.length) return column;
  const larger = new Uint32Array(Math.max(length, column.length * 2));
  larger.set(column);
  return larger;
}

/** As `grown`, for float64 columns. */
export function grownDoubles(column: Float64Array, length: number): Float64Array {
  if (length <= column.length) return column;
  const larger = new Float64Array(Math.max(length, column.length * 2));
  larger.set(column);
  return larger;
}
