import { LimitError, StorageError } from '@metrics-dashboard/sdk';
import type {
  Column,
  Duration,
  Level,
  LoadRequest,
  Matcher,
  SeriesList,
  SeriesSet,
  StorageView,
  TimeRange,
} from '@metrics-dashboard/sdk';
import { yieldToLoop } from './disk.js';
import { ABSENT, FoundSeries, isLoadable } from './found-series.js';
import { select } from './postings.js';
import { RollupSeries, reachOf, storedColumnsOf } from './rollup-set.js';
import { STORED_COLUMNS } from './rollup-windows.js';
import { SeriesSetBuilder } from './series-set.js';
import type { ViewSource } from './view-source.js';

/** Series looked at before other work gets a turn. */
const SLICE = 8192;

/** Blocks, oldest first, and the head, as they were when the view was made; then the blocks of rollups. */
export class TsdbView implements StorageView {
  readonly levels: readonly Level[];
  readonly #range: TimeRange;
  readonly #sources: readonly ViewSource[];
  #released = false;

  /** The view releases the sources. Without levels it has raw samples alone, and all of its range. */
  constructor(range: TimeRange, sources: readonly ViewSource[], levels?: readonly Level[]) {
    this.#range = range;
    this.#sources = sources;
    this.levels = levels ?? [{ resolution: 0, range, columns: ['value'] }];
  }

  async find(matchers: readonly Matcher[], limit: number, signal: AbortSignal): Promise<FoundSeries> {
    this.#check(signal);
    const found = new FoundSeries(this.#sources);
    for (const [number, source] of this.#sources.entries()) {
      let seen = 0;
      for (const ref of Uint32Array.from(select(source.postings, matchers))) {
        if (++seen % SLICE === 0) await this.#breathe(signal);
        const samples = source.estimate(ref, this.#range);
        if (samples === 0) continue;
        found.add(number, ref, source.resolution === 0 ? samples : 0);
        if (found.size > limit) throw new LimitError('limits.query_series', limit, found.size);
      }
    }
    return found;
  }

  async load(series: SeriesList, request: LoadRequest, signal: AbortSignal): Promise<SeriesSet> {
    const { level, columns } = request;
    const range = {
      start: Math.max(request.range.start, this.#range.start),
      end: Math.min(request.range.end, this.#range.end),
    };
    if (level.resolution === 0) return this.loadStored(series, 0, { columns, range }, signal);
    const read = { start: range.start - reachOf(level.resolution), end: range.end };
    const stored = storedColumnsOf(columns);
    const set = await this.loadStored(series, level.resolution, { columns: stored, range: read }, signal);
    return new RollupSeries(set, range.start);
  }

  /** Columns of one resolution as they are stored; the range is not bound by the view's. */
  async loadStored(
    series: SeriesList,
    resolution: Duration,
    { columns, range }: { readonly columns: readonly Column[]; readonly range: TimeRange },
    signal: AbortSignal,
  ): Promise<SeriesSet> {
    this.#check(signal);
    if (!isLoadable(series)) throw new StorageError('the series were found by another view');
    const builder = new SeriesSetBuilder();
    const known: readonly Column[] = resolution <= 0 ? ['value'] : STORED_COLUMNS;
    const numbers = columns.map((column) => known.indexOf(column)).filter((number) => number >= 0);
    const sources = [...this.#sources.entries()].filter(([, source]) => source.resolution === resolution);
    const offers = await Promise.all(
      sources.map(async ([number, source]) => {
        const request = { range, columns: numbers };
        const offer = await source.open(series.refsIn(number), request, builder.pieces, signal);
        return { number, offer };
      }),
    );
    for (let i = 0; i < series.size; i++) {
      if (i > 0 && i % SLICE === 0) await this.#breathe(signal);
      for (const { number, offer } of offers) {
        const ref = series.ref(number, i);
        if (ref !== ABSENT) offer.offer(ref, builder);
      }
      builder.endSeries();
    }
    return builder.build(range, known, (i) => series.labels(i));
  }

  async labelNames(matchers: readonly Matcher[], signal: AbortSignal): Promise<readonly string[]> {
    const names = new Set<string>();
    for (const source of this.#sources) {
      const seen = new Set<number>();
      for (const ref of await this.#present(source, matchers, signal)) {
        for (const pair of source.postings.pairsOfRef(ref)) seen.add(pair);
      }
      for (const pair of seen) names.add(source.postings.nameOf(pair));
    }
    return [...names].sort();
  }

  async labelValues(
    name: string,
    matchers: readonly Matcher[],
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const values = new Set<string>();
    for (const source of this.#sources) {
      const pairs = new Set(source.postings.pairsOf(name));
      const seen = new Set<number>();
      for (const ref of await this.#present(source, matchers, signal)) {
        for (const pair of source.postings.pairsOfRef(ref)) if (pairs.has(pair)) seen.add(pair);
      }
      for (const pair of seen) values.add(source.postings.valueOf(pair));
    }
    return [...values].sort().slice(0, limit);
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    for (const source of this.#sources) source.release();
  }

  /** The refs of the series that pass the matchers and may have samples in the range. */
  async #present(source: ViewSource, matchers: readonly Matcher[], signal: AbortSignal): Promise<Uint32Array> {
    this.#check(signal);
    const refs = Uint32Array.from(select(source.postings, matchers));
    let count = 0;
    for (let i = 0; i < refs.length; i++) {
      if ((i + 1) % SLICE === 0) await this.#breathe(signal);
      const ref = refs[i] as number;
      if (source.estimate(ref, this.#range) > 0) refs[count++] = ref;
    }
    return refs.subarray(0, count);
  }

  async #breathe(signal: AbortSignal): Promise<void> {
    await yieldToLoop();
    this.#check(signal);
  }

  #check(signal: AbortSignal): void {
    signal.throwIfAborted();
    if (this.#released) throw new StorageError('the view was released');
  }
}
