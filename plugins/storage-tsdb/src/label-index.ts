import { Labels, METRIC_NAME } from '@metrics-dashboard/sdk';
import type { PostingsSource } from './postings.js';
import { U32List, grown } from './u32-list.js';

const NO_SLOT = 0xffffffff;
const EMPTY = new Uint32Array(0);

/**
 * Which label sets there are, in columns: label strings are kept once, in a symbol table; a label pair is two symbols
 * and has a number; a series is a run of pair numbers, found by an open-addressing hash table.
 *
 *     ref ─► slot ─► first, count ─► pair numbers ─► name and value symbols ─► strings
 *     pair ─► postings: the refs of the series that carry it, ascending
 *
 * Refs grow and are never used again, so postings stay sorted by pushing; slots, where the head keeps a series'
 * state, are used again.
 */
export class LabelIndex implements PostingsSource {
  readonly #symbols: string[] = [];
  readonly #symbolIds = new Map<string, number>();
  /** Pair numbers by value symbol, for each name symbol. */
  readonly #pairsOfName = new Map<number, Map<number, number>>();
  #pairName = new U32List(256);
  #pairValue = new U32List(256);
  /** The only ref of a pair, or NO_SLOT when it has a list, or none. */
  #single = new U32List(256);
  readonly #lists: (U32List | undefined)[] = [];
  #labelPairs = new U32List(1024);
  #deadPairs = 0;

  #slotOfRef = new U32List(256);
  readonly #freeSlots = new U32List(64);
  #slots = 0;
  #refOfSlot: Uint32Array = new Uint32Array(256);
  #first: Uint32Array = new Uint32Array(256);
  #count: Uint32Array = new Uint32Array(256);
  #hash: Uint32Array = new Uint32Array(256);
  #table: Uint32Array = new Uint32Array(1024).fill(NO_SLOT);
  #live = 0;
  #scratch = new U32List(32);
  #all = new U32List(256);

  constructor() {
    this.#slotOfRef.push(NO_SLOT);
  }

  /** The number of series. */
  get size(): number {
    return this.#live;
  }

  /** Slots ever used; the head's columns need room for as many. */
  get slots(): number {
    return this.#slots;
  }

  get symbols(): number {
    return this.#symbols.length;
  }

  get labelPairs(): number {
    return this.#pairName.length;
  }

  /** The next ref that `create` will give. */
  get nextRef(): number {
    return this.#slotOfRef.length;
  }

  slotOf(ref: number): number | undefined {
    if (ref >= this.#slotOfRef.length) return undefined;
    const slot = this.#slotOfRef.at(ref);
    return slot === NO_SLOT ? undefined : slot;
  }

  /** The slots of refs, NO_SLOT (2^32 - 1) for those without: for loops that can't afford `slotOf`. */
  slotColumn(): Uint32Array {
    return this.#slotOfRef.view();
  }

  refOf(slot: number): number {
    return this.#refOfSlot[slot] as number;
  }

  find(labels: Labels): number | undefined {
    this.#scratch.clear();
    for (const { name, value } of labels) {
      const pair = this.pair(name, value);
      if (pair === undefined) return undefined;
      this.#scratch.push(pair);
    }
    const slot = this.#lookup(hashOf(this.#scratch.view()));
    return slot === NO_SLOT ? undefined : this.refOf(slot);
  }

  /** The ref of a label set, new when it is not known. */
  create(labels: Labels): number {
    this.#scratch.clear();
    for (const { name, value } of labels) this.#scratch.push(this.internPair(name, value));
    const hash = hashOf(this.#scratch.view());
    const known = this.#lookup(hash);
    return known === NO_SLOT ? this.#add(hash) : this.refOf(known);
  }

  /** As `create`, with pairs that `internPair` answered, in order of their names. */
  createOf(pairs: Uint32Array): number {
    this.#scratch.clear();
    for (const pair of pairs) this.#scratch.push(pair);
    const hash = hashOf(pairs);
    const known = this.#lookup(hash);
    return known === NO_SLOT ? this.#add(hash) : this.refOf(known);
  }

  /** Whether a ref is that of a series with just these pairs, in order of their names. */
  isOf(ref: number, pairs: Uint32Array): boolean {
    const slot = this.slotOf(ref);
    if (slot === undefined || this.#count[slot] !== pairs.length) return false;
    const first = this.#first[slot] as number;
    for (let i = 0; i < pairs.length; i++) if (this.#labelPairs.at(first + i) !== pairs[i]) return false;
    return true;
  }

  labels(ref: number): Labels | undefined {
    const slot = this.slotOf(ref);
    if (slot === undefined) return undefined;
    const pairs: (readonly [string, string])[] = [];
    for (const pair of this.pairsOfSlot(slot)) pairs.push([this.nameOf(pair), this.valueOf(pair)]);
    return Labels.from(pairs);
  }

  pairsOfRef(ref: number): Uint32Array {
    const slot = this.slotOf(ref);
    return slot === undefined ? EMPTY : this.pairsOfSlot(slot);
  }

  /** The pair numbers of a series, in order of their names; lent. */
  pairsOfSlot(slot: number): Uint32Array {
    const first = this.#first[slot] as number;
    return this.#labelPairs.view().subarray(first, first + (this.#count[slot] as number));
  }

  /**
   * Takes series out, by ref, ascending. Their slots are the caller's to give back with `freeSlot`, when nobody
   * reads their state any more.
   */
  remove(refs: Uint32Array): void {
    const touched = new Set<number>();
    for (const ref of refs) {
      const slot = this.slotOf(ref);
      if (slot === undefined) continue;
      for (const pair of this.pairsOfSlot(slot)) touched.add(pair);
      this.#deadPairs += this.#count[slot] as number;
      this.#slotOfRef.set(ref, NO_SLOT);
      this.#live--;
    }
    for (const pair of touched) this.#dropRemoved(pair);
    const left = this.#all.view().filter((ref) => this.slotOf(ref) !== undefined);
    this.#all = listOf(left);
    if (this.#deadPairs > 4096 && this.#deadPairs * 2 > this.#labelPairs.length) this.#rebuild();
    else this.#rehash(this.#table.length);
  }

  freeSlot(slot: number): void {
    this.#freeSlots.push(slot);
  }

  pair(name: string, value: string): number | undefined {
    const nameId = this.#symbolIds.get(name);
    const valueId = this.#symbolIds.get(value);
    if (nameId === undefined || valueId === undefined) return undefined;
    return this.#pairsOfName.get(nameId)?.get(valueId);
  }

  /** The number of a pair, new when it is not known. Pairs that no series carries are let go of when series are removed. */
  internPair(name: string, value: string): number {
    const nameId = this.#intern(name);
    const valueId = this.#intern(value);
    let pairs = this.#pairsOfName.get(nameId);
    if (pairs === undefined) {
      pairs = new Map<number, number>();
      this.#pairsOfName.set(nameId, pairs);
    }
    let pair = pairs.get(valueId);
    if (pair === undefined) {
      pair = this.#pairName.length;
      pairs.set(valueId, pair);
      this.#pairName.push(nameId);
      this.#pairValue.push(valueId);
      this.#single.push(NO_SLOT);
      this.#lists.push(undefined);
    }
    return pair;
  }

  *pairsOf(name: string): Iterable<number> {
    const pairs = this.#pairsOfName.get(this.#symbolIds.get(name) ?? -1);
    if (pairs === undefined) return;
    for (const pair of pairs.values()) if (this.count(pair) > 0) yield pair;
  }

  *names(): Iterable<string> {
    for (const nameId of this.#pairsOfName.keys()) yield this.#symbols[nameId] as string;
  }

  nameOf(pair: number): string {
    return this.#symbols[this.#pairName.at(pair)] as string;
  }

  valueOf(pair: number): string {
    return this.#symbols[this.#pairValue.at(pair)] as string;
  }

  postings(pair: number): Uint32Array {
    const list = this.#lists[pair];
    if (list !== undefined) return list.view();
    const single = this.#single.at(pair);
    return single === NO_SLOT ? EMPTY : Uint32Array.of(single);
  }

  count(pair: number): number {
    return this.#lists[pair]?.length ?? (this.#single.at(pair) === NO_SLOT ? 0 : 1);
  }

  all(): Uint32Array {
    return this.#all.view();
  }

  /** The number of series for each metric name. */
  *byMetric(): Iterable<readonly [string, number]> {
    for (const pair of this.pairsOf(METRIC_NAME)) yield [this.valueOf(pair), this.count(pair)];
  }

  #add(hash: number): number {
    const ref = this.#slotOfRef.length;
    const slot = this.#freeSlots.pop() ?? this.#slots++;
    this.#refOfSlot = grown(this.#refOfSlot, slot + 1);
    this.#first = grown(this.#first, slot + 1);
    this.#count = grown(this.#count, slot + 1);
    this.#hash = grown(this.#hash, slot + 1);
    this.#slotOfRef.push(slot);
    this.#refOfSlot[slot] = ref;
    this.#first[slot] = this.#labelPairs.length;
    this.#count[slot] = this.#scratch.length;
    this.#hash[slot] = hash;
    for (const pair of this.#scratch.view()) {
      this.#labelPairs.push(pair);
      this.#post(pair, ref);
    }
    this.#all.push(ref);
    this.#live++;
    if (this.#live * 2 > this.#table.length) this.#rehash(this.#table.length * 2);
    else this.#insert(slot);
    return ref;
  }

  #post(pair: number, ref: number): void {
    const list = this.#lists[pair];
    if (list !== undefined) {
      list.push(ref);
      return;
    }
    const single = this.#single.at(pair);
    if (single === NO_SLOT) {
      this.#single.set(pair, ref);
      return;
    }
    const both = new U32List(4);
    both.push(single);
    both.push(ref);
    this.#lists[pair] = both;
    this.#single.set(pair, NO_SLOT);
  }

  #dropRemoved(pair: number): void {
    const list = this.#lists[pair];
    if (list === undefined) {
      this.#single.set(pair, NO_SLOT);
      return;
    }
    const left = list.view().filter((ref) => this.slotOf(ref) !== undefined);
    this.#lists[pair] = left.length > 1 ? listOf(left) : undefined;
    this.#single.set(pair, left.length === 1 ? (left[0] as number) : NO_SLOT);
  }

  #intern(text: string): number {
    let id = this.#symbolIds.get(text);
    if (id === undefined) {
      id = this.#symbols.length;
      this.#symbols.push(text);
      this.#symbolIds.set(text, id);
    }
    return id;
  }

  /** The slot whose pairs are those in `scratch`. */
  #lookup(hash: number): number {
    const mask = this.#table.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = this.#table[at] as number;
      if (slot === NO_SLOT) return NO_SLOT;
      if (this.#hash[slot] === hash && this.#hasPairs(slot)) return slot;
    }
  }

  #hasPairs(slot: number): boolean {
    const count = this.#count[slot] as number;
    if (count !== this.#scratch.length) return false;
    const first = this.#first[slot] as number;
    for (let i = 0; i < count; i++) if (this.#labelPairs.at(first + i) !== this.#scratch.at(i)) return false;
    return true;
  }

  #insert(slot: number): void {
    const mask = this.#table.length - 1;
    let at = (this.#hash[slot] as number) & mask;
    while (this.#table[at] !== NO_SLOT) at = (at + 1) & mask;
    this.#table[at] = slot;
  }

  #rehash(size: number): void {
    this.#table = new Uint32Array(size).fill(NO_SLOT);
    for (const ref of this.#all.view()) this.#insert(this.#slotOfRef.at(ref));
  }

  /** Interns every series anew: the symbols and pairs that only removed series had are gone. */
  #rebuild(): void {
    const live = [...this.#all.view()].map((ref) => ({ slot: this.#slotOfRef.at(ref), ref, labels: this.labels(ref) }));
    this.#symbols.length = 0;
    this.#symbolIds.clear();
    this.#pairsOfName.clear();
    this.#pairName = new U32List(256);
    this.#pairValue = new U32List(256);
    this.#single = new U32List(256);
    this.#lists.length = 0;
    this.#labelPairs = new U32List(1024);
    this.#deadPairs = 0;
    for (const { slot, ref, labels } of live) {
      this.#scratch.clear();
      for (const { name, value } of labels ?? []) this.#scratch.push(this.internPair(name, value));
      this.#first[slot] = this.#labelPairs.length;
      this.#hash[slot] = hashOf(this.#scratch.view());
      for (const pair of this.#scratch.view()) {
        this.#labelPairs.push(pair);
        this.#post(pair, ref);
      }
    }
    this.#rehash(Math.max(1024, 2 ** Math.ceil(Math.log2(this.#live * 2 + 1))));
  }
}

function hashOf(pairs: Uint32Array): number {
  let hash = 0x9747b28c;
  for (let i = 0; i < pairs.length; i++) {
    hash = Math.imul(hash ^ (pairs[i] as number), 0x85ebca6b);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 13;
  }
  return hash >>> 0;
}

function listOf(items: Uint32Array): U32List {
  const list = new U32List(Math.max(4, items.length));
  for (const item of items) list.push(item);
  return list;
}
