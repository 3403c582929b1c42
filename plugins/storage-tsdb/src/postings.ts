import { literalAlternatives, matchesEmpty } from '@metrics-dashboard/sdk';
import type { Matcher } from '@metrics-dashboard/sdk';

/** Label pairs and the sorted refs of the series that carry them; the head's and a block's index are both. */
export interface PostingsSource {
  /** The number of a label pair. */
  pair(name: string, value: string): number | undefined;
  /** All pairs of a label name that some series carries. */
  pairsOf(name: string): Iterable<number>;
  names(): Iterable<string>;
  nameOf(pair: number): string;
  valueOf(pair: number): string;
  /** The pairs of a series; lent. */
  pairsOfRef(ref: number): Uint32Array;
  /** Ascending; lent. */
  postings(pair: number): Uint32Array;
  /** The refs of all series, ascending; lent. */
  all(): Uint32Array;
}

const EMPTY = new Uint32Array(0);

/** The refs of the series that pass all matchers, ascending; may be lent by the source. */
export function select(source: PostingsSource, matchers: readonly Matcher[]): Uint32Array {
  const required: Uint32Array[] = [];
  const excluding: Matcher[] = [];
  for (const one of matchers) {
    if (matchesEmpty(one)) excluding.push(one);
    else {
      const passing = passingPostings(source, one);
      if (passing.length === 0) return EMPTY;
      required.push(passing);
    }
  }
  required.sort((a, b) => a.length - b.length);
  let result = required[0] ?? source.all();
  for (let i = 1; i < required.length && result.length > 0; i++) result = intersect(result, required[i] as Uint32Array);
  for (const one of excluding) {
    if (result.length === 0) return EMPTY;
    result = subtract(result, failingPostings(source, one));
  }
  return result;
}

/** The refs of the series whose label passes a matcher that the empty value does not pass. */
function passingPostings(source: PostingsSource, one: Matcher): Uint32Array {
  const literals = one.operator === '=' ? [one.value] : one.operator === '=~' ? literalAlternatives(one.value) : undefined;
  if (literals !== undefined) return unionOfValues(source, one.name, literals);
  const lists: Uint32Array[] = [];
  for (const pair of source.pairsOf(one.name)) {
    if (one.matches(source.valueOf(pair))) lists.push(source.postings(pair));
  }
  return unite(lists);
}

/** The refs of the series that have the label with a value that fails a matcher that the empty value passes. */
function failingPostings(source: PostingsSource, one: Matcher): Uint32Array {
  const literals = one.operator === '!=' ? [one.value] : one.operator === '!~' ? literalAlternatives(one.value) : undefined;
  if (literals !== undefined) return unionOfValues(source, one.name, literals);
  const lists: Uint32Array[] = [];
  for (const pair of source.pairsOf(one.name)) {
    if (!one.matches(source.valueOf(pair))) lists.push(source.postings(pair));
  }
  return unite(lists);
}

function unionOfValues(source: PostingsSource, name: string, values: readonly string[]): Uint32Array {
  const lists: Uint32Array[] = [];
  for (const value of new Set(values)) {
    const pair = source.pair(name, value);
    if (pair !== undefined) lists.push(source.postings(pair));
  }
  return unite(lists);
}

/** What both have. Where one is much shorter, its items are sought in the longer by galloping. */
export function intersect(a: Uint32Array, b: Uint32Array): Uint32Array {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const out = new Uint32Array(short.length);
  let count = 0;
  let at = 0;
  for (let i = 0; i < short.length; i++) {
    const item = short[i] as number;
    at = seek(long, item, at);
    if (at === long.length) break;
    if (long[at] === item) out[count++] = item;
  }
  return out.subarray(0, count);
}

/** What `a` has and `b` has not. */
export function subtract(a: Uint32Array, b: Uint32Array): Uint32Array {
  if (b.length === 0) return a;
  const out = new Uint32Array(a.length);
  let count = 0;
  let at = 0;
  for (let i = 0; i < a.length; i++) {
    const item = a[i] as number;
    at = seek(b, item, at);
    if (at === b.length || b[at] !== item) out[count++] = item;
  }
  return out.subarray(0, count);
}

/** What any of the lists has. A series has one value of a label, so lists of one name never share a ref; others may. */
export function unite(lists: readonly Uint32Array[]): Uint32Array {
  if (lists.length === 0) return EMPTY;
  if (lists.length === 1) return lists[0] as Uint32Array;
  let total = 0;
  for (const list of lists) total += list.length;
  const all = new Uint32Array(total);
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  all.sort();
  let count = 0;
  for (let i = 0; i < total; i++) if (i === 0 || all[i] !== all[i - 1]) all[count++] = all[i] as number;
  return all.subarray(0, count);
}

/** The first position from `from` on whose item is not below `item`. */
function seek(list: Uint32Array, item: number, from: number): number {
  let step = 1;
  let low = from;
  let high = from;
  while (high < list.length && (list[high] as number) < item) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  high = Math.min(high, list.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as number) < item) low = middle + 1;
    else high = middle;
  }
  return low;
}
