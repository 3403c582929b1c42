import { isStale } from '@metrics-dashboard/sdk';
import type {
  AppendReport,
  Column,
  Duration,
  Labels,
  Level,
  LoadRequest,
  Matcher,
  SampleBatch,
  SeriesIndex,
  SeriesList,
  SeriesSet,
  StorageBackend,
  StorageStats,
  StorageView,
  TimeRange,
  Timestamp,
} from '@metrics-dashboard/sdk';

const ROLLED: readonly Column[] = ['min', 'max', 'sum', 'count', 'first', 'last', 'increase', 'increaseWithin', 'firstTime', 'lastTime'];

export interface LeveledOptions {
  /** Raw samples before this time are gone. */
  readonly rawFrom: Timestamp;
  /** Finest first: each has windows from a time on. */
  readonly rollups: readonly { readonly resolution: Duration; readonly from: Timestamp }[];
}

/** A storage around one that has raw samples only: offers rollups of them, and shows them from some time on. */
export class LeveledStorage implements StorageBackend {
  readonly #inner: StorageBackend;
  readonly #options: LeveledOptions;
  /** How often samples were loaded, by resolution. */
  readonly loads = new Map<Duration, number>();

  constructor(inner: StorageBackend, options: LeveledOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  get index(): SeriesIndex {
    return this.#inner.index;
  }

  append(batch: SampleBatch): AppendReport {
    return this.#inner.append(batch);
  }

  commit(): Promise<void> {
    return this.#inner.commit();
  }

  view(range: TimeRange): StorageView {
    return new LeveledView(this.#inner.view({ start: -8.64e15, end: 8.64e15 }), range, this.#options, this.loads);
  }

  stats(): StorageStats {
    return this.#inner.stats();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

class LeveledView implements StorageView {
  readonly levels: readonly Level[];
  readonly #inner: StorageView;
  readonly #loads: Map<Duration, number>;

  constructor(inner: StorageView, range: TimeRange, { rawFrom, rollups }: LeveledOptions, loads: Map<Duration, number>) {
    this.#inner = inner;
    this.#loads = loads;
    const from = (start: Timestamp): TimeRange => ({ start: Math.max(range.start, start), end: range.end });
    this.levels = [
      { resolution: 0, range: from(rawFrom), columns: ['value'] },
      ...rollups.map(({ resolution, from: start }) => ({ resolution, range: from(start), columns: ROLLED })),
    ];
  }

  find(matchers: readonly Matcher[], limit: number, signal: AbortSignal): Promise<SeriesList> {
    return this.#inner.find(matchers, limit, signal);
  }

  async load(series: SeriesList, request: LoadRequest, signal: AbortSignal): Promise<SeriesSet> {
    const { resolution, range } = request.level;
    this.#loads.set(resolution, (this.#loads.get(resolution) ?? 0) + 1);
    const [raw] = this.#inner.levels;
    if (raw === undefined) throw new RangeError('memory storage has raw samples');
    if (resolution === 0) {
      const start = Math.max(range.start, request.range.start);
      return this.#inner.load(series, { ...request, level: raw, range: { start, end: request.range.end } }, signal);
    }
    return new RolledSet(await this.#inner.load(series, { level: raw, columns: ['value'], range: raw.range }, signal), request);
  }

  labelNames(matchers: readonly Matcher[], signal: AbortSignal): Promise<readonly string[]> {
    return this.#inner.labelNames(matchers, signal);
  }

  labelValues(name: string, matchers: readonly Matcher[], limit: number, signal: AbortSignal): Promise<readonly string[]> {
    return this.#inner.labelValues(name, matchers, limit, signal);
  }

  release(): void {
    this.#inner.release();
  }
}

type Window = Record<Exclude<Column, 'value'>, number> & { readonly end: Timestamp };

/** Each series is its own group of times. */
class RolledSet implements SeriesSet {
  readonly size: number;
  readonly groups: number;
  readonly timeGroup: Uint32Array;
  readonly #raw: SeriesSet;
  readonly #windows: readonly (readonly Window[])[];

  constructor(raw: SeriesSet, { level: { resolution }, range }: LoadRequest) {
    this.#raw = raw;
    this.size = raw.size;
    this.groups = raw.size;
    this.timeGroup = Uint32Array.from({ length: raw.size }, (_, i) => i);
    this.#windows = Array.from({ length: raw.size }, (_, i) => rollUp(raw, i, resolution).filter(({ end }) => end >= range.start && end <= range.end));
  }

  labels(i: number): Labels {
    return this.#raw.labels(i);
  }

  capacity(group: number): number {
    return this.#windows[group]?.length ?? 0;
  }

  times(group: number, into: Float64Array): number {
    return this.#fill(group, into, ({ end }) => end);
  }

  values(i: number, column: Column, into: Float64Array): number {
    if (column === 'value') throw new RangeError('a rollup has no raw values');
    return this.#fill(i, into, (window) => window[column]);
  }

  #fill(i: number, into: Float64Array, read: (window: Window) => number): number {
    const windows = this.#windows[i] ?? [];
    windows.forEach((window, k) => (into[k] = read(window)));
    return windows.length;
  }
}

/** Windows are left-open and named by their end; an increase reaches from the last sample before the window. */
function rollUp(raw: SeriesSet, i: number, resolution: Duration): Window[] {
  const group = raw.timeGroup[i] ?? 0;
  const times = new Float64Array(raw.capacity(group));
  const values = new Float64Array(times.length);
  const count = raw.times(group, times);
  raw.values(i, 'value', values);
  const windows: Window[] = [];
  let before: number | undefined;
  for (let k = 0; k < count; k++) {
    const value = values[k] as number;
    if (isStale(value)) continue;
    const at = times[k] as number;
    const end = Math.ceil(at / resolution) * resolution;
    const gain = before === undefined ? 0 : value < before ? value : value - before;
    before = value;
    const last = windows.at(-1);
    if (last === undefined || last.end !== end) windows.push({ end, min: value, max: value, sum: value, count: 1, first: value, last: value, increase: gain, increaseWithin: 0, firstTime: at, lastTime: at });
    else {
      last.min = Math.min(last.min, value);
      last.max = Math.max(last.max, value);
      last.sum += value;
      last.count++;
      last.last = value;
      last.increase += gain;
      last.increaseWithin += gain;
      last.lastTime = at;
    }
  }
  return windows;
}
