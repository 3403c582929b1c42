import type { Clock, Duration } from '@metrics-dashboard/sdk';
import { Gauge } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { CardinalityGate } from '../ingest/cardinality-gate.js';

/** How often the gauges are set: nobody collects on this thread. */
const PERIOD: Duration = 5000;

/** The most metrics that are told of. */
const LARGEST = 50;

/**
 * Keeps a gauge of the largest metrics up to date: scraped like any other, it shows how they grow, in charts and to
 * alerting rules, through restarts. Returns what stops that.
 */
export function watchSeries(gate: CardinalityGate, registry: Registry, clock: Clock): () => void {
  const gauge = new Gauge({
    name: 'metrics_dashboard_metric_series',
    help: 'Series in the head, of the metrics that have most of them.',
    labelNames: ['metric'],
    registers: [registry],
  });
  const stopping = new AbortController();
  let shown = new Set<string>();
  const show = (): void => {
    const largest = [...gate.seriesByMetric].sort(([, a], [, b]) => b - a).slice(0, LARGEST);
    const metrics = new Set(largest.map(([metric]) => metric));
    for (const metric of shown) if (!metrics.has(metric)) gauge.remove(metric);
    for (const [metric, series] of largest) gauge.set({ metric }, series);
    shown = metrics;
  };
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      show();
      await clock.sleep(PERIOD, stopping.signal);
    }
  };
  void watch();
  return () => stopping.abort();
}
