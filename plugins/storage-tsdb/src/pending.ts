import { grown, grownDoubles } from './u32-list.js';

/**
 * Samples that were accepted and are not yet durable, in the order they came. Two of these take turns: while one is
 * written and synced, appends fill the other.
 */
export class PendingSamples {
  count = 0;
  refs: Uint32Array = new Uint32Array(4096);
  times: Float64Array = new Float64Array(4096);
  values: Float64Array = new Float64Array(4096);
  maxTime = -Infinity;
  /** How many of them, the first ones, a commit was asked for. */
  covered = 0;
  /** The latest position of each ref, and for each position the one before of the same ref; -1 for none. */
  readonly #latest = new Map<number, number>();
  #before = new Int32Array(0);
  #indexed = 0;

  /** Makes room for further samples. */
  reserve(further: number): void {
    const length = this.count + further;
    this.refs = grown(this.refs, length);
    this.times = grownDoubles(this.times, length);
    this.values = grownDoubles(this.values, length);
  }

  push(ref: number, time: number, value: number): void {
    this.refs[this.count] = ref;
    this.times[this.count] = time;
    this.values[this.count++] = value;
    if (time > this.maxTime) this.maxTime = time;
  }

  /** The position of a sample, -1 when there is none. Only samples out of order are sought, so the index is made on demand. */
  find(ref: number, time: number): number {
    this.#catchUp();
    let at = this.#latest.get(ref) ?? -1;
    while (at >= 0 && this.times[at] !== time) at = this.#before[at] as number;
    return at;
  }

  /** Leaves only the first so many. */
  truncate(count: number): void {
    this.count = count;
    this.maxTime = -Infinity;
    for (let i = 0; i < count; i++) this.maxTime = Math.max(this.maxTime, this.times[i] as number);
    this.#latest.clear();
    this.#indexed = 0;
  }

  clear(): void {
    this.count = 0;
    this.covered = 0;
    this.maxTime = -Infinity;
    this.#latest.clear();
    this.#indexed = 0;
  }

  #catchUp(): void {
    if (this.#before.length < this.count) {
      const larger = new Int32Array(this.refs.length);
      larger.set(this.#before);
      this.#before = larger;
    }
    for (; this.#indexed < this.count; this.#indexed++) {
      const ref = this.refs[this.#indexed] as number;
      this.#before[this.#indexed] = this.#latest.get(ref) ?? -1;
      this.#latest.set(ref, this.#indexed);
    }
  }
}
