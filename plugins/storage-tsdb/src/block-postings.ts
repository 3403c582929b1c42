import { Labels } from '@metrics-dashboard/sdk';
import { PAIRS, SERIES_ENDS, SERIES_PAIRS, SYMBOLS, SYMBOL_ENDS } from './block-format.js';
import { bytesOfSection, u32Section } from './index-section.js';
import type { PostingsSource } from './postings.js';

/** The labels of a block's series, read in place from its index; postings are counted when they are first needed. */
export class BlockPostings implements PostingsSource {
  readonly #symbolBytes: Buffer;
  readonly #symbolEnds: Uint32Array;
  readonly #symbols: (string | undefined)[];
  readonly #pairs: Uint32Array;
  readonly #seriesEnds: Uint32Array;
  readonly #seriesPairs: Uint32Array;
  #postings: { readonly ends: Uint32Array; readonly refs: Uint32Array } | undefined;
  #all: Uint32Array | undefined;

  constructor(index: Buffer) {
    this.#symbolBytes = bytesOfSection(index, SYMBOLS);
    this.#symbolEnds = u32Section(index, SYMBOL_ENDS);
    this.#symbols = new Array<string | undefined>(this.#symbolEnds.length);
    this.#pairs = u32Section(index, PAIRS);
    this.#seriesEnds = u32Section(index, SERIES_ENDS);
    this.#seriesPairs = u32Section(index, SERIES_PAIRS);
  }

  labels(ref: number): Labels {
    const pairs: (readonly [string, string])[] = [];
    for (const pair of this.pairsOfRef(ref)) pairs.push([this.nameOf(pair), this.valueOf(pair)]);
    return Labels.from(pairs);
  }

  /** The series with just these labels. */
  find(labels: Labels): number | undefined {
    const pairs: number[] = [];
    for (const { name, value } of labels) {
      const pair = this.pair(name, value);
      if (pair === undefined) return undefined;
      pairs.push(pair);
    }
    // The series are sorted by their pairs.
    let low = 0;
    let high = this.#seriesEnds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compare(this.pairsOfRef(middle), pairs);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  pair(name: string, value: string): number | undefined {
    const nameId = this.#symbol(name);
    const valueId = this.#symbol(value);
    if (nameId === undefined || valueId === undefined) return undefined;
    const at = this.#firstPair(nameId, valueId);
    return this.#pairs[at * 2] === nameId && this.#pairs[at * 2 + 1] === valueId ? at : undefined;
  }

  *pairsOf(name: string): Iterable<number> {
    const nameId = this.#symbol(name);
    if (nameId === undefined) return;
    for (let pair = this.#firstPair(nameId, 0); this.#pairs[pair * 2] === nameId; pair++) yield pair;
  }

  *names(): Iterable<string> {
    for (let pair = 0; pair * 2 < this.#pairs.length; ) {
      const nameId = this.#pairs[pair * 2] as number;
      yield this.#text(nameId);
      pair = this.#firstPair(nameId + 1, 0);
    }
  }

  nameOf(pair: number): string {
    return this.#text(this.#pairs[pair * 2] as number);
  }

  valueOf(pair: number): string {
    return this.#text(this.#pairs[pair * 2 + 1] as number);
  }

  pairsOfRef(ref: number): Uint32Array {
    return this.#seriesPairs.subarray(ref === 0 ? 0 : this.#seriesEnds[ref - 1], this.#seriesEnds[ref]);
  }

  postings(pair: number): Uint32Array {
    this.#postings ??= this.#count();
    const { ends, refs } = this.#postings;
    return refs.subarray(pair === 0 ? 0 : ends[pair - 1], ends[pair]);
  }

  all(): Uint32Array {
    return (this.#all ??= Uint32Array.from(this.#seriesEnds, (_, ref) => ref));
  }

  #count(): { readonly ends: Uint32Array; readonly refs: Uint32Array } {
    const next = new Uint32Array(this.#pairs.length / 2);
    for (const pair of this.#seriesPairs) next[pair] = (next[pair] as number) + 1;
    let total = 0;
    for (let pair = 0; pair < next.length; pair++) {
      const count = next[pair] as number;
      next[pair] = total;
      total += count;
    }
    const refs = new Uint32Array(total);
    let at = 0;
    for (let ref = 0; ref < this.#seriesEnds.length; ref++) {
      for (const end = this.#seriesEnds[ref] as number; at < end; at++) {
        const pair = this.#seriesPairs[at] as number;
        refs[next[pair] as number] = ref;
        next[pair] = (next[pair] as number) + 1;
      }
    }
    // Each place where the next ref would go is now where the pair's refs end.
    return { ends: next, refs };
  }

  /** The first pair that is not before a name and a value. */
  #firstPair(nameId: number, valueId: number): number {
    let low = 0;
    let high = this.#pairs.length / 2;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const name = this.#pairs[middle * 2] as number;
      if (name < nameId || (name === nameId && (this.#pairs[middle * 2 + 1] as number) < valueId)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #symbol(text: string): number | undefined {
    let low = 0;
    let high = this.#symbolEnds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#text(middle) < text) low = middle + 1;
      else high = middle;
    }
    return low < this.#symbolEnds.length && this.#text(low) === text ? low : undefined;
  }

  #text(symbol: number): string {
    return (this.#symbols[symbol] ??= this.#symbolBytes.toString(
      'utf8',
      symbol === 0 ? 0 : this.#symbolEnds[symbol - 1],
      this.#symbolEnds[symbol],
    ));
  }
}

function compare(pairs: Uint32Array, others: readonly number[]): number {
  const count = Math.min(pairs.length, others.length);
  for (let i = 0; i < count; i++) {
    const difference = (pairs[i] as number) - (others[i] as number);
    if (difference !== 0) return difference;
  }
  return pairs.length - others.length;
}
