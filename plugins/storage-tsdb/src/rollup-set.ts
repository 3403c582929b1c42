import type { Column, Duration, Labels, SeriesSet, Timestamp } from '@metrics-dashboard/sdk';
import { step } from './rollup-windows.js';

/** The step from one sample to the next is part of `increase` when they are no further apart: a series may pause. */
export const STEP_REACH: Duration = 3600_000;

/** How far before a range windows have to be read for the increases inside it. */
export function reachOf(resolution: Duration): Duration {
  return STEP_REACH + resolution;
}

/** What has to be read of stored columns to give a column. */
export function storedColumnsOf(columns: readonly Column[]): readonly Column[] {
  const stored = new Set<Column>();
  for (const column of columns) {
    if (column !== 'increase') stored.add(column);
    else for (const one of ['increaseWithin', 'first', 'last', 'firstTime', 'lastTime'] as const) stored.add(one);
  }
  return [...stored];
}

/**
 * Windows as they are offered: from `start` on, times as times, and increases with the step into each window. What was
 * read begins earlier by the reach.
 */
export class RollupSeries implements SeriesSet {
  readonly #read: SeriesSet;
  readonly #start: Timestamp;
  #ends = new Float64Array(64);
  #endsGroup = -1;
  /** The first row of the group `endsGroup` that is offered, and the rows read. */
  #from = 0;
  #count = 0;
  readonly #scratch = new Map<Column, Float64Array>();

  constructor(read: SeriesSet, start: Timestamp) {
    this.#read = read;
    this.#start = start;
  }

  get size(): number {
    return this.#read.size;
  }

  get timeGroup(): Uint32Array {
    return this.#read.timeGroup;
  }

  get groups(): number {
    return this.#read.groups;
  }

  labels(i: number): Labels {
    return this.#read.labels(i);
  }

  capacity(group: number): number {
    return this.#read.capacity(group);
  }

  times(group: number, into: Float64Array): number {
    this.#readEnds(group);
    into.set(this.#ends.subarray(this.#from, this.#count));
    return this.#count - this.#from;
  }

  values(i: number, column: Column, into: Float64Array): number {
    this.#readEnds(this.timeGroup[i] as number);
    const count = this.#count - this.#from;
    if (column === 'increase') this.#increases(i, into);
    else {
      const stored = this.#column(i, column);
      if (column === 'firstTime' || column === 'lastTime') {
        for (let k = 0; k < count; k++) {
          into[k] = (this.#ends[this.#from + k] as number) - (stored[this.#from + k] as number);
        }
      } else into.set(stored.subarray(this.#from, this.#count));
    }
    return count;
  }

  #increases(i: number, into: Float64Array): void {
    const within = this.#column(i, 'increaseWithin');
    const first = this.#column(i, 'first');
    const last = this.#column(i, 'last');
    const firstTime = this.#column(i, 'firstTime');
    const lastTime = this.#column(i, 'lastTime');
    for (let row = this.#from, k = 0; row < this.#count; row++, k++) {
      let into0 = 0;
      if (row > 0) {
        const at = (this.#ends[row] as number) - (firstTime[row] as number);
        const before = (this.#ends[row - 1] as number) - (lastTime[row - 1] as number);
        if (at - before <= STEP_REACH) into0 = step(last[row - 1] as number, first[row] as number);
      }
      into[k] = (within[row] as number) + (into0 === into0 ? into0 : 0);
    }
  }

  #column(i: number, column: Column): Float64Array {
    let stored = this.#scratch.get(column);
    if (stored === undefined || stored.length < this.#ends.length) {
      stored = new Float64Array(this.#ends.length);
      this.#scratch.set(column, stored);
    }
    this.#read.values(i, column, stored);
    return stored;
  }

  #readEnds(group: number): void {
    if (this.#endsGroup === group) return;
    const capacity = this.#read.capacity(group);
    if (this.#ends.length < capacity) this.#ends = new Float64Array(capacity * 2);
    this.#count = this.#read.times(group, this.#ends);
    this.#endsGroup = group;
    let from = 0;
    while (from < this.#count && (this.#ends[from] as number) < this.#start) from++;
    this.#from = from;
  }
}
