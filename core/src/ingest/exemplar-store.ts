import { matchesAll } from '@metrics-dashboard/sdk';
import type { Labels, Matcher, TimeRange, Timestamp } from '@metrics-dashboard/sdk';

/** A sample that stands for others of its series, with labels of its own, a trace's id mostly. */
export interface Exemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly at: Timestamp;
  /** Whether its sender said when it was. */
  readonly isTimed: boolean;
}

/** The exemplars of one series, oldest first. */
export interface SeriesExemplars {
  readonly labels: Labels;
  readonly exemplars: readonly Exemplar[];
}

interface Kept {
  readonly series: Labels;
  readonly exemplar: Exemplar;
}

/** What OpenMetrics allows an exemplar's labels to have, names and values together. */
const MOST_CHARACTERS = 128;

/** Keeps the newest exemplars of all series, so many and no more, in memory alone. */
export class ExemplarStore {
  #capacity: number;
  #kept: Kept[] = [];
  readonly #newest = new Map<string, Kept>();
  /** Where the next one goes. */
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Makes it more or fewer; of those that are too many the oldest go. */
  resize(capacity: number): void {
    if (capacity === this.#capacity) return;
    const kept = this.#inOrder();
    this.#capacity = capacity;
    this.#kept = capacity === 0 ? [] : kept.slice(-capacity);
    this.#next = capacity === 0 ? 0 : this.#kept.length % capacity;
    this.#newest.clear();
    for (const one of this.#kept) this.#newest.set(one.series.key, one);
  }

  /** A target offers its last exemplar in every scrape: what is known already, and what is older, is left aside. */
  add(series: Labels, exemplar: Exemplar): boolean {
    if (this.#capacity === 0) return false;
    const newest = this.#newest.get(series.key)?.exemplar;
    if (newest !== undefined && (isSame(newest, exemplar) || exemplar.at <= newest.at)) return false;
    if (charactersOf(exemplar.labels) > MOST_CHARACTERS) return false;
    const gone = this.#kept[this.#next];
    if (gone !== undefined && this.#newest.get(gone.series.key) === gone) this.#newest.delete(gone.series.key);
    const kept = { series, exemplar };
    this.#kept[this.#next] = kept;
    this.#newest.set(series.key, kept);
    this.#next = (this.#next + 1) % this.#capacity;
    return true;
  }

  /** Of the series that one of the selectors matches. Both ends of the range are in it. */
  find(selectors: readonly (readonly Matcher[])[], range: TimeRange): readonly SeriesExemplars[] {
    const bySeries = new Map<string, { readonly labels: Labels; readonly exemplars: Exemplar[] } | undefined>();
    for (const { series, exemplar } of this.#inOrder()) {
      const { key } = series;
      if (!bySeries.has(key)) {
        const isMatched = selectors.some((matchers) => matchesAll(matchers, series));
        bySeries.set(key, isMatched ? { labels: series, exemplars: [] } : undefined);
      }
      if (exemplar.at >= range.start && exemplar.at <= range.end) bySeries.get(key)?.exemplars.push(exemplar);
    }
    return [...bySeries.values()].flatMap((found) => (found === undefined || found.exemplars.length === 0 ? [] : [found]));
  }

  /** As they came. */
  #inOrder(): readonly Kept[] {
    return this.#kept.length < this.#capacity ? this.#kept : [...this.#kept.slice(this.#next), ...this.#kept.slice(0, this.#next)];
  }
}

/** The time that a scrape gives to an exemplar without one says nothing about it. */
function isSame(a: Exemplar, b: Exemplar): boolean {
  if ((a.isTimed || b.isTimed) && a.at !== b.at) return false;
  return a.labels.key === b.labels.key && Object.is(a.value, b.value);
}

function charactersOf(labels: Labels): number {
  let characters = 0;
  for (const { name, value } of labels) characters += name.length + value.length;
  return characters;
}
