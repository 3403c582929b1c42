import { Counter } from './counter.js';
import { Directory, type RegistryHandle } from './directory.js';
import { Gauge } from './gauge.js';
import { Histogram } from './histogram.js';
import type { MetricsClock, Register } from './metric.js';
import { systemClock } from './system-clock.js';
import { CONTENT_TYPES, writeFamilies, type MetricsFormat } from './text-format.js';

export type AnyMetric = Counter | Gauge | Histogram;

export interface RegistryOptions {
  /** What timers run on and `setToCurrentTime` reads; the system's clocks by default. */
  readonly clock?: MetricsClock;
  /**
   * What an update of a new label set does when its metric has as many as it may have. `throw`, the default: it throws
   * a LimitError that names metric and label set, and changes nothing. `count`: the work that it happened in goes on;
   * such updates are counted, and shown as `metrics_dashboard_refused_updates_total{metric="…"}`.
   */
  readonly overLimit?: 'throw' | 'count';
  /**
   * Told what must not stop the program: that a `collect` callback threw, and where `overLimit` is `count`, the first
   * refusal of each metric in this thread, as a LimitError. By default nobody is told.
   */
  readonly onError?: (error: Error) => void;
  /** The most shared memory, 128 MiB by default; what is not used takes none. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 128 * 1024 * 1024;

/** The metrics of a program. They live in shared memory, so one registry can be used from many threads. */
export class Registry implements Register {
  /** For the metric classes. */
  readonly directory: Directory;
  /** For the metric classes. */
  readonly clock: MetricsClock;
  /** For the metric classes. */
  readonly overLimit: 'throw' | 'count';
  readonly #onError: (error: Error) => void;
  readonly #metricByName = new Map<string, AnyMetric>();
  readonly #callbacks: { readonly name: string; readonly collect: () => void | Promise<void> }[] = [];

  /** A new registry; `directory` is for `attachRegistry`. */
  constructor(options: RegistryOptions = {}, directory?: Directory) {
    this.directory = directory ?? Directory.create(options.maxBytes ?? MAX_BYTES);
    this.clock = options.clock ?? systemClock;
    this.overLimit = options.overLimit ?? 'throw';
    this.#onError = options.onError ?? (() => undefined);
  }

  /** Of what `metrics()` returns when no format is asked for. */
  get contentType(): string {
    return CONTENT_TYPES.text;
  }

  /** The value of the Content-Type header that goes with a format. */
  contentTypeOf(format: MetricsFormat): string {
    return CONTENT_TYPES[format];
  }

  /** All metrics of all threads as text: the Prometheus format 0.0.4, or OpenMetrics 1.0. */
  async metrics(options: { readonly format?: MetricsFormat } = {}): Promise<string> {
    await this.collect();
    return writeFamilies(this.directory, options.format ?? 'text');
  }

  /** Runs this thread's `collect` callbacks, side by side. One that throws leaves its metric as it was. */
  async collect(): Promise<void> {
    await Promise.all(
      this.#callbacks.map(async ({ name, collect }) => {
        try {
          await collect();
        } catch (cause) {
          this.report(new Error(`collect metric ${name}`, { cause }));
        }
      }),
    );
  }

  /** A metric by name, whichever thread declared it. */
  getSingleMetric(name: string): AnyMetric | undefined {
    const known = this.#metricByName.get(name);
    if (known !== undefined) return known;
    const definition = this.directory.family(name)?.definition;
    if (definition === undefined) return undefined;
    const options = { ...definition, enableExemplars: definition.exemplars, registers: [this] };
    switch (definition.type) {
      case 'counter':
        return new Counter(options);
      case 'gauge':
        return new Gauge(options);
      case 'histogram':
        return new Histogram(options);
    }
  }

  /** Resets every metric, those of other threads too. */
  resetMetrics(): void {
    for (const { definition } of this.directory.families()) this.getSingleMetric(definition.name)?.reset();
  }

  /** What another thread makes the same registry of, with `attachRegistry`: to be posted, or given as worker data. */
  share(): RegistryHandle {
    return this.directory.share();
  }

  /** For the metric classes: makes a metric one of this registry's. */
  adopt(metric: AnyMetric, collect: (() => void | Promise<void>) | undefined): void {
    const { name } = metric;
    if (!this.#metricByName.has(name)) this.#metricByName.set(name, metric);
    if (collect !== undefined) this.#callbacks.push({ name, collect });
  }

  /** For the metric classes: tells `onError`. */
  report(error: Error): void {
    this.#onError(error);
  }
}

/**
 * The registry of another thread. What either declares appears once in what either prints: declaring a metric again
 * with the same type, label names and buckets gives the same numbers.
 */
export function attachRegistry(handle: RegistryHandle, options: RegistryOptions = {}): Registry {
  return new Registry(options, Directory.attach(handle));
}
