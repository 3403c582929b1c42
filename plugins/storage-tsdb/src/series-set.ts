import { InvariantError } from '@metrics-dashboard/sdk';
import type { Column, Labels, SeriesSet, TimeRange } from '@metrics-dashboard/sdk';
import type { Piece, PieceSink } from './pieces.js';
import { U32List } from './u32-list.js';

/**
 * Collects the pieces of series, one series after another. Series with the same sequence of pieces have the same
 * times, so the sequences are kept as a tree: a group is a node, its pieces are the path to it.
 */
export class SeriesSetBuilder implements PieceSink {
  readonly pieces: Piece[] = [];
  readonly #children = new Map<number, number>();
  readonly #parent = new U32List(64);
  readonly #piece = new U32List(64);
  readonly #groupOfNode = new Map<number, number>();
  readonly #groups: (readonly Piece[])[] = [];
  readonly #addresses = new U32List(256);
  readonly #starts = new U32List(64);
  readonly #timeGroup: U32List = new U32List(64);
  readonly #ids: number[] = [];
  readonly #at: number[] = [];

  constructor() {
    this.#parent.push(0);
    this.#piece.push(0);
    this.#starts.push(0);
  }

  add(piece: number, address: number): void {
    this.#ids.push(piece);
    this.#at.push(address);
  }

  /** Ends a series, whose pieces were added before. */
  endSeries(): void {
    if (!this.#isAscending()) this.#sort();
    let node = 0;
    for (let i = 0; i < this.#ids.length; i++) {
      node = this.#child(node, this.#ids[i] as number);
      this.#addresses.push(this.#at[i] as number);
    }
    this.#timeGroup.push(this.#group(node));
    this.#starts.push(this.#addresses.length);
    this.#ids.length = 0;
    this.#at.length = 0;
  }

  /** `columns` are those of the pieces, by their numbers. */
  build(range: TimeRange, columns: readonly Column[], labels: (i: number) => Labels): SeriesSet {
    return new LoadedSeries({
      range,
      columns,
      labels,
      groups: this.#groups,
      timeGroup: this.#timeGroup.view(),
      starts: this.#starts.view(),
      addresses: this.#addresses.view(),
    });
  }

  #isAscending(): boolean {
    for (let i = 1; i < this.#ids.length; i++) if (this.#first(i) <= this.#last(i - 1)) return false;
    return true;
  }

  /** Brings pieces into the order of their times when they then don't overlap; overlapping ones stay as they came. */
  #sort(): void {
    const order = this.#ids.map((_, i) => i).sort((a, b) => this.#first(a) - this.#first(b));
    for (let i = 1; i < order.length; i++) {
      if (this.#first(order[i] as number) <= this.#last(order[i - 1] as number)) return;
    }
    const ids = order.map((i) => this.#ids[i] as number);
    const at = order.map((i) => this.#at[i] as number);
    this.#ids.splice(0, ids.length, ...ids);
    this.#at.splice(0, at.length, ...at);
  }

  #first(i: number): number {
    return this.pieces[this.#ids[i] as number]?.first ?? 0;
  }

  #last(i: number): number {
    return this.pieces[this.#ids[i] as number]?.last ?? 0;
  }

  #child(node: number, piece: number): number {
    const key = node * 2 ** 26 + piece;
    let child = this.#children.get(key);
    if (child === undefined) {
      child = this.#parent.length;
      this.#parent.push(node);
      this.#piece.push(piece);
      this.#children.set(key, child);
    }
    return child;
  }

  #group(node: number): number {
    let group = this.#groupOfNode.get(node);
    if (group === undefined) {
      const pieces: Piece[] = [];
      for (let at = node; at !== 0; at = this.#parent.at(at)) pieces.push(this.pieces[this.#piece.at(at)] as Piece);
      group = this.#groups.push(pieces.reverse()) - 1;
      this.#groupOfNode.set(node, group);
    }
    return group;
  }
}

interface Loaded {
  readonly range: TimeRange;
  readonly columns: readonly Column[];
  readonly labels: (i: number) => Labels;
  readonly groups: readonly (readonly Piece[])[];
  readonly timeGroup: Uint32Array;
  /** Where the addresses of a series' pieces begin; one more entry than there are series. */
  readonly starts: Uint32Array;
  readonly addresses: Uint32Array;
}

/** Decodes columns when they are asked for. Of what a group's times say, only the last group's is kept. */
class LoadedSeries implements SeriesSet {
  readonly #loaded: Loaded;
  readonly #capacities: Uint32Array;
  /** For each group, the first sample inside the range, and how many there are; -1 before they are known. */
  readonly #from: Int32Array;
  readonly #count: Int32Array;
  #scratch = new Float64Array(256);
  #timesGroup = -1;
  #times = new Float64Array(256);
  /** Where overlapping pieces have the samples of the group, in time order; undefined when they don't overlap. */
  #order: Uint32Array | undefined;

  constructor(loaded: Loaded) {
    this.#loaded = loaded;
    this.#capacities = Uint32Array.from(loaded.groups, (pieces) => pieces.reduce((sum, one) => sum + one.count, 0));
    this.#from = new Int32Array(loaded.groups.length).fill(-1);
    this.#count = new Int32Array(loaded.groups.length);
  }

  get size(): number {
    return this.#loaded.timeGroup.length;
  }

  get timeGroup(): Uint32Array {
    return this.#loaded.timeGroup;
  }

  get groups(): number {
    return this.#loaded.groups.length;
  }

  labels(i: number): Labels {
    return this.#loaded.labels(i);
  }

  capacity(group: number): number {
    return (this.#from[group] as number) >= 0 ? (this.#count[group] as number) : (this.#capacities[group] as number);
  }

  times(group: number, into: Float64Array): number {
    this.#decodeTimes(group);
    const from = this.#from[group] as number;
    const count = this.#count[group] as number;
    into.set(this.#times.subarray(from, from + count));
    return count;
  }

  values(i: number, column: Column, into: Float64Array): number {
    const number = this.#loaded.columns.indexOf(column);
    if (number < 0) throw new InvariantError(`column ${column} of a level with ${this.#loaded.columns.join(', ')}`);
    const group = this.#loaded.timeGroup[i] as number;
    const pieces = this.#loaded.groups[group] as readonly Piece[];
    if ((this.#from[group] as number) < 0) this.#decodeTimes(group);
    const isMerged = overlap(pieces);
    if (isMerged && this.#timesGroup !== group) this.#decodeTimes(group);
    const from = this.#from[group] as number;
    const count = this.#count[group] as number;
    const total = this.#capacities[group] as number;
    const isWhole = !isMerged && count === total && into.length >= total;
    if (!isWhole && this.#scratch.length < total) this.#scratch = new Float64Array(total * 2);
    const target = isWhole ? into : this.#scratch;
    let address = this.#loaded.starts[i] as number;
    let at = 0;
    for (const piece of pieces) {
      piece.readValues(this.#loaded.addresses[address++] as number, target, at, number);
      at += piece.count;
    }
    if (isMerged && this.#order !== undefined) gather(this.#scratch, this.#order, from, count, into);
    else if (!isWhole) into.set(this.#scratch.subarray(from, from + count));
    return count;
  }

  #decodeTimes(group: number): void {
    if (this.#timesGroup === group) return;
    const pieces = this.#loaded.groups[group] as readonly Piece[];
    const total = this.#capacities[group] as number;
    if (this.#times.length < total) this.#times = new Float64Array(total * 2);
    let at = 0;
    for (const piece of pieces) {
      piece.readTimes(this.#times, at);
      at += piece.count;
    }
    let length = total;
    this.#order = undefined;
    if (overlap(pieces)) {
      this.#order = timeOrder(this.#times, total);
      length = this.#order.length;
      this.#times.set(Float64Array.from(this.#order, (position) => this.#times[position] as number));
    }
    this.#timesGroup = group;
    const { start, end } = this.#loaded.range;
    const from = firstNotBelow(this.#times, length, start);
    this.#from[group] = from;
    this.#count[group] = firstAbove(this.#times, length, end) - from;
  }
}

/** Whether the pieces' samples have to be merged. */
function overlap(pieces: readonly Piece[]): boolean {
  for (let i = 1; i < pieces.length; i++) {
    if ((pieces[i] as Piece).first <= (pieces[i - 1] as Piece).last) return true;
  }
  return false;
}

/** The positions of the samples in time order; of equal times the first one stays. */
function timeOrder(times: Float64Array, count: number): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  order.sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const position = order[i] as number;
    if (kept > 0 && times[position] === times[order[kept - 1] as number]) continue;
    order[kept++] = position;
  }
  return order.subarray(0, kept);
}

/** Copies the values at some positions, as bits: nothing here may touch the payload of a NaN. */
function gather(values: Float64Array, order: Uint32Array, from: number, count: number, into: Float64Array): void {
  const source = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const target = new Int32Array(into.buffer, into.byteOffset, count * 2);
  for (let i = 0; i < count; i++) {
    const position = order[from + i] as number;
    target[i * 2] = source[position * 2] as number;
    target[i * 2 + 1] = source[position * 2 + 1] as number;
  }
}

function firstNotBelow(times: Float64Array, length: number, time: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstAbove(times: Float64Array, length: number, time: number): number {
  const at = firstNotBelow(times, length, time);
  return at < length && times[at] === time ? at + 1 : at;
}
