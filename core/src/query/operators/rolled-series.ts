import { InvariantError, LimitError, isStale } from '@metrics-dashboard/sdk';
import type { Column, Matcher, SeriesList, SeriesSet, StorageView, TimeRange } from '@metrics-dashboard/sdk';
import type { RolledColumn } from '../functions/rolled.js';
import type { Segment } from '../plan/levels.js';
import type { Execution } from './execution.js';
import type { Reads } from './observed.js';
import { withoutStale } from './matrix-selector.js';
import type { OutputSeries } from './operator.js';
import { firstAfter } from './windows.js';

interface Part extends Segment {
  readonly set: SeriesSet;
}

/**
 * One series over several levels, oldest first: windows of rollups, each at the time of its end, then raw samples.
 *
 *     times   5m   10m  15m  20m │ 21m 22m 23m 24m
 *     opens   0m+  5m+  10m+ 15m+│ 21m 22m 23m 24m       when a step begins to see the entry
 */
export interface RolledTimes {
  readonly times: Float64Array;
  readonly opens: Float64Array;
  /** Equal for series that have the same times. */
  readonly group: string;
}

/** The levels of a view, by the part of a range that each answers for; `range` holds the ends of all windows that are wanted. */
export interface ViewedLevels {
  readonly view: StorageView;
  readonly segments: readonly Segment[];
  readonly range: TimeRange;
}

export interface RolledSeriesOptions {
  readonly matchers: readonly Matcher[];
  readonly levels: ViewedLevels;
  /** Whether staleness markers are shown, as what ends a series. */
  readonly staleStay: boolean;
}

/** The series of a selector that reaches back beyond raw samples. */
export class RolledSeries {
  readonly #execution: Execution;
  readonly #matchers: readonly Matcher[];
  readonly #segments: readonly Segment[];
  readonly #range: TimeRange;
  readonly #view: StorageView;
  readonly #staleStay: boolean;
  #list: SeriesList | undefined;
  #parts: readonly Part[] = [];
  #last: RolledTimes | undefined;

  constructor(execution: Execution, { matchers, levels: { segments, range, view }, staleStay }: RolledSeriesOptions) {
    this.#execution = execution;
    this.#matchers = matchers;
    this.#segments = segments;
    this.#range = range;
    this.#staleStay = staleStay;
    this.#view = view;
  }

  async find(signal: AbortSignal): Promise<readonly OutputSeries[]> {
    const list = await this.#find(signal);
    this.#list = list;
    this.#execution.found(list.size, list.size * this.estimatedEntries);
    return Array.from({ length: list.size }, (_, i) => ({ labels: list.labels(i), dropsName: false }));
  }

  get reads(): Reads {
    return { levels: this.#segments.map(({ level }) => level.resolution), estimatedSamples: this.size * this.estimatedEntries, blocks: this.#list?.blocks };
  }

  /** The windows of one series, raw samples left aside. */
  get estimatedEntries(): number {
    return this.#segments.reduce((sum, { level, after, upTo }) => {
      if (level.resolution === 0) return sum;
      const length = Math.min(upTo, this.#range.end) - Math.max(after, this.#range.start);
      return sum + Math.max(0, Math.ceil(length / level.resolution));
    }, 0);
  }

  async #find(signal: AbortSignal): Promise<SeriesList> {
    try {
      return await this.#view.find(this.#matchers, Math.max(0, this.#execution.seriesLeft), signal);
    } catch (error) {
      throw error instanceof LimitError ? this.#execution.tooManySeries(error.met) : error;
    }
  }

  /** Reads what the columns need, once. */
  async load(columns: readonly RolledColumn[], signal: AbortSignal): Promise<void> {
    if (this.#parts.length > 0) return;
    if (this.#list === undefined) throw new InvariantError('series are found before they are loaded');
    const parts: Part[] = [];
    for (const segment of this.#segments) {
      const { level, after, upTo } = segment;
      const range = { start: Math.max(after + 1, this.#range.start), end: Math.min(upTo, this.#range.end) };
      if (range.start > range.end) continue;
      const wanted = level.resolution === 0 ? (['value'] as const) : [...new Set([...columns, ...(columns.includes('increase') ? (['last'] as const) : [])])];
      parts.push({ ...segment, set: await this.#view.load(this.#list, { level, columns: wanted, range }, signal) });
    }
    this.#parts = parts;
  }

  get size(): number {
    return this.#list?.size ?? 0;
  }

  /** The entries of a series and its columns. Staleness markers among raw samples are left out unless they stay. */
  read(i: number, wanted: readonly RolledColumn[]): { entries: RolledTimes; columns: readonly Float64Array[] } {
    const pieces = this.#parts.map((part) => this.#piece(part, i, wanted));
    const columns = wanted.map((column, c) => {
      const all = pieces.map((piece) => piece.columns[c] ?? new Float64Array(0));
      if (column === 'increase') fillIncreases(pieces, all);
      return joined(all);
    });
    const entries = this.#entries(pieces, pieces.some(({ own }) => own) ? `series ${i}` : this.#parts.map(({ set }) => set.timeGroup[i] ?? -1).join(' '));
    this.#execution.loaded(entries.times.length * wanted.length);
    return { entries, columns };
  }

  /** The entries' times, which the series before often had as well. */
  #entries(pieces: readonly Piece[], group: string): RolledTimes {
    if (this.#last?.group === group) return this.#last;
    const opens = pieces.map(({ times, resolution }) => (resolution === 0 ? times : times.map((at) => at - resolution + 1)));
    return (this.#last = { times: joined(pieces.map(({ times }) => times)), opens: joined(opens), group });
  }

  #piece({ set, level: { resolution }, after, upTo }: Part, i: number, wanted: readonly RolledColumn[]): Piece {
    const group = set.timeGroup[i] ?? 0;
    const all = new Float64Array(set.capacity(group));
    const count = set.times(group, all);
    const from = firstAfter(all.subarray(0, count), after);
    const to = firstAfter(all.subarray(0, count), upTo);
    const times = all.subarray(from, to);
    const read = (name: Column): Float64Array => readColumn(set, i, name).subarray(from, to);
    if (resolution > 0) {
      return { times, resolution, columns: wanted.map(read), last: wanted.includes('increase') ? read('last') : undefined, raw: undefined, own: false };
    }
    const values = read('value');
    const isFresh = this.#staleStay || !values.some(isStale);
    const fresh = isFresh ? { times, values } : withoutStale(times, values);
    const columns = wanted.map((name) => columnOf(name, fresh));
    return { times: fresh.times, resolution, columns, last: undefined, raw: fresh.values, own: !isFresh };
  }
}

interface Piece {
  readonly times: Float64Array;
  readonly resolution: number;
  readonly columns: readonly Float64Array[];
  /** The windows' last values, where increases go on from them. */
  readonly last: Float64Array | undefined;
  readonly raw: Float64Array | undefined;
  /** Whether the times are this series' own, and not those of its group. */
  readonly own: boolean;
}

/** Raw samples as windows of one sample; their increases depend on what comes before, and are filled in later. */
function columnOf(name: RolledColumn, { times, values }: { times: Float64Array; values: Float64Array }): Float64Array {
  switch (name) {
    case 'count':
      return new Float64Array(values.length).fill(1);
    case 'firstTime':
    case 'lastTime':
      return times;
    case 'increaseWithin':
      return new Float64Array(values.length);
    default:
      return values;
  }
}

function readColumn(set: SeriesSet, i: number, column: Column): Float64Array {
  const values = new Float64Array(set.capacity(set.timeGroup[i] ?? 0));
  return values.subarray(0, set.values(i, column, values));
}

/** Raw samples gain what they are more than the one before them, be that the last of a window. */
function fillIncreases(pieces: readonly Piece[], columns: Float64Array[]): void {
  let before: number | undefined;
  pieces.forEach(({ raw, last }, p) => {
    if (raw !== undefined) {
      columns[p] = raw.map((value) => {
        const gain = before === undefined ? 0 : value < before ? value : value - before;
        before = value;
        return gain;
      });
    } else if (last !== undefined && last.length > 0) before = last[last.length - 1];
  });
}

function joined(columns: readonly Float64Array[]): Float64Array {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) return only;
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    all.set(column, at);
    at += column.length;
  }
  return all;
}
