import { LimitError } from '@metrics-dashboard/sdk';
import type { Labels, Matcher } from '@metrics-dashboard/sdk';
import { compileRelabel } from '../ingest/relabel.js';
import type { Relabel } from '../ingest/relabel.js';
import type { CardinalityChange, CardinalityForecast, MetricForecast } from './cardinality.js';
import { visitHeadSeries } from './head-series.js';
import type { HeadWalk } from './head-series.js';

/** The most series that are looked at: each is remembered by a number until the end. */
const MOST_SERIES = 5_000_000;

/**
 * What a change would save: every series of the head goes through the rules and limits as if it came now. With the matchers,
 * the rules see only what they find, as those of one job would; limits see all. Throws a `ParseError` for a rule that
 * can't be run.
 */
export async function forecastCardinality(
  walk: HeadWalk,
  change: CardinalityChange,
  matchers: readonly Matcher[],
  signal: AbortSignal,
): Promise<CardinalityForecast> {
  const begun = walk.clock.elapsed();
  const forecast = new Forecast(change, compileRelabel(change.relabel), matchers);
  await visitHeadSeries(walk, [], (labels) => forecast.add(labels), signal);
  return forecast.result(walk.clock.elapsed() - begun);
}

type Fate = 'dropped' | 'merged' | 'refused';

class Forecast {
  readonly #change: CardinalityChange;
  readonly #relabel: Relabel;
  readonly #matchers: readonly Matcher[];
  readonly #byMetric = new Map<string, Record<Fate | 'before', number>>();
  /** Series that would be there, as numbers made of their labels. */
  readonly #kept = new Set<number>();
  readonly #keptByMetric = new Map<string, number>();
  readonly #keptByTarget = new Map<string, number>();
  #before = 0;

  constructor(change: CardinalityChange, relabel: Relabel, matchers: readonly Matcher[]) {
    this.#change = change;
    this.#relabel = relabel;
    this.#matchers = matchers;
  }

  add(labels: Labels): void {
    if (++this.#before > MOST_SERIES) throw new LimitError('series of a forecast', MOST_SERIES, this.#before);
    const counts = this.#byMetric.get(labels.metric) ?? { before: 0, dropped: 0, merged: 0, refused: 0 };
    this.#byMetric.set(labels.metric, counts);
    counts.before++;
    const fate = this.#fateOf(labels);
    if (fate !== undefined) counts[fate]++;
  }

  result(milliseconds: number): CardinalityForecast {
    const sum = (fate: Fate): number => [...this.#byMetric.values()].reduce((all, counts) => all + counts[fate], 0);
    const lost = (one: MetricForecast): number => one.dropped + one.merged + one.refused;
    const metrics = [...this.#byMetric].map(([metric, counts]) => ({ metric, ...counts })).filter((one) => lost(one) > 0);
    return {
      before: this.#before,
      after: this.#kept.size,
      dropped: sum('dropped'),
      merged: sum('merged'),
      refused: sum('refused'),
      metrics: metrics.sort((a, b) => lost(b) - lost(a)).slice(0, this.#change.limit),
      milliseconds,
    };
  }

  /** undefined: it would be there. */
  #fateOf(before: Labels): Fate | undefined {
    const isMeant = this.#matchers.every((one) => one.matches(before.get(one.name)));
    const labels = isMeant ? this.#relabel(before) : before;
    if (labels === undefined || labels.metric === '') return 'dropped';
    const number = numberOf(labels.key);
    if (this.#kept.has(number)) return 'merged';
    const { seriesPerMetric, seriesPerTarget, series = Infinity } = this.#change;
    const target = `${labels.get('job')}\n${labels.get('instance')}`;
    const hasRoom = isBelow(this.#keptByTarget, target, seriesPerTarget) && isBelow(this.#keptByMetric, labels.metric, seriesPerMetric);
    if (!hasRoom || this.#kept.size >= series) return 'refused';
    this.#kept.add(number);
    increment(this.#keptByTarget, target);
    increment(this.#keptByMetric, labels.metric);
    return undefined;
  }
}

function isBelow(counts: ReadonlyMap<string, number>, name: string, limit = Infinity): boolean {
  return (counts.get(name) ?? 0) < limit;
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** 53 bits of two hashes: among five million series, two share one with a chance of one in seven hundred. */
function numberOf(key: string): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high + unit, 0x85ebca6b) ^ (high >>> 15);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
