import { declareProcessMetrics } from './process-metrics.js';
import type { Register } from './metric.js';
import { declareRuntimeMetrics } from './runtime-metrics.js';

export interface DefaultMetricsOptions {
  /** The registry that the metrics belong to. */
  readonly register: Register;
  /** In front of every name. */
  readonly prefix?: string;
  /** On every metric: the name of a thread, say. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The bounds of `nodejs_gc_duration_seconds`, in seconds. */
  readonly gcDurationBuckets?: readonly number[];
  /** How often the event loop is looked at, in milliseconds; 10 by default. */
  readonly eventLoopMonitoringPrecision?: number;
}

/**
 * Declares what Prometheus' clients for Node.js tell of a process (`process_…`) and of its runtime (`nodejs_…`), under
 * the same names. Everything is read when the registry is collected in this thread; heap, collector and event loop
 * are this thread's. The returned function ends the watch over them; the metrics keep their last values.
 *
 * Names: https://prometheus.io/docs/instrumenting/writing_clientlibs/#standard-and-runtime-collectors.
 */
export function collectDefaultMetrics(options: DefaultMetricsOptions): () => void {
  const place = { registers: [options.register], prefix: options.prefix ?? '', labels: options.labels ?? {} };
  declareProcessMetrics(place);
  return declareRuntimeMetrics(place, options.gcDurationBuckets, options.eventLoopMonitoringPrecision);
}
