import { Counter, Histogram } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { IngestReport, RefusalReason } from '../ingest/delivery.js';

const REASONS: readonly RefusalReason[] = [
  'cardinality_limit',
  'dropped_cardinality_limit',
  'too_old',
  'too_far_in_future',
  'duplicate_timestamp',
  'invalid_labels',
];

/** What the engine counts about itself. */
export class EngineMetrics {
  readonly #samples: Counter;
  readonly #refused: Counter;
  readonly #failures: Counter;
  readonly #queryDuration: Histogram;
  readonly #refusedByReason: Partial<Record<RefusalReason, number>> = {};

  constructor(registry: Registry) {
    const registers = [registry];
    this.#samples = new Counter({
      name: 'metrics_dashboard_ingest_samples_total',
      help: 'Samples stored, by the road they came',
      labelNames: ['source'],
      registers,
    });
    this.#refused = new Counter({
      name: 'metrics_dashboard_ingest_refused_samples_total',
      help: 'Samples that were not stored, by reason',
      labelNames: ['reason'],
      registers,
    });
    this.#failures = new Counter({
      name: 'metrics_dashboard_ingest_unreadable_bodies_total',
      help: 'Bodies of scrapes and pushes that were not stored as a whole, by what was wrong',
      labelNames: ['kind'],
      registers,
    });
    this.#queryDuration = new Histogram({
      name: 'metrics_dashboard_query_duration_seconds',
      help: 'Duration of queries in the engine',
      labelNames: ['kind'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    });
    // A counter that begins at 0 shows its first increase.
    for (const source of ['scrape', 'push']) this.#samples.inc({ source }, 0);
    for (const reason of REASONS) this.#refused.inc({ reason }, 0);
  }

  /** Samples refused since this engine began, by reason. */
  get refused(): Readonly<Partial<Record<RefusalReason, number>>> {
    return { ...this.#refusedByReason };
  }

  ingested(source: 'scrape' | 'push', report: IngestReport): void {
    this.#samples.inc({ source }, report.accepted);
    if (report.error) this.#failures.inc({ kind: report.error.kind });
    for (const [name, count] of Object.entries(report.refused)) {
      // The keys of the record are reasons.
      const reason = name as RefusalReason;
      this.#refused.inc({ reason }, count);
      this.#refusedByReason[reason] = (this.#refusedByReason[reason] ?? 0) + count;
    }
  }

  queried(kind: 'instant' | 'range', milliseconds: number): void {
    this.#queryDuration.observe({ kind }, milliseconds / 1000);
  }
}
