import type { AppendReport, SampleBatch, SeriesList, StorageBackend, StorageView } from '../contract/storage.js';
import type { SeriesRef } from '../model/ids.js';
import type { Labels } from '../model/labels.js';
import type { Matcher } from '../model/matcher.js';
import { staleColumn, type Timestamp } from '../model/sample.js';
import type { TimeRange } from '../model/time.js';
import { assertEqual, assertTrue } from './contract-test.js';

/** Where the time of the contract tests begins: that of a new manual clock. */
export const START: Timestamp = Date.UTC(2026, 0, 1);

/** A range around all samples of the contract tests. */
export const AROUND: TimeRange = { start: START - 86_400_000, end: START + 86_400_000 };

export const never: AbortSignal = new AbortController().signal;

/** A value as its bits, `7ff0000000000002`, so that NaN payloads and the sign of zero can be compared. */
export type Bits = string;

export function bitsOf(value: number): Bits {
  return bitsAt(Float64Array.of(value), 0);
}

/** The bits of the staleness marker. */
export const STALE_BITS: Bits = bitsAt(staleColumn(), 0);

/** A column with some values given by their bits. */
export function columnOf(bits: readonly Bits[]): Float64Array {
  const words = BigUint64Array.from(bits, (one) => BigInt(`0x${one}`));
  return new Float64Array(words.buffer);
}

function bitsAt(column: Float64Array, i: number): Bits {
  const word = new BigUint64Array(column.buffer, column.byteOffset, column.length)[i] as bigint;
  return word.toString(16).padStart(16, '0');
}

export type Entry = readonly [ref: SeriesRef, at: Timestamp, value: number | Bits];

/** Appends samples as one batch. */
export function append(storage: StorageBackend, ...entries: readonly Entry[]): AppendReport {
  return storage.append(batchOf(entries));
}

export function batchOf(entries: readonly Entry[]): SampleBatch {
  return {
    count: entries.length,
    refs: Uint32Array.from(entries, ([ref]) => ref),
    times: Float64Array.from(entries, ([, at]) => at),
    values: columnOf(entries.map(([, , value]) => (typeof value === 'string' ? value : bitsOf(value)))),
  };
}

/** What a series holds, as `[time, bits]`. */
export type Content = readonly (readonly [at: Timestamp, bits: Bits])[];

/** Reads all series of a view that pass the matchers, by the text of their labels; those without samples are left out. */
export async function contentOf(
  view: StorageView,
  matchers: readonly Matcher[] = [],
  range?: TimeRange,
): Promise<Record<string, Content>> {
  return load(view, await view.find(matchers, 1_000_000, never), range);
}

/** Reads the series of a list and checks what any set must keep. */
export async function load(view: StorageView, list: SeriesList, range?: TimeRange): Promise<Record<string, Content>> {
  const level = view.levels[0];
  if (level === undefined) throw new Error('expected that a view has a level');
  assertEqual(level.resolution, 0, 'resolution of the first level');
  const set = await view.load(list, { level, columns: ['value'], range: range ?? level.range }, never);
  assertEqual(set.size, list.size, 'series of the set');
  const content: Record<string, Content> = {};
  for (let i = 0; i < set.size; i++) {
    const group = set.timeGroup[i];
    if (group === undefined || group >= set.groups) throw new Error(`time group ${group} of ${set.groups}`);
    const room = set.capacity(group);
    const times = new Float64Array(room);
    const values = new Float64Array(room);
    const count = set.times(group, times);
    assertEqual(set.values(i, 'value', values), count, 'number of values beside the times');
    assertTrue(count <= room, `${count} samples fit into a capacity of ${room}`);
    assertEqual(set.labels(i).key, list.labels(i).key, 'labels of the set and of the list');
    if (count === 0) continue;
    const name = set.labels(i).toString();
    assertTrue(content[name] === undefined, `series ${name} comes once`);
    content[name] = Array.from({ length: count }, (_, k) => [times[k] as number, bitsAt(values, k)] as const);
  }
  return content;
}

/** Opens a view of everything, reads it, releases it. */
export async function stored(storage: StorageBackend, range: TimeRange = AROUND): Promise<Record<string, Content>> {
  const view = storage.view(range);
  try {
    return await contentOf(view);
  } finally {
    view.release();
  }
}

/** What a series with these samples reads as. */
export function content(...samples: readonly (readonly [at: Timestamp, value: number | Bits])[]): Content {
  return samples.map(([at, value]) => [at, typeof value === 'string' ? value : bitsOf(value)]);
}

/** The labels of the list, sorted as text. */
export function names(list: SeriesList): readonly string[] {
  return Array.from({ length: list.size }, (_, i): Labels => list.labels(i))
    .map((labels) => labels.toString())
    .sort();
}
