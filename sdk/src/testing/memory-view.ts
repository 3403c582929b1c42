import type { Column, Level, LoadRequest, SeriesList, SeriesSet, StorageView } from '../contract/storage.js';
import { LimitError, StorageError } from '../errors.js';
import type { Labels } from '../model/labels.js';
import { matchesAll, type Matcher } from '../model/matcher.js';
import type { TimeRange } from '../model/time.js';
import { cut, sameTimes, type Samples } from './memory-samples.js';

/** A series of a view, with exactly its samples inside the view's range. */
export interface FoundSeries {
  readonly labels: Labels;
  readonly samples: Samples;
}

/** A snapshot of the memory storage: nothing it holds is ever written again. */
export class MemoryView implements StorageView {
  readonly levels: readonly Level[];
  readonly #found: readonly FoundSeries[];

  constructor(range: TimeRange, found: readonly FoundSeries[]) {
    this.levels = [{ resolution: 0, range, columns: ['value'] }];
    this.#found = found;
  }

  async find(matchers: readonly Matcher[], limit: number, signal: AbortSignal): Promise<SeriesList> {
    signal.throwIfAborted();
    const found = this.#matching(matchers);
    if (found.length > limit) throw new LimitError('limits.query_series', limit, found.length);
    return new FoundList(found);
  }

  async load(series: SeriesList, request: LoadRequest, signal: AbortSignal): Promise<SeriesSet> {
    signal.throwIfAborted();
    if (!(series instanceof FoundList)) throw new StorageError('load: the series list is not one of this view');
    return new FoundSet(series.found.map(({ labels, samples }) => ({ labels, samples: cut(samples, request.range) })));
  }

  async labelNames(matchers: readonly Matcher[], signal: AbortSignal): Promise<readonly string[]> {
    signal.throwIfAborted();
    return [...new Set(this.#matching(matchers).flatMap(({ labels }) => [...labels].map(({ name }) => name)))].sort();
  }

  async labelValues(
    name: string,
    matchers: readonly Matcher[],
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    signal.throwIfAborted();
    const values = new Set(this.#matching(matchers).map(({ labels }) => labels.get(name)));
    values.delete('');
    return [...values].sort().slice(0, limit);
  }

  release(): void {
    // The garbage collector does it.
  }

  #matching(matchers: readonly Matcher[]): readonly FoundSeries[] {
    return this.#found.filter(({ labels }) => matchesAll(matchers, labels));
  }
}

class FoundList implements SeriesList {
  readonly found: readonly FoundSeries[];

  constructor(found: readonly FoundSeries[]) {
    this.found = found;
  }

  get size(): number {
    return this.found.length;
  }

  labels(i: number): Labels {
    return at(this.found, i).labels;
  }

  estimateSamples(): number {
    return this.found.reduce((sum, { samples }) => sum + samples.count, 0);
  }
}

class FoundSet implements SeriesSet {
  readonly timeGroup: Uint32Array;
  /** For each group, the samples of one of its series: all of them have these times. */
  readonly #groups: readonly Samples[];
  readonly #found: readonly FoundSeries[];

  constructor(found: readonly FoundSeries[]) {
    this.#found = found;
    this.timeGroup = new Uint32Array(found.length);
    const groups: Samples[] = [];
    const groupsByEnds = new Map<string, number[]>();
    found.forEach(({ samples }, i) => {
      const ends = `${samples.count} ${samples.times[0]} ${samples.times[samples.count - 1]}`;
      const alike = groupsByEnds.get(ends) ?? [];
      let group = alike.find((one) => sameTimes(at(groups, one), samples));
      if (group === undefined) {
        group = groups.push(samples) - 1;
        groupsByEnds.set(ends, [...alike, group]);
      }
      this.timeGroup[i] = group;
    });
    this.#groups = groups;
  }

  get size(): number {
    return this.#found.length;
  }

  get groups(): number {
    return this.#groups.length;
  }

  labels(i: number): Labels {
    return at(this.#found, i).labels;
  }

  capacity(group: number): number {
    return at(this.#groups, group).count;
  }

  times(group: number, into: Float64Array): number {
    const { times, count } = at(this.#groups, group);
    into.set(times);
    return count;
  }

  values(i: number, column: Column, into: Float64Array): number {
    if (column !== 'value') throw new StorageError(`column ${column} of raw samples, expected value`);
    const { values, count } = at(this.#found, i).samples;
    into.set(values);
    return count;
  }
}

function at<T>(list: readonly T[], i: number): T {
  const item = list[i];
  if (item === undefined) throw new RangeError(`index ${i} of ${list.length}`);
  return item;
}
