import type {
  AppendReport,
  SampleBatch,
  SampleVerdict,
  SeriesIndex,
  StorageBackend,
  StorageStats,
  StorageView,
  WholeAppend,
} from '../contract/storage.js';
import { defineKind, type Kind } from '../contract/plugin.js';
import { StorageError } from '../errors.js';
import { parseDuration } from '../model/duration.js';
import { seriesRef, type SeriesRef } from '../model/ids.js';
import type { Labels } from '../model/labels.js';
import { sameBits, type Duration, type Timestamp } from '../model/sample.js';
import { NO_TIME } from '../model/time.js';
import type { TimeRange } from '../model/time.js';
import { NO_SAMPLES, cut, firstNotBefore, insert, newest, type Samples } from './memory-samples.js';
import { MemoryView } from './memory-view.js';

export interface MemoryStorageOptions {
  /** How far behind a series' newest sample another one may be; 10 minutes by default. */
  readonly outOfOrderWindow?: Duration;
}

interface Series {
  readonly ref: SeriesRef;
  readonly labels: Labels;
  appended: Samples;
  /** What views made from now on see. */
  committed: Samples;
}

/**
 * The smallest honest storage backend: everything in memory, nothing survives a restart. Tests run on it, and it
 * shows what the contract asks for. `expireBefore` is for tests of what follows when series leave the head.
 */
export class MemoryStorage implements StorageBackend, SeriesIndex, WholeAppend {
  readonly index: SeriesIndex = this;
  readonly #window: Duration;
  readonly #seriesByRef = new Map<number, Series>();
  readonly #seriesByKey = new Map<string, Series>();
  readonly #uncommitted = new Set<Series>();
  readonly #listeners: ((refs: Uint32Array) => void)[] = [];
  #nextRef = 0;
  #closed = false;

  constructor(options: MemoryStorageOptions = {}) {
    this.#window = options.outOfOrderWindow ?? 10 * 60_000;
  }

  append(batch: SampleBatch): AppendReport {
    this.#assertOpen('append');
    const rejected: number[] = [];
    const verdicts: SampleVerdict[] = [];
    for (let i = 0; i < batch.count; i++) {
      const series = this.#seriesByRef.get(batch.refs[i] ?? -1);
      const verdict = series === undefined ? 'unknown-series' : this.#offer(series, batch, i);
      if (verdict === undefined) continue;
      rejected.push(i);
      verdicts.push(verdict);
    }
    return { accepted: batch.count - rejected.length, rejected, verdicts };
  }

  appendWhole(batch: SampleBatch): AppendReport {
    const before = new Map<Series, Samples>();
    for (const ref of batch.refs.subarray(0, batch.count)) {
      const series = this.#seriesByRef.get(ref);
      if (series !== undefined) before.set(series, series.appended);
    }
    const report = this.append(batch);
    if (report.rejected.length === 0) return report;
    for (const [series, appended] of before) series.appended = appended;
    return { ...report, accepted: 0 };
  }

  async commit(): Promise<void> {
    this.#assertOpen('commit');
    for (const series of this.#uncommitted) series.committed = series.appended;
    this.#uncommitted.clear();
  }

  view(range: TimeRange): StorageView {
    this.#assertOpen('view');
    const found = [...this.#seriesByRef.values()]
      .map(({ labels, committed }) => ({ labels, samples: cut(committed, range) }))
      .filter(({ samples }) => samples.count > 0);
    return new MemoryView(range, found);
  }

  stats(): StorageStats {
    const all = [...this.#seriesByRef.values()].map((series) => series.committed).filter(({ count }) => count > 0);
    return {
      headSeries: this.#seriesByRef.size,
      headSamples: all.reduce((sum, { count }) => sum + count, 0),
      headRange: all.length === 0 ? NO_TIME : { start: Math.min(...all.map(({ times }) => times[0] as number)), end: Math.max(...all.map(newest)) },
      blocks: 0,
      diskBytes: 0,
      details: {},
    };
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  find(labels: Labels): SeriesRef | undefined {
    return this.#seriesByKey.get(labels.key)?.ref;
  }

  create(labels: Labels): SeriesRef {
    const known = this.find(labels);
    if (known !== undefined) return known;
    const series: Series = { ref: seriesRef(this.#nextRef++), labels, appended: NO_SAMPLES, committed: NO_SAMPLES };
    this.#seriesByRef.set(series.ref, series);
    this.#seriesByKey.set(labels.key, series);
    return series.ref;
  }

  labels(ref: SeriesRef): Labels | undefined {
    return this.#seriesByRef.get(ref)?.labels;
  }

  activeByMetric(): Iterable<readonly [metric: string, series: number]> {
    const counts = new Map<string, number>();
    for (const { labels } of this.#seriesByRef.values()) counts.set(labels.metric, (counts.get(labels.metric) ?? 0) + 1);
    return counts;
  }

  onRemoved(listener: (refs: Uint32Array) => void): void {
    this.#listeners.push(listener);
  }

  /** Removes the series whose newest sample is before a time, and those without one. */
  expireBefore(at: Timestamp): void {
    const gone = [...this.#seriesByRef.values()].filter(({ appended }) => newest(appended) < at);
    for (const series of gone) {
      this.#seriesByRef.delete(series.ref);
      this.#seriesByKey.delete(series.labels.key);
      this.#uncommitted.delete(series);
    }
    if (gone.length > 0) for (const tell of this.#listeners) tell(Uint32Array.from(gone, ({ ref }) => ref));
  }

  #offer(series: Series, batch: SampleBatch, i: number): SampleVerdict | undefined {
    const at = batch.times[i] as number;
    const { times, values, count } = series.appended;
    const place = firstNotBefore(times, count, at);
    if (place < count && times[place] === at) {
      return sameBits(values[place] as number, batch.values[i] as number) ? undefined : 'duplicate';
    }
    if (at < newest(series.appended) - this.#window) return 'too-old';
    series.appended = insert(series.appended, place, at, batch.values.subarray(i, i + 1));
    this.#uncommitted.add(series);
    return undefined;
  }

  #assertOpen(call: string): void {
    if (this.#closed) throw new StorageError(`${call}: the storage is closed`);
  }
}

/** A new, empty memory storage. */
export function memoryStorage(options?: MemoryStorageOptions): MemoryStorage {
  return new MemoryStorage(options);
}

/** Memory storage as a configuration can name it: `backend: memory`, with `out_of_order_window`. */
export const memoryStorageKind: Kind<MemoryStorageOptions, MemoryStorage> = defineKind({
  kind: 'memory',
  config: {
    '~standard': {
      version: 1,
      vendor: 'metrics-dashboard',
      validate: (value) => {
        const { out_of_order_window: window, ...rest } = Object(value ?? {}) as Record<string, unknown>;
        const unknown = Object.keys(rest)[0];
        if (unknown !== undefined) return { issues: [{ message: `unknown key "${unknown}"`, path: [unknown] }] };
        try {
          return { value: window === undefined ? {} : { outOfOrderWindow: parseDuration(typeof window === 'string' ? window : JSON.stringify(window)) } };
        } catch (error) {
          return { issues: [{ message: (error as Error).message, path: ['out_of_order_window'] }] };
        }
      },
    },
  },
  open: (config) => new MemoryStorage(config),
});
