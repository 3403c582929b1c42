import { LimitError, StorageError } from '@metrics-dashboard/sdk';
import type {
  Level,
  LoadRequest,
  Matcher,
  SeriesList,
  SeriesSet,
  StorageView,
  TimeRange,
} from '@metrics-dashboard/sdk';
import { yieldToLoop } from './disk.js';
import { ABSENT, FoundSeries } from './found-series.js';
import { select } from './postings.js';
import { SeriesSetBuilder } from './series-set.js';
import type { ViewSource } from './view-source.js';

/** Series looked at before other work gets a turn. */
const SLICE = 8192;

/** Blocks, oldest first, and the head, as they were when the view was made. */
export class TsdbView implements StorageView {
  readonly levels: readonly Level[];
  readonly #range: TimeRange;
  readonly #sources: readonly ViewSource[];
  #released = false;

  /** The view releases the sources. */
  constructor(range: TimeRange, sources: readonly ViewSource[]) {
    this.#range = range;
    this.#sources = sources;
    this.levels = [{ resolution: 0, range, columns: ['value'] }];
  }

  async find(matchers: readonly Matcher[], limit: number, signal: AbortSignal): Promise<SeriesList> {
    this.#check(signal);
    const found = new FoundSeries(this.#sources);
    for (const [number, source] of this.#sources.entries()) {
      let seen = 0;
      for (const ref of Uint32Array.from(select(source.postings, matchers))) {
        if (++seen % SLICE === 0) await this.#breathe(signal);
        const samples = source.estimate(ref, this.#range);
        if (samples === 0) continue;
        found.add(number, ref, samples);
        if (found.size > limit) throw new LimitError('limits.query_series', limit, found.size);
      }
    }
    return found;
  }

  async load(series: SeriesList, request: LoadRequest, signal: AbortSignal): Promise<SeriesSet> {
    this.#check(signal);
    if (!(series instanceof FoundSeries)) throw new StorageError('the series were found by another view');
    const builder = new SeriesSetBuilder();
    const range = {
      start: Math.max(request.range.start, this.#range.start),
      end: Math.min(request.range.end, this.#range.end),
    };
    const offers = await Promise.all(
      this.#sources.map((source, number) => source.open(series.refsIn(number), range, builder.pieces, signal)),
    );
    for (let i = 0; i < series.size; i++) {
      if (i > 0 && i % SLICE === 0) await this.#breathe(signal);
      for (const [number, offer] of offers.entries()) {
        const ref = series.ref(number, i);
        if (ref !== ABSENT) offer.offer(ref, builder);
      }
      builder.endSeries();
    }
    return builder.build(range, (i) => series.labels(i));
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
