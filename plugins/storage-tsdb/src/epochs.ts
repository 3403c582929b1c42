import { U32List } from './u32-list.js';

/**
 * What a snapshot may still read is not used again before the snapshot is gone. Every open view has an epoch;
 * what is given up while views are open waits, with the epoch at which it was given up, until no older view is open.
 *
 *     view A (1) ── give up x (2) ── view B (2) ── A leaves: x is free, for B never saw it
 */
export class Epochs {
  #current = 1;
  readonly #open = new Map<number, number>();
  readonly #kinds = new U32List(64);
  readonly #items = new U32List(64);
  #epochs = new Float64Array(64);
  #first = 0;
  readonly #reclaim: (kind: number, item: number) => void;

  /** `reclaim` gets back each kind and item that was given up, once nobody can read it. */
  constructor(reclaim: (kind: number, item: number) => void) {
    this.#reclaim = reclaim;
  }

  /** Grows with every view; a page written in an earlier epoch may be seen by a view. */
  get current(): number {
    return this.#current;
  }

  get hasViews(): boolean {
    return this.#open.size > 0;
  }

  /** Opens a view; what it saw stays until `leave` is called with the answer. */
  enter(): number {
    const epoch = this.#current++;
    this.#open.set(epoch, 1);
    return epoch;
  }

  leave(epoch: number): void {
    this.#open.delete(epoch);
    this.#sweep();
  }

  giveUp(kind: number, item: number): void {
    if (this.#open.size === 0) {
      this.#reclaim(kind, item);
      return;
    }
    const at = this.#kinds.length;
    if (at === this.#epochs.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.#epochs);
      this.#epochs = larger;
    }
    this.#epochs[at] = this.#current;
    this.#kinds.push(kind);
    this.#items.push(item);
  }

  #sweep(): void {
    let oldest = Infinity;
    for (const epoch of this.#open.keys()) oldest = Math.min(oldest, epoch);
    while (this.#first < this.#kinds.length && (this.#epochs[this.#first] as number) <= oldest) {
      const at = this.#first++;
      this.#reclaim(this.#kinds.at(at), this.#items.at(at));
    }
    if (this.#first === this.#kinds.length) {
      this.#first = 0;
      this.#kinds.clear();
      this.#items.clear();
    } else if (this.#first > 65_536) this.#compact();
  }

  #compact(): void {
    const count = this.#kinds.length - this.#first;
    for (let i = 0; i < count; i++) {
      this.#kinds.set(i, this.#kinds.at(this.#first + i));
      this.#items.set(i, this.#items.at(this.#first + i));
      this.#epochs[i] = this.#epochs[this.#first + i] as number;
    }
    while (this.#kinds.length > count) {
      this.#kinds.pop();
      this.#items.pop();
    }
    this.#first = 0;
  }
}
