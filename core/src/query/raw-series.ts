import { InvariantError, LimitError } from '@metrics-dashboard/sdk';
import type { Labels, Matcher, SeriesList, StorageView, TimeRange } from '@metrics-dashboard/sdk';
import { compareLabels } from './functions/relabel.js';
import type { Execution } from './operators/execution.js';

/** Series that are asked for as they are stored, by selector and range. */
export interface RawQuery {
  readonly matchers: readonly Matcher[];
  /** Both ends included. */
  readonly range: TimeRange;
}

/** One series as it is stored, staleness markers among its samples. */
export interface RawSeries {
  /** The number of the query that found it. */
  readonly query: number;
  readonly labels: Labels;
  /** Both lent until the next series is asked for. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** The series of each query in turn, sorted by their labels; those without a sample in the range are left out. */
export async function* rawSeries(queries: readonly RawQuery[], execution: Execution, signal: AbortSignal): AsyncGenerator<RawSeries> {
  for (const [query, { matchers, range }] of queries.entries()) {
    const view = execution.view(range);
    const list = await find(view, matchers, execution, signal);
    execution.found(list.size, list.estimateSamples());
    const level = view.levels.find(({ resolution }) => resolution === 0);
    if (level === undefined) throw new InvariantError('a view has raw samples');
    const set = await view.load(list, { level, columns: ['value'], range }, signal);
    let times = new Float64Array(0);
    let values = new Float64Array(0);
    for (const { i, labels } of sorted(list)) {
      const group = set.timeGroup[i] ?? 0;
      const capacity = set.capacity(group);
      if (times.length < capacity) {
        times = new Float64Array(2 * capacity);
        values = new Float64Array(2 * capacity);
      }
      const count = set.times(group, times);
      set.values(i, 'value', values);
      execution.loaded(count);
      if (count > 0) yield { query, labels, times: times.subarray(0, count), values: values.subarray(0, count) };
      if (execution.spend(count)) await execution.pause(signal);
    }
  }
}

async function find(view: StorageView, matchers: readonly Matcher[], execution: Execution, signal: AbortSignal): Promise<SeriesList> {
  try {
    return await view.find(matchers, Math.max(0, execution.seriesLeft), signal);
  } catch (error) {
    throw error instanceof LimitError ? execution.tooManySeries(error.met) : error;
  }
}

function sorted(list: SeriesList): readonly { readonly i: number; readonly labels: Labels }[] {
  return Array.from({ length: list.size }, (_, i) => ({ i, labels: list.labels(i) })).sort((a, b) => compareLabels(a.labels, b.labels));
}
