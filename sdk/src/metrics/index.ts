// The door for instrumentation: of plugins, of the product itself, and of any Node.js program.

export { Registry, attachRegistry } from './registry.js';
export type { AnyMetric, RegistryOptions } from './registry.js';
export type { RegistryHandle } from './directory.js';
export { Counter } from './counter.js';
export type { CounterChild, CounterOptions } from './counter.js';
export { Gauge } from './gauge.js';
export type { GaugeChild, GaugeOptions } from './gauge.js';
export { DEFAULT_BUCKETS, Histogram, exponentialBuckets, linearBuckets } from './histogram.js';
export type { HistogramChild, HistogramOptions } from './histogram.js';
export type { ExemplarLabels } from './exemplar-labels.js';
export type { ExemplifiedUpdate } from './exemplified-update.js';
export type { ExemplarOption, LabelArguments, LabelValues, MetricOptions, MetricsClock, Register } from './metric.js';
export { collectDefaultMetrics } from './default-metrics.js';
export type { DefaultMetricsOptions } from './default-metrics.js';
export { Pushgateway } from './push.js';
export type { PushGroup, PushgatewayOptions } from './push.js';
export type { MetricsFormat } from './text-format.js';
