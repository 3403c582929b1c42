import type { MetricType } from '@metrics-dashboard/sdk';
import { SeriesCache } from './series-cache.js';

/** What targets say of a metric. */
export interface Metadata {
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
}

const TYPES: ReadonlySet<string> = new Set<MetricType>([
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
  'unknown',
]);

const NOTHING_SAID: Metadata = { type: 'unknown', help: '', unit: '' };

/** Metrics whose metadata is kept, and characters of one help text. */
const MOST_METRICS = 100_000;
const LONGEST_TEXT = 2_000;

/** The metadata of all sources, the last word of each metric; bounded. */
export class MetadataStore {
  readonly #byMetric = new Map<string, Metadata>();
  readonly #met = new SeriesCache({ entries: 200_000, keyBytes: 32 * 2 ** 20 });

  /** How many metrics something is said of. */
  get size(): number {
    return this.#byMetric.size;
  }

  /** Before each body. */
  begin(): void {
    this.#met.begin(0);
  }

  /** Whether what these very bytes say was taken in before. */
  knows(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#met.find(bytes, start, end) !== 0;
  }

  /** What these bytes say is taken in. */
  remember(bytes: Uint8Array, start: number, end: number): void {
    this.#met.add(bytes, start, end);
  }

  /** Takes what one body says of a metric; the oldest metric gives way when there are too many. */
  set(metric: string, field: 'type' | 'unit' | 'help', value: string): void {
    const before = this.#byMetric.get(metric) ?? NOTHING_SAID;
    const after = { ...before, [field]: field === 'type' ? typeOf(value) : value.slice(0, LONGEST_TEXT) };
    this.#byMetric.delete(metric);
    this.#byMetric.set(metric, after);
    if (this.#byMetric.size <= MOST_METRICS) return;
    for (const oldest of this.#byMetric.keys()) {
      this.#byMetric.delete(oldest);
      return;
    }
  }

  get(metric: string): Metadata | undefined {
    return this.#byMetric.get(metric);
  }

  /** Sorted by metric. */
  all(): [metric: string, metadata: Metadata][] {
    return [...this.#byMetric].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }
}

function typeOf(value: string): MetricType {
  // Every value of the set is a MetricType.
  return TYPES.has(value) ? (value as MetricType) : 'unknown';
}
