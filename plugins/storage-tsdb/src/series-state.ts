import type { Epochs } from './epochs.js';

const PAGE_BITS = 10;
const PAGE_SERIES = 1 << PAGE_BITS;

/** The words of a series' state. */
export const TIMELINE = 0;
export const COLUMN = 1;
/** Row of the timeline at which the open column begins. */
export const START = 2;
/** Samples in the open column. */
export const COUNT = 3;
export const SIZE = 4;
/** The newest chunk, and how many the series has. */
export const CHUNK = 5;
export const CHUNKS = 6;
/** The out-of-order column, 0 for none. */
export const LATE = 7;
const STRIDE = 8;

/**
 * What each series has in the head, 32 bytes a series, by slot. A view keeps the pages as they are: the first write
 * to a page after a view was opened goes to a copy of it. So a snapshot costs a pointer a thousand series.
 */
export class SeriesState {
  readonly #epochs: Epochs;
  #pages: Uint32Array[] = [];
  readonly #epochOfPage: number[] = [];

  constructor(epochs: Epochs) {
    this.#epochs = epochs;
  }

  get bytes(): number {
    return this.#pages.length * PAGE_SERIES * STRIDE * 4;
  }

  /** Makes room for slots below `slots`. */
  reserve(slots: number): void {
    while (this.#pages.length * PAGE_SERIES < slots) {
      this.#pages.push(new Uint32Array(PAGE_SERIES * STRIDE));
      this.#epochOfPage.push(this.#epochs.current);
    }
  }

  /** The page of a slot, to be written to; valid until a view is opened. */
  writable(slot: number): Uint32Array {
    const number = slot >>> PAGE_BITS;
    const page = this.#pages[number] as Uint32Array;
    if (this.#epochOfPage[number] === this.#epochs.current) return page;
    this.#epochOfPage[number] = this.#epochs.current;
    if (!this.#epochs.hasViews) return page;
    return (this.#pages[number] = page.slice());
  }

  snapshot(): StateSnapshot {
    return new StateSnapshot(this.#pages.slice());
  }

  get(slot: number, word: number): number {
    return (this.#pages[slot >>> PAGE_BITS] as Uint32Array)[offsetOf(slot) + word] as number;
  }
}

/** The state of all series at one moment. */
export class StateSnapshot {
  readonly #pages: readonly Uint32Array[];

  constructor(pages: readonly Uint32Array[]) {
    this.#pages = pages;
  }

  /** 0 for every word of a series that is younger than the snapshot. */
  get(slot: number, word: number): number {
    return this.#pages[slot >>> PAGE_BITS]?.[offsetOf(slot) + word] ?? 0;
  }
}

/** Where a slot's words begin in its page. */
export function offsetOf(slot: number): number {
  return (slot & (PAGE_SERIES - 1)) * STRIDE;
}
