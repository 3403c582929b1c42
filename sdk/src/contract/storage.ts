import type { Labels } from '../model/labels.js';
import type { Matcher } from '../model/matcher.js';
import type { SeriesRef } from '../model/ids.js';
import type { Duration } from '../model/sample.js';
import type { TimeRange } from '../model/time.js';

/**
 * A place that keeps samples.
 *
 *     append ─► buffered ─ commit ─► durable ─► seen by views made from now on
 *     view(range) ─ find(matchers) ─► SeriesList ─ load(list, level, columns) ─► SeriesSet ─► columns
 *
 * Obligations, each with a contract test of the same number in `sdk/testing`:
 *  1. `append` never throws for a bad sample: it is a verdict in the report, and the rest of the batch goes on.
 *  2. The arrays of a batch are the caller's again when `append` returns.
 *  3. When `commit` resolves, what was appended before the call survives a power loss and is seen by new views.
 *  4. A series keeps its ref while the backend is open; `create` of known labels returns the known ref.
 *  5. A sample with a known time and the same bits is accepted and stored once; with other bits the first one
 *     stays and the second is a `duplicate`.
 *  6. A sample older than the out-of-order window before the series' newest sample is `too-old`; one inside it is stored.
 *  7. Values come back bit for bit, NaN payloads and the sign of zero included.
 *  8. `find` yields each series once, only such as may have samples in the view's range, and throws a `LimitError`
 *     before it passes the limit.
 *  9. A view is a snapshot: later appends, deletions and compactions do not show in it until it is released.
 * 10. Times of a group and values of a series come oldest first, without two equal times, inside the view's range.
 * 11. `labelNames` and `labelValues` come sorted and without doubles.
 * 12. An aborted signal makes a waiting call reject with the signal's reason.
 * 13. `close` is idempotent and waits for what is under way; afterwards `append` and `commit` throw a `StorageError`.
 */
export interface StorageBackend {
  readonly index: SeriesIndex;
  /** Judges and buffers; a bad sample is a verdict, never an exception. The arrays are the caller's again on return. */
  append(batch: SampleBatch): AppendReport;
  /** Resolved means durable. Rejects with a retryable `StorageError` when nothing of the commit was kept. */
  commit(): Promise<void>;
  view(range: TimeRange): StorageView;
  stats(): StorageStats;
  close(): Promise<void>;
}

/** The series that can take samples now: those of the head. */
export interface SeriesIndex {
  find(labels: Labels): SeriesRef | undefined;
  /** A ref is never reused while the backend is open. Becomes durable with the first commit after it. */
  create(labels: Labels): SeriesRef;
  labels(ref: SeriesRef): Labels | undefined;
  /** The number of series in the head for each metric name. */
  activeByMetric(): Iterable<readonly [metric: string, series: number]>;
  /** Called with the refs of series that left the head. The array is lent for the call. */
  onRemoved(listener: (refs: Uint32Array) => void): void;
}

/** Columns of at least `count` entries. Equal times next to each other are how a backend finds series that share their timestamps. */
export interface SampleBatch {
  count: number;
  refs: Uint32Array;
  times: Float64Array;
  values: Float64Array;
}

/** Why a sample was not stored. */
export type SampleVerdict = 'too-old' | 'duplicate' | 'unknown-series';

export interface AppendReport {
  readonly accepted: number;
  /** One for each refused sample, as its position in the batch and the reason; the two columns are equally long. */
  readonly rejected: readonly number[];
  readonly verdicts: readonly SampleVerdict[];
}

export interface StorageView {
  /** Raw and rollups, finest first. */
  readonly levels: readonly Level[];
  /** The index only; no sample is touched. Throws LimitError (`limits.query_series`) before it passes `limit`. */
  find(matchers: readonly Matcher[], limit: number, signal: AbortSignal): Promise<SeriesList>;
  /** Reads chunks of a part of the view's range, at one level. */
  load(series: SeriesList, request: LoadRequest, signal: AbortSignal): Promise<SeriesSet>;
  labelNames(matchers: readonly Matcher[], signal: AbortSignal): Promise<readonly string[]>;
  labelValues(name: string, matchers: readonly Matcher[], limit: number, signal: AbortSignal): Promise<readonly string[]>;
  release(): void;
}

/** Raw samples, or the aggregates of windows. */
export interface Level {
  /** 0 for raw samples, else the windows' length. */
  readonly resolution: Duration;
  /**
   * What the level can answer for, as far as the view reaches: both ends are times of samples, or ends of windows. A
   * rollup knows the samples after `range.start - resolution`, so windows up to some end and samples after it make a whole.
   */
  readonly range: TimeRange;
  readonly columns: readonly Column[];
}

/**
 * `value` of raw samples; the others of a rollup's windows. A window is left-open, `((k-1)·r, k·r]` for a resolution r, and
 * its time in a `SeriesSet` is its end. Staleness markers are left out; a window without samples is not there.
 *
 * `first` and `last` are values, `firstTime` and `lastTime` the times of those two samples. `increase` is by how much a
 * counter rose, a fall being a reset that starts at 0, from the last sample before the window to the last one in it;
 * `increaseWithin` from the first one in it. A sample more than an hour before is not one before: the series paused.
 */
export type Column =
  | 'value'
  | 'min'
  | 'max'
  | 'sum'
  | 'count'
  | 'first'
  | 'last'
  | 'increase'
  | 'increaseWithin'
  | 'firstTime'
  | 'lastTime';

export interface LoadRequest {
  readonly level: Level;
  readonly columns: readonly Column[];
  /** Inside the view's range. */
  readonly range: TimeRange;
}

/** The series a selector found, in no promised order. Valid for the view that made it. */
export interface SeriesList {
  readonly size: number;
  labels(i: number): Labels;
  /** An estimate of the samples in the view's range at the raw level; from the index alone. */
  estimateSamples(): number;
  /** How many blocks have some of the series; undefined of a backend without blocks. */
  readonly blocks?: number;
}

/** Columns of the found series, decoded on demand, synchronously. */
export interface SeriesSet {
  /** As many series as the list, in its order. */
  readonly size: number;
  labels(i: number): Labels;
  /** Series with one number have the same timestamps. Numbers are dense from 0. */
  readonly timeGroup: Uint32Array;
  readonly groups: number;
  /** The most samples any series of a group has: the room its columns need. */
  capacity(group: number): number;
  /** Fills `into`, oldest first, and returns the count. */
  times(group: number, into: Float64Array): number;
  /** Fills `into` beside the times of the series' group, and returns the same count. */
  values(i: number, column: Column, into: Float64Array): number;
}

export interface StorageStats {
  /** Series in the head. */
  readonly headSeries: number;
  /** Samples in the head. */
  readonly headSamples: number;
  /** The range of the head; both ends finite, start after end when it is empty. */
  readonly headRange: TimeRange;
  readonly blocks: number;
  readonly diskBytes: number;
  /** Further numbers of the backend's own, by name, for the status page. */
  readonly details: Readonly<Record<string, number>>;
}

/** An optional power: brings everything that can be into its final form, and answers when that is done. */
export interface Flushable {
  flush(signal: AbortSignal): Promise<void>;
}

/** An optional power: takes a batch whole, or nothing of it. */
export interface WholeAppend {
  /** As `append`, but where the report has a refused sample nothing was appended, and `accepted` is 0. */
  appendWhole(batch: SampleBatch): AppendReport;
}

/** An optional power: counts over the head's index, for the status page. */
export interface IndexStatistics {
  /** The `limit` largest of each kind, descending. */
  statistics(limit: number): HeadStatistics;
}

export interface HeadStatistics {
  readonly labelPairs: number;
  readonly seriesByMetric: readonly NamedCount[];
  readonly valuesByLabel: readonly NamedCount[];
  readonly seriesByPair: readonly NamedCount[];
  readonly bytesByLabel: readonly NamedCount[];
}

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

/** An optional power: takes samples away before their time. */
export interface SeriesDeletion {
  /**
   * Deletes the samples of the series that pass all matchers, both ends of the range included; with them go what was rolled
   * up of them alone. Durable, and not seen by views made from now on, when this resolves.
   */
  deleteSeries(matchers: readonly Matcher[], range: TimeRange, signal: AbortSignal): Promise<void>;
  /** Gives back the room that deleted samples still take. */
  cleanTombstones(signal: AbortSignal): Promise<void>;
}

/** An optional power: a copy of all that is kept, while appends and queries go on. */
export interface Snapshots {
  /**
   * Makes a folder that a backend of this kind can be opened in: with every sample whose commit resolved before the call, or,
   * without the head, with those alone that are in blocks. All of it is durable when this resolves; nothing is left when it
   * rejects. The parent is there and on the same disk as the data, of which as much as possible is shared.
   */
  snapshot(folder: string, options: { readonly withHead: boolean }, signal: AbortSignal): Promise<void>;
}

export function canDeleteSeries(backend: StorageBackend): backend is StorageBackend & SeriesDeletion {
  return 'deleteSeries' in backend && typeof backend.deleteSeries === 'function';
}

export function canSnapshot(backend: StorageBackend): backend is StorageBackend & Snapshots {
  return 'snapshot' in backend && typeof backend.snapshot === 'function';
}

export function canAppendWhole(backend: StorageBackend): backend is StorageBackend & WholeAppend {
  return 'appendWhole' in backend && typeof backend.appendWhole === 'function';
}

export function isFlushable(backend: StorageBackend): backend is StorageBackend & Flushable {
  return 'flush' in backend && typeof backend.flush === 'function';
}

export function hasIndexStatistics(backend: StorageBackend): backend is StorageBackend & IndexStatistics {
  return 'statistics' in backend && typeof backend.statistics === 'function';
}
