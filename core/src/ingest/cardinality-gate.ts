import type { SeriesIndex } from '@metrics-dashboard/sdk';
import type { IngestLimits } from './delivery.js';

/**
 * The limit on how many series one metric name may have, asked before a series is created. A series holds its place
 * while it is in the head; the storage's index is where the truth is, and is counted at the start and after series left.
 */
export class CardinalityGate {
  readonly #index: SeriesIndex;
  readonly #seriesByMetric = new Map<string, number>();
  #limits: IngestLimits;
  #isOutdated = true;
  #epoch = 0;

  constructor(index: SeriesIndex, limits: IngestLimits) {
    this.#index = index;
    this.#limits = limits;
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

  get limit(): number {
    return this.#limits.seriesPerMetric;
  }

  /** Whether the metric may have one series more. */
  admit(metric: string): boolean {
    if (this.#isOutdated) this.#count();
    return (this.#seriesByMetric.get(metric) ?? 0) < this.#limits.seriesPerMetric;
  }

  /** Takes the place of a series that was just created. */
  take(metric: string): void {
    // Series that are created before the first question are in the index when it is counted.
    if (this.#isOutdated) return;
    this.#seriesByMetric.set(metric, (this.#seriesByMetric.get(metric) ?? 0) + 1);
  }

  configure(limits: IngestLimits): void {
    this.#limits = limits;
    this.#epoch++;
  }

  #count(): void {
    this.#isOutdated = false;
    this.#seriesByMetric.clear();
    for (const [metric, series] of this.#index.activeByMetric()) this.#seriesByMetric.set(metric, series);
  }
}
