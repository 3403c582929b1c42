import type { Labels } from '@metrics-dashboard/sdk';
import { PAIRS, SERIES_ENDS, SERIES_PAIRS, SYMBOLS, SYMBOL_ENDS } from './block-format.js';
import { yieldToLoop } from './disk.js';
import { sortInSlices } from './sort-in-slices.js';
import { U32List } from './u32-list.js';

const SLICE_SERIES = 2048;

/** What gives the labels of series by their numbers. */
interface LabelSource {
  labels(i: number): Labels;
}

/** The labels of a block's series: sorted symbols, sorted pairs, and the series in the order of their pairs. */
export class BlockLabels {
  /** The series, as their numbers in the source, in the block's order. */
  order: readonly number[] = [];
  readonly #symbolIds = new Map<string, number>();
  readonly #symbols: string[] = [];
  /** Pair numbers by value symbol, for each name symbol. */
  readonly #pairIds = new Map<number, Map<number, number>>();
  readonly #pairName: number[] = [];
  readonly #pairValue: number[] = [];
  /** For each series, in the order given, its pairs. */
  readonly #seriesPairs: Uint32Array[] = [];
  #positions: readonly number[] = [];
  #symbolRank: Uint32Array = new Uint32Array(0);
  #sortedSymbols: readonly string[] = [];
  #sortedPairs: readonly number[] = [];
  #pairRank: Uint32Array = new Uint32Array(0);

  static async of(source: LabelSource, series: readonly number[], signal: AbortSignal): Promise<BlockLabels> {
    const labels = new BlockLabels();
    for (const [n, i] of series.entries()) {
      labels.#add(source.labels(i));
      if ((n + 1) % SLICE_SERIES !== 0) continue;
      await yieldToLoop();
      signal.throwIfAborted();
    }
    labels.#rank();
    const positions = series.map((_, position) => position);
    labels.#positions = await sortInSlices(positions, (a, b) => labels.#compare(a, b), signal);
    labels.order = labels.#positions.map((position) => series[position] as number);
    return labels;
  }

  /** The sections of the index that hold labels, by their numbers. */
  sections(): Uint8Array[] {
    const sections: Uint8Array[] = [];
    const ends = new U32List(64);
    const texts = this.#sortedSymbols.map((symbol) => Buffer.from(symbol));
    let end = 0;
    for (const text of texts) ends.push((end += text.length));
    sections[SYMBOL_ENDS] = bytesOf(ends);
    sections[SYMBOLS] = Buffer.concat(texts);
    const pairs = new U32List(64);
    for (const pair of this.#sortedPairs) {
      pairs.push(this.#symbolRank[this.#pairName[pair] as number] as number);
      pairs.push(this.#symbolRank[this.#pairValue[pair] as number] as number);
    }
    sections[PAIRS] = bytesOf(pairs);
    const seriesEnds = new U32List(64);
    const seriesPairs = new U32List(256);
    for (const position of this.#positions) {
      for (const pair of this.#seriesPairs[position] as Uint32Array) seriesPairs.push(this.#pairRank[pair] as number);
      seriesEnds.push(seriesPairs.length);
    }
    sections[SERIES_ENDS] = bytesOf(seriesEnds);
    sections[SERIES_PAIRS] = bytesOf(seriesPairs);
    return sections;
  }

  #add(labels: Labels): void {
    const pairs = new Uint32Array(labels.size);
    let at = 0;
    for (const { name, value } of labels) pairs[at++] = this.#pair(this.#symbol(name), this.#symbol(value));
    this.#seriesPairs.push(pairs);
  }

  #symbol(text: string): number {
    let id = this.#symbolIds.get(text);
    if (id === undefined) {
      id = this.#symbols.push(text) - 1;
      this.#symbolIds.set(text, id);
    }
    return id;
  }

  #pair(name: number, value: number): number {
    let pairs = this.#pairIds.get(name);
    if (pairs === undefined) {
      pairs = new Map<number, number>();
      this.#pairIds.set(name, pairs);
    }
    let pair = pairs.get(value);
    if (pair === undefined) {
      pair = this.#pairName.push(name) - 1;
      this.#pairValue.push(value);
      pairs.set(value, pair);
    }
    return pair;
  }

  #rank(): void {
    const symbols = this.#symbols;
    const order = symbols.map((_, i) => i).sort((a, b) => ((symbols[a] as string) < (symbols[b] as string) ? -1 : 1));
    this.#symbolRank = ranksOf(order);
    this.#sortedSymbols = order.map((i) => symbols[i] as string);
    const rank = this.#symbolRank;
    const key = (pair: number): number =>
      (rank[this.#pairName[pair] as number] as number) * symbols.length + (rank[this.#pairValue[pair] as number] as number);
    this.#sortedPairs = this.#pairName.map((_, i) => i).sort((a, b) => key(a) - key(b));
    this.#pairRank = ranksOf(this.#sortedPairs);
  }

  #compare(a: number, b: number): number {
    const left = this.#seriesPairs[a] as Uint32Array;
    const right = this.#seriesPairs[b] as Uint32Array;
    const count = Math.min(left.length, right.length);
    for (let i = 0; i < count; i++) {
      const difference =
        (this.#pairRank[left[i] as number] as number) - (this.#pairRank[right[i] as number] as number);
      if (difference !== 0) return difference;
    }
    return left.length - right.length;
  }
}

/** For each item, its place in the order. */
function ranksOf(order: readonly number[]): Uint32Array {
  const ranks = new Uint32Array(order.length);
  order.forEach((item, rank) => (ranks[item] = rank));
  return ranks;
}

function bytesOf(list: U32List): Uint8Array {
  const column = list.view();
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
