import type { SeriesIndex } from '@metrics-dashboard/sdk';
import type { IngestLimits } from './delivery.js';

/** A limit on series, by its name under `limits:`. */
export type SeriesLimit = 'series_per_metric' | 'series_per_target' | 'series';

/** Hears what becomes of limits. */
export interface GateWatcher {
  /** So much of a limit is taken that a person should know; told once, and again after there was more room. `name` is the metric. */
  near(limit: SeriesLimit, name: string, met: number, allowed: number): void;
  /** A series did not come into being. */
  refused(limit: SeriesLimit, metric: string): void;
}

/** The part of a limit from which on a person should know. */
const NEAR = 0.8;

const NOBODY: GateWatcher = { near: () => undefined, refused: () => undefined };

/**
 * The limits on how many series there may be, of one metric name and in all, asked before a series is created. A series
 * holds its place while it is in the head; the storage's index is where the truth is, and is counted at the start and
 * after series left.
 */
export class CardinalityGate {
  readonly #index: SeriesIndex;
  readonly #watcher: GateWatcher;
  readonly #seriesByMetric = new Map<string, number>();
  /** The metrics that are near their limit; the empty name stands for all series. */
  #near = new Set<string>();
  #total = 0;
  #limits: IngestLimits;
  #isOutdated = true;
  #epoch = 0;

  constructor(index: SeriesIndex, limits: IngestLimits, watcher: GateWatcher = NOBODY) {
    this.#index = index;
    this.#limits = limits;
    this.#watcher = watcher;
    index.onRemoved(() => {
      this.#isOutdated = true;
      this.#epoch++;
    });
  }

  /** Changes when places may have become free: a series that was refused in an older epoch is worth asking for again. */
  get epoch(): number {
    return this.#epoch;
  }

  /** What a refused series is counted as. */
  get refusal(): 'cardinality_limit' | 'dropped_cardinality_limit' {
    return this.#limits.seriesPerMetricPolicy === 'drop' ? 'dropped_cardinality_limit' : 'cardinality_limit';
  }

  get limits(): IngestLimits {
    return this.#limits;
  }

  /** How many series one target may have; 0 is no limit. Whoever delivers counts them. */
  get seriesPerTarget(): number {
    return this.#limits.seriesPerTarget ?? 0;
  }

  /** How many series there are. */
  get total(): number {
    this.#counted();
    return this.#total;
  }

  /** Of each metric, how many series it has. */
  get seriesByMetric(): ReadonlyMap<string, number> {
    this.#counted();
    return this.#seriesByMetric;
  }

  /** The metrics that are near their limit, or at it. */
  get near(): ReadonlySet<string> {
    this.#counted();
    return this.#near;
  }

  /** The limit that keeps the metric from having one series more, `room` being what the target has left; undefined: it may have it. */
  obstacle(metric: string, room: number): SeriesLimit | undefined {
    this.#counted();
    const { seriesPerMetric, series = 0 } = this.#limits;
    const limit =
      room <= 0
        ? 'series_per_target'
        : (this.#seriesByMetric.get(metric) ?? 0) >= seriesPerMetric
          ? 'series_per_metric'
          : series > 0 && this.#total >= series
            ? 'series'
            : undefined;
    if (limit !== undefined) this.#watcher.refused(limit, metric);
    return limit;
  }

  /** Why the metric could have no series more, for people. */
  explain(metric: string, isTargetFull: boolean): string {
    const { seriesPerMetric, series = 0 } = this.#limits;
    if (isTargetFull) return `limits.series_per_target is ${this.seriesPerTarget}, and the target has as many series`;
    const isMetricFull = (this.#seriesByMetric.get(metric) ?? 0) >= seriesPerMetric;
    if (!isMetricFull && series > 0 && this.#total >= series) return `limits.series is ${series}, and there are as many series`;
    return `limits.series_per_metric is ${seriesPerMetric}, and metric ${JSON.stringify(metric)} has as many series`;
  }

  /** Takes the place of a series that was just created. */
  take(metric: string): void {
    // Series that are created before the first question are in the index when it is counted.
    if (this.#isOutdated) return;
    const series = (this.#seriesByMetric.get(metric) ?? 0) + 1;
    this.#seriesByMetric.set(metric, series);
    this.#total++;
    this.#watch(metric, series, this.#near);
    this.#watch('', this.#total, this.#near);
  }

  configure(limits: IngestLimits): void {
    this.#limits = limits;
    this.#isOutdated = true;
    this.#epoch++;
  }

  #counted(): void {
    if (!this.#isOutdated) return;
    this.#isOutdated = false;
    this.#seriesByMetric.clear();
    this.#total = 0;
    const near = new Set<string>();
    for (const [metric, series] of this.#index.activeByMetric()) {
      this.#seriesByMetric.set(metric, series);
      this.#total += series;
      this.#watch(metric, series, near);
    }
    this.#watch('', this.#total, near);
    this.#near = near;
  }

  /** Tells of a metric that is near its limit, if nobody was told. */
  #watch(metric: string, met: number, near: Set<string>): void {
    const allowed = metric === '' ? (this.#limits.series ?? 0) : this.#limits.seriesPerMetric;
    // A limit of a few series is met at once, and nobody could act in between.
    if (allowed < 10 || met < allowed * NEAR || near.has(metric)) return;
    const isNews = !this.#near.has(metric);
    near.add(metric);
    if (isNews) this.#watcher.near(metric === '' ? 'series' : 'series_per_metric', metric, met, allowed);
  }
}
