import { formatBound, staleColumn } from '@metrics-dashboard/sdk';
import type { EntrySink, MetricType } from '@metrics-dashboard/sdk';
import { KeyWriter, attributePart, faultPart, labelPart, metricPart } from './key.js';
import { CUMULATIVE, DELTA } from './model.js';
import type { Attribute, Metric, Point, Resource } from './model.js';
import { labelsOf, translateName } from './names.js';

type LabelMap = Map<string, string>;

/** Attributes that become `job` and `instance`. */
const IDENTIFYING = ['service.name', 'service.namespace', 'service.instance.id'];

const TYPES: Readonly<Record<'gauge' | 'histogram' | 'summary', MetricType>> = { gauge: 'gauge', histogram: 'histogram', summary: 'summary' };

/**
 * Offers what programs report as Prometheus would have it. A data point is an item; one that can't be taken shows as a
 * sample of a series that can't be, so that it is refused alone.
 * Source: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#otlp-metric-points-to-prometheus.
 */
export class Translator {
  readonly #sink: EntrySink;
  readonly #promoted: ReadonlySet<string>;
  readonly #keys = new KeyWriter();
  readonly #stale = staleColumn();

  /** `promoted`: attributes of a resource that become labels of each of its series. */
  constructor(sink: EntrySink, promoted: ReadonlySet<string>) {
    this.#sink = sink;
    this.#promoted = promoted;
  }

  offer({ attributes, metrics }: Resource): void {
    const target = targetLabels(attributes);
    const common = labelParts([...target, ...labelsOf(attributes.filter(([name]) => this.#promoted.has(name)))]);
    for (const metric of metrics) this.#offerMetric(metric, common);
    this.#offerTargetInfo(attributes, target, metrics);
  }

  #offerMetric(metric: Metric, common: string): void {
    const isSum = metric.kind === 'sum';
    const kind = isSum && metric.isMonotonic ? 'counter' : metric.kind === 'gauge' || isSum ? 'gauge' : 'other';
    const { name, unit } = translateName(metric.name, metric.unit, isSum && !metric.isMonotonic ? 'other' : kind);
    const fault = faultOf(metric, name);
    if (fault === undefined) this.#describe(name, kind === 'other' ? TYPES[metric.kind === 'summary' ? 'summary' : 'histogram'] : kind, metric.description, unit);
    const isDelta = metric.temporality === DELTA && (isSum || metric.kind === 'histogram');
    if (isDelta) this.#sink.delta(name);
    for (const point of metric.points) {
      this.#sink.item?.(name === '' ? metric.name : name);
      if (fault === undefined) this.#offerPoint(name, metric, point, common + attributeParts(point.attributes));
      else this.#refuse(fault);
    }
    if (isDelta) this.#sink.delta(undefined);
  }

  #describe(name: string, type: MetricType, help: string, unit: string): void {
    this.#sink.metadata(name, 'type', type);
    if (help !== '') this.#sink.metadata(name, 'help', help);
    if (unit !== '') this.#sink.metadata(name, 'unit', unit);
  }

  #offerPoint(name: string, metric: Metric, point: Point, labels: string): void {
    if (metric.kind === 'histogram') this.#offerHistogram(name, point, labels);
    else if (metric.kind === 'summary') this.#offerSummary(name, point, labels);
    else this.#sample(name, labels, point, point.value);
  }

  #offerHistogram(name: string, point: Point, labels: string): void {
    const { bucketCounts, bounds } = point;
    if (bucketCounts.length > 0 && bucketCounts.length !== bounds.length + 1) {
      this.#refuse(`histogram ${JSON.stringify(name)} has ${bucketCounts.length} buckets and ${bounds.length} bounds, expected one bucket more`);
      return;
    }
    let count = 0;
    for (const [i, bound] of bounds.entries()) {
      count += bucketCounts[i] ?? 0;
      this.#sample(`${name}_bucket`, labels + labelPart('le', formatBound(bound)), point, count);
    }
    this.#sample(`${name}_bucket`, labels + labelPart('le', '+Inf'), point, point.count);
    if (point.sum !== undefined) this.#sample(`${name}_sum`, labels, point, point.sum);
    this.#sample(`${name}_count`, labels, point, point.count);
  }

  #offerSummary(name: string, point: Point, labels: string): void {
    for (const { quantile, value } of point.quantiles) this.#sample(name, labels + labelPart('quantile', formatBound(quantile)), point, value);
    this.#sample(`${name}_sum`, labels, point, point.sum ?? 0);
    this.#sample(`${name}_count`, labels, point, point.count);
  }

  #sample(name: string, labels: string, { at, hasNoValue }: Point, value: number): void {
    const key = this.#keys.write(metricPart(name) + labels);
    // The marker goes from column to column: a NaN's bits are not safe in between.
    this.#sink.sample(key.bytes, 0, key.end, hasNoValue ? (this.#stale[0] as number) : value, at);
  }

  #refuse(fault: string): void {
    const key = this.#keys.write(faultPart(fault));
    this.#sink.sample(key.bytes, 0, key.end, 0, NaN);
  }

  /** What else is known of who reports, as labels of a metric that is 1. Without a job or an instance nothing could be joined with it. */
  #offerTargetInfo(attributes: readonly Attribute[], target: LabelMap, metrics: readonly Metric[]): void {
    const others = labelsOf(attributes.filter(([name]) => !IDENTIFYING.includes(name)));
    let latest = -Infinity;
    for (const { points } of metrics) for (const { at } of points) if (at > latest) latest = at;
    const hasPoints = metrics.some(({ points }) => points.length > 0);
    if (target.size === 0 || others.size === 0 || !hasPoints) return;
    this.#describe('target_info', 'info', 'What is known of the target.', '');
    this.#sink.item?.('target_info');
    const key = this.#keys.write(metricPart('target_info') + labelParts([...others, ...target]));
    this.#sink.sample(key.bytes, 0, key.end, 1, latest === -Infinity ? NaN : latest);
  }
}

function labelParts(labels: Iterable<readonly [string, string]>): string {
  let parts = '';
  for (const [name, value] of labels) parts += labelPart(name, value);
  return parts;
}

function attributeParts(attributes: readonly Attribute[]): string {
  let parts = '';
  for (const [name, value] of attributes) parts += attributePart(name, value);
  return parts;
}

/** Why none of a metric's points can be taken. */
function faultOf({ name: met, kind, temporality }: Metric, name: string): string | undefined {
  const of = `of metric ${JSON.stringify(met)}`;
  if (name === '') return `the name ${of} has no letter or digit`;
  if (kind === undefined) return `the kind ${of} is not known`;
  if (kind === 'exponential histogram') return `exponential histograms, as ${of}, are not supported; let the sender use explicit bucket histograms`;
  const hasTemporality = kind === 'sum' || kind === 'histogram';
  if (hasTemporality && temporality !== DELTA && temporality !== CUMULATIVE) return `the temporality ${of} is not said, expected delta or cumulative`;
  return undefined;
}

/** `job` is the service's name, with its namespace before it; `instance` is its instance. */
function targetLabels(attributes: readonly Attribute[]): LabelMap {
  const byName = new Map(attributes);
  const [name, namespace, instance] = IDENTIFYING.map((one) => byName.get(one) ?? '');
  const labels: LabelMap = new Map();
  if (name !== undefined && name !== '') labels.set('job', namespace === undefined || namespace === '' ? name : `${namespace}/${name}`);
  if (instance !== undefined && instance !== '') labels.set('instance', instance);
  return labels;
}
