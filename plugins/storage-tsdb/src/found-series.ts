import type { Labels, SeriesList } from '@metrics-dashboard/sdk';
import { U32List, grown } from './u32-list.js';
import type { ViewSource } from './view-source.js';

/** No ref: the series is not in that source. */
export const ABSENT = 0xffffffff;

/** Series that a view can load. */
export interface LoadableSeries extends SeriesList {
  /** The ref of a series in a source; `ABSENT` when it is not there. */
  ref(source: number, i: number): number;
  /** The refs in a source, ascending. */
  refsIn(source: number): Uint32Array;
}

export function isLoadable(series: SeriesList): series is LoadableSeries {
  return 'refsIn' in series;
}

/**
 * The series a view found, by where they are: for each its ref in every source. A series is told by its labels, but no
 * label set is built to compare: every source's pairs get numbers that are the same for the same pair, each pair once,
 * and a series is the sequence of those numbers.
 */
export class FoundSeries implements LoadableSeries {
  readonly #sources: readonly ViewSource[];
  /** For each source, the ref of each series; filled up to the last series that the source has. */
  readonly #refs: U32List[];
  /** The first source of each series. */
  readonly #sourceOf = new U32List(64);
  #samples = 0;
  readonly #pairIds = new Map<string, number>();
  /** For each source, the common number of each of its pairs, plus one; 0 before it is known. */
  readonly #common: Uint32Array[];
  /** The series by the hash of their numbers, plus one; empty before a second source needs it. */
  #table: Uint32Array = new Uint32Array(0);
  #inTable = 0;

  constructor(sources: readonly ViewSource[]) {
    this.#sources = sources;
    this.#refs = sources.map(() => new U32List(64));
    this.#common = sources.map(() => new Uint32Array(0));
  }

  get size(): number {
    return this.#sourceOf.length;
  }

  /** How many blocks have some of the series. */
  get blocks(): number {
    return this.#refs.filter((refs, source) => refs.length > 0 && this.#sources[source]?.isBlock === true).length;
  }

  labels(i: number): Labels {
    const source = this.#sourceOf.at(i);
    return (this.#sources[source] as ViewSource).labels(this.ref(source, i));
  }

  estimateSamples(): number {
    return this.#samples;
  }

  ref(source: number, i: number): number {
    const refs = this.#refs[source] as U32List;
    return i < refs.length ? refs.at(i) : ABSENT;
  }

  /** Some of the series, in the order given. */
  part(series: readonly number[]): LoadableSeries {
    const inSource = (source: number): number[] =>
      series.map((i) => this.ref(source, i)).filter((ref) => ref !== ABSENT);
    return {
      size: series.length,
      labels: (i) => this.labels(series[i] as number),
      estimateSamples: () => this.#samples,
      ref: (source, i) => this.ref(source, series[i] as number),
      refsIn: (source) => Uint32Array.from(inSource(source)).sort(),
    };
  }

  refsIn(source: number): Uint32Array {
    return (this.#refs[source] as U32List).view().filter((ref) => ref !== ABSENT).sort();
  }

  /** Adds a series of a source, ascending by ref; sources come one after another. */
  add(source: number, ref: number, samples: number): void {
    this.#samples += samples;
    const known = this.#isFirst(source) ? undefined : this.#find(source, ref);
    const refs = this.#refs[source] as U32List;
    const at = known ?? this.size;
    while (refs.length <= at) refs.push(ABSENT);
    refs.set(at, ref);
    if (known === undefined) this.#sourceOf.push(source);
  }

  /** Whether all series found so far are of this source: then none of them can be the one to be added. */
  #isFirst(source: number): boolean {
    return this.size === 0 || this.#sourceOf.at(0) === source;
  }

  /** The series with the labels that `ref` has in `source`; if there is none, the next to be added will be found. */
  #find(source: number, ref: number): number | undefined {
    if (this.#inTable < this.size || (this.#inTable + 1) * 2 > this.#table.length) this.#fillTable();
    const pairs = this.#pairsOf(source, ref);
    const mask = this.#table.length - 1;
    let at = this.#hash(source, pairs) & mask;
    for (; this.#table[at] !== 0; at = (at + 1) & mask) {
      const i = (this.#table[at] as number) - 1;
      if (this.#isSame(i, source, pairs)) return i;
    }
    this.#table[at] = this.size + 1;
    this.#inTable++;
    return undefined;
  }

  #fillTable(): void {
    this.#table = new Uint32Array(2 ** Math.ceil(Math.log2((this.size + 16) * 4)));
    const mask = this.#table.length - 1;
    for (let i = 0; i < this.size; i++) {
      const source = this.#sourceOf.at(i);
      let at = this.#hash(source, this.#pairsOf(source, this.ref(source, i))) & mask;
      while (this.#table[at] !== 0) at = (at + 1) & mask;
      this.#table[at] = i + 1;
    }
    this.#inTable = this.size;
  }

  #hash(source: number, pairs: Uint32Array): number {
    let hash = 0x9747b28c;
    for (let k = 0; k < pairs.length; k++) {
      hash = Math.imul(hash ^ this.#commonPair(source, pairs[k] as number), 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    return hash >>> 0;
  }

  #isSame(i: number, source: number, pairs: Uint32Array): boolean {
    const other = this.#sourceOf.at(i);
    const others = this.#pairsOf(other, this.ref(other, i));
    if (others.length !== pairs.length) return false;
    for (let k = 0; k < pairs.length; k++) {
      if (this.#commonPair(source, pairs[k] as number) !== this.#commonPair(other, others[k] as number)) return false;
    }
    return true;
  }

  #pairsOf(source: number, ref: number): Uint32Array {
    return (this.#sources[source] as ViewSource).postings.pairsOfRef(ref);
  }

  #commonPair(source: number, pair: number): number {
    const common = this.#common[source] as Uint32Array;
    const known = pair < common.length ? (common[pair] as number) : 0;
    return known === 0 ? this.#intern(source, pair) : known;
  }

  #intern(source: number, pair: number): number {
    const { postings } = this.#sources[source] as ViewSource;
    // The separator occurs in no UTF-8 text.
    const key = `${postings.nameOf(pair)}\uffff${postings.valueOf(pair)}`;
    let id = this.#pairIds.get(key);
    if (id === undefined) {
      id = this.#pairIds.size + 1;
      this.#pairIds.set(key, id);
    }
    const common = grown(this.#common[source] as Uint32Array, pair + 1);
    common[pair] = id;
    this.#common[source] = common;
    return id;
  }
}
