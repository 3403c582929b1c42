import type { Logger } from '@metrics-dashboard/sdk';
import { Counter } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { GateWatcher, SeriesLimit } from '../ingest/cardinality-gate.js';
import type { RefusedSeries } from './cardinality.js';

/** The most metrics whose refused series are remembered: a sender that makes up names must not fill the memory. */
const MOST_METRICS = 1000;

/** Tells people of limits that are nearly met, and remembers what was refused. */
export class GateLog implements GateWatcher {
  readonly #log: Logger;
  readonly #refusals: Counter;
  readonly #refusedByPlace = new Map<string, { readonly metric: string; readonly limit: SeriesLimit; series: number }>();

  constructor(log: Logger, registry: Registry) {
    this.#log = log;
    this.#refusals = new Counter({
      name: 'metrics_dashboard_ingest_refused_series_total',
      help: 'Series that did not come into being, by the limit that was met',
      labelNames: ['limit'],
      registers: [registry],
    });
    for (const limit of ['series_per_metric', 'series_per_target', 'series']) this.#refusals.inc({ limit }, 0);
  }

  near(limit: SeriesLimit, name: string, met: number, allowed: number): void {
    const metric = name === '' ? {} : { metric: name };
    this.#log.warn(`nearly as many series as limits.${limit} allows`, { ...metric, series: met, limit: allowed });
  }

  refused(limit: SeriesLimit, metric: string): void {
    this.#refusals.inc({ limit });
    const place = `${limit} ${metric}`;
    const known = this.#refusedByPlace.get(place);
    if (known !== undefined) known.series++;
    else if (this.#refusedByPlace.size < MOST_METRICS) this.#refusedByPlace.set(place, { metric, limit, series: 1 });
  }

  /** In no order. */
  refusedSeries(): RefusedSeries[] {
    return [...this.#refusedByPlace.values()];
  }
}
