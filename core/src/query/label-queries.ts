import { InvariantError, LimitError, ParseError } from '@metrics-dashboard/sdk';
import type { Label, Labels, Matcher, StorageBackend, StorageView } from '@metrics-dashboard/sdk';
import type { LRParser } from '@lezer/lr';
import { compareLabels } from './functions/relabel.js';
import { checkSelective } from './language/check.js';
import { parse } from './language/parse.js';
import type { BoundedList, LabelRequest } from './query.js';

/** Answers what labels and series there are. */
export class LabelQueries {
  readonly #storage: StorageBackend;
  readonly #parser: LRParser;

  constructor(storage: StorageBackend, parser: LRParser) {
    this.#storage = storage;
    this.#parser = parser;
  }

  async names(request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>> {
    return this.#texts(request, (view, matchers) => view.labelNames(matchers, signal));
  }

  async values(name: string, request: LabelRequest, signal: AbortSignal): Promise<BoundedList<string>> {
    // With a search the limit applies to what is found, so the storage may not cut before.
    const limit = request.search === undefined ? request.limit + 1 : Number.MAX_SAFE_INTEGER;
    return this.#texts(request, (view, matchers) => view.labelValues(name, matchers, limit, signal));
  }

  /** At most `mostSeries` may match; a `LimitError` says when there are more. */
  async series(request: LabelRequest, mostSeries: number, signal: AbortSignal): Promise<BoundedList<readonly Label[]>> {
    return this.#viewed(request, async (view, selectors) => {
      const found = new Map<string, Labels>();
      for (const matchers of selectors) {
        const list = await find(view, matchers, mostSeries, signal);
        for (let i = 0; i < list.size; i++) found.set(list.labels(i).key, list.labels(i));
      }
      const sorted = [...found.values()].filter((labels) => contains(labels.toString(), request.search)).sort(compareLabels);
      return bounded(sorted, request.limit, (labels) => [...labels]);
    });
  }

  #texts(request: LabelRequest, ask: (view: StorageView, matchers: readonly Matcher[]) => Promise<readonly string[]>): Promise<BoundedList<string>> {
    return this.#viewed(request, async (view, selectors) => {
      const found = new Set<string>();
      for (const matchers of selectors) for (const text of await ask(view, matchers)) found.add(text);
      const sorted = [...found].filter((text) => contains(text, request.search)).sort();
      return bounded(sorted, request.limit, (text) => text);
    });
  }

  async #viewed<T>(request: LabelRequest, ask: (view: StorageView, selectors: readonly (readonly Matcher[])[]) => Promise<T>): Promise<T> {
    const selectors = request.selectors.map((text) => this.matchersOf(text));
    const view = this.#storage.view(request.range);
    try {
      return await ask(view, selectors.length === 0 ? [[]] : selectors);
    } finally {
      view.release();
    }
  }

  /** What a selector asks of labels. Throws a `ParseError` or `QueryError` for a text that is no selector. */
  matchersOf(text: string): readonly Matcher[] {
    const expr = parse(text, this.#parser);
    if (expr.kind !== 'vector-selector') throw new ParseError(`${JSON.stringify(text)} is no selector, expected a form like up{job="api"}`);
    checkSelective(text, expr);
    return expr.matchers;
  }
}

async function find(view: StorageView, matchers: readonly Matcher[], most: number, signal: AbortSignal): ReturnType<StorageView['find']> {
  try {
    return await view.find(matchers, most, signal);
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    throw new LimitError('limits.query_series', most, error.met, `limits.query_series is ${most}, the selectors match at least ${error.met} series; narrow them`);
  }
}

function contains(text: string, search: string | undefined): boolean {
  return search === undefined || text.toLowerCase().includes(search.toLowerCase());
}

function bounded<T, R>(sorted: readonly T[], limit: number, show: (one: T) => R): BoundedList<R> {
  if (limit < 0) throw new InvariantError(`a limit is not negative, met ${limit}`);
  return { values: sorted.slice(0, limit).map(show), truncated: sorted.length > limit };
}
