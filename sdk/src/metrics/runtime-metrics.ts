import { PerformanceObserver, constants, monitorEventLoopDelay } from 'node:perf_hooks';
import type { IntervalHistogram, PerformanceEntry } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import type { DefaultMetricsPlace } from './default-place.js';
import { Gauge } from './gauge.js';
import { Histogram } from './histogram.js';

const GC_BUCKETS: readonly number[] = [0.001, 0.01, 0.1, 1, 2, 5];

/** In milliseconds. */
const PRECISION = 10;

/** Of this thread's runtime. The returned function ends the watch over its loop and its garbage collector. */
export function declareRuntimeMetrics(place: DefaultMetricsPlace, gcBuckets = GC_BUCKETS, precision = PRECISION): () => void {
  declareMemory(place);
  declareResources(place);
  const loop = declareLoop(place, precision);
  const observer = declareCollector(place, gcBuckets);
  return () => {
    loop.disable();
    observer.disconnect();
  };
}

function declareMemory(place: DefaultMetricsPlace): void {
  gauge(place, 'nodejs_heap_size_total_bytes', 'Size of the JavaScript heap, in bytes.', () => process.memoryUsage().heapTotal);
  gauge(place, 'nodejs_heap_size_used_bytes', 'JavaScript heap in use, in bytes.', () => process.memoryUsage().heapUsed);
  gauge(place, 'nodejs_external_memory_bytes', 'Memory outside the heap that objects on it hold, in bytes.', () => process.memoryUsage().external);
  const bySpace = (name: string, help: string, field: 'space_size' | 'space_used_size' | 'space_available_size'): void => {
    byLabel(place, name, help, 'space', () =>
      getHeapSpaceStatistics().map((space) => [space.space_name.replace(/_space$/, ''), space[field]] as const),
    );
  };
  bySpace('nodejs_heap_space_size_total_bytes', 'Size of each space of the heap, in bytes.', 'space_size');
  bySpace('nodejs_heap_space_size_used_bytes', 'Each space of the heap in use, in bytes.', 'space_used_size');
  bySpace('nodejs_heap_space_size_available_bytes', 'Each space of the heap not in use, in bytes.', 'space_available_size');
}

function declareResources(place: DefaultMetricsPlace): void {
  const { registers, prefix, labels } = place;
  const types = byLabel(place, 'nodejs_active_resources', 'What keeps the event loop alive, by type.', 'type', () => {
    types.reset();
    const counts = new Map<string, number>();
    for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
    return [...counts];
  });
  gauge(place, 'nodejs_active_resources_total', 'What keeps the event loop alive.', () => process.getActiveResourcesInfo().length);
  const [major = '', minor = '', patch = ''] = process.versions.node.split('.');
  const version = new Gauge({
    name: `${prefix}nodejs_version_info`,
    help: 'The version of Node.js, as labels.',
    labelNames: ['version', 'major', 'minor', 'patch', ...Object.keys(labels)],
    registers,
  });
  version.set({ version: process.version, major, minor, patch, ...labels }, 1);
}

/** How late the loop came round since the last collection, in seconds. */
function declareLoop(place: DefaultMetricsPlace, precision: number): IntervalHistogram {
  const loop = monitorEventLoopDelay({ resolution: precision });
  loop.enable();
  // The histogram holds the times between two looks, in nanoseconds.
  const seconds = (nanoseconds: number): number => (loop.count === 0 ? 0 : Math.max(0, nanoseconds / 1e9 - precision / 1000));
  const lag = (suffix: string, help: string, read: () => number): void =>
    gauge(place, `nodejs_eventloop_lag_${suffix}`, `${help} lag of the event loop since the last collection, in seconds.`, read);
  lag('min_seconds', 'The smallest', () => seconds(loop.min));
  lag('max_seconds', 'The largest', () => seconds(loop.max));
  lag('mean_seconds', 'The mean', () => seconds(loop.mean));
  lag('stddev_seconds', 'The standard deviation of the', () => (loop.count === 0 ? 0 : loop.stddev / 1e9));
  for (const percentile of [50, 90, 99]) {
    lag(`p${percentile}_seconds`, `The ${percentile}th percentile of the`, () => seconds(loop.percentile(percentile)));
  }
  // The last to be declared is the last to be read.
  gauge(place, 'nodejs_eventloop_lag_seconds', 'The mean lag of the event loop since the last collection, in seconds.', () => {
    const mean = seconds(loop.mean);
    loop.reset();
    return mean;
  });
  return loop;
}

const KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

function declareCollector({ registers, prefix, labels }: DefaultMetricsPlace, buckets: readonly number[]): PerformanceObserver {
  const duration = new Histogram({
    name: `${prefix}nodejs_gc_duration_seconds`,
    help: 'How long garbage collections took, by kind, in seconds.',
    labelNames: ['kind', ...Object.keys(labels)],
    buckets,
    registers,
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) duration.observe({ kind: kindOf(entry), ...labels }, entry.duration / 1000);
  });
  observer.observe({ entryTypes: ['gc'] });
  return observer;
}

function kindOf(entry: PerformanceEntry): string {
  // Entries of collections have details, which the types leave out.
  const detail: unknown = Reflect.get(entry, 'detail');
  const kind: unknown = typeof detail === 'object' && detail !== null ? Reflect.get(detail, 'kind') : undefined;
  return (typeof kind === 'number' ? KINDS[kind] : undefined) ?? 'other';
}

function gauge({ registers, prefix, labels }: DefaultMetricsPlace, name: string, help: string, read: () => number): void {
  const labelNames = Object.keys(labels);
  const own: Gauge = new Gauge({ name: prefix + name, help, labelNames, registers, collect: () => own.set(labels, read()) });
}

function byLabel(
  { registers, prefix, labels }: DefaultMetricsPlace,
  name: string,
  help: string,
  label: string,
  read: () => Iterable<readonly [value: string, count: number]>,
): Gauge {
  const own: Gauge = new Gauge({
    name: prefix + name,
    help,
    labelNames: [label, ...Object.keys(labels)],
    registers,
    collect: () => {
      for (const [value, count] of read()) own.set({ ...labels, [label]: value }, count);
    },
  });
  return own;
}
