import { Budget } from './budget.js';
import { NO_RECORDED_VALUE, emptyPoint, millisecondsOf } from './model.js';
import type { Attribute, Metric, MetricKind, Point, Resource } from './model.js';
import { Wire } from './wire.js';

/** The kinds of a metric by the number of their field. */
const KINDS: ReadonlyMap<number, MetricKind> = new Map([
  [5, 'gauge'],
  [7, 'sum'],
  [9, 'histogram'],
  [10, 'exponential histogram'],
  [11, 'summary'],
]);

/** How deep a value may be nested in another. */
const DEEPEST_VALUE = 16;

/** Reads an `ExportMetricsServiceRequest`. Field numbers are from https://github.com/open-telemetry/opentelemetry-proto, metrics/v1/metrics.proto. */
export function readProtobuf(body: Uint8Array): Resource[] {
  const wire = new Wire(body);
  const budget = new Budget();
  const resources: Resource[] = [];
  wire.fields((field) => field === 1 && resources.push(wire.message(() => readResource(wire, budget))));
  return resources;
}

function readResource(wire: Wire, budget: Budget): Resource {
  const attributes: Attribute[] = [];
  const metrics: Metric[] = [];
  const readScope = (): void => wire.fields((field) => field === 2 && metrics.push(wire.message(() => readMetric(wire, budget))));
  wire.fields((field) => {
    if (field === 1) return wire.message(() => wire.fields((inner) => inner === 1 && attributes.push(readAttribute(wire))));
    return field === 2 ? wire.message(readScope) : false;
  });
  return { attributes, metrics };
}

function readMetric(wire: Wire, budget: Budget): Metric {
  const metric = { name: '', description: '', unit: '', kind: undefined as MetricKind | undefined, temporality: 0, isMonotonic: false, points: [] as Point[] };
  wire.fields((field) => {
    const kind = KINDS.get(field);
    if (kind !== undefined) {
      metric.kind = kind;
      return wire.message(() => readPoints(wire, kind, metric, budget));
    }
    if (field === 1) metric.name = wire.text();
    else if (field === 2) metric.description = wire.text();
    else if (field === 3) metric.unit = wire.text();
    else return false;
    return true;
  });
  return metric;
}

function readPoints(wire: Wire, kind: MetricKind, metric: { temporality: number; isMonotonic: boolean; points: Point[] }, budget: Budget): void {
  wire.fields((field) => {
    if (field === 1) {
      const point = wire.message(() => READERS[kind](wire));
      budget.take(1 + point.bucketCounts.length + point.bounds.length + point.quantiles.length);
      metric.points.push(point);
    } else if (field === 2) metric.temporality = Number(wire.varint());
    else if (field === 3) metric.isMonotonic = wire.varint() !== 0n;
    else return false;
    return true;
  });
}

const READERS: Readonly<Record<MetricKind, (wire: Wire) => Point>> = {
  gauge: readNumber,
  sum: readNumber,
  histogram: readHistogram,
  // Of these only what names them is read.
  'exponential histogram': (wire) => readCommon(wire, 1, 10, () => false),
  summary: readSummary,
};

/** What all data points have: attributes, a time, flags. */
function readCommon(wire: Wire, attributes: number, flags: number, readOther: (field: number, point: Point) => unknown): Point {
  const point = emptyPoint();
  wire.fields((field) => {
    if (field === attributes) point.attributes.push(readAttribute(wire));
    else if (field === 3) point.at = millisecondsOf(wire.fixed64());
    else if (field === flags) point.hasNoValue = (Number(wire.varint()) & NO_RECORDED_VALUE) !== 0;
    else return readOther(field, point);
    return true;
  });
  return point;
}

function readNumber(wire: Wire): Point {
  return readCommon(wire, 7, 8, (field, point) => {
    if (field === 4) point.value = wire.double();
    else if (field === 6) point.value = Number(wire.sfixed64());
    else return false;
    return true;
  });
}

function readHistogram(wire: Wire): Point {
  return readCommon(wire, 9, 10, (field, point) => {
    if (field === 4) point.count = Number(wire.fixed64());
    else if (field === 5) point.sum = wire.double();
    else if (field === 6) wire.repeated(() => point.bucketCounts.push(Number(wire.fixed64())));
    else if (field === 7) wire.repeated(() => point.bounds.push(wire.double()));
    else return false;
    return true;
  });
}

function readSummary(wire: Wire): Point {
  return readCommon(wire, 7, 8, (field, point) => {
    if (field === 4) point.count = Number(wire.fixed64());
    else if (field === 5) point.sum = wire.double();
    else if (field === 6) point.quantiles.push(wire.message(() => readQuantile(wire)));
    else return false;
    return true;
  });
}

function readQuantile(wire: Wire): { quantile: number; value: number } {
  const read = { quantile: 0, value: 0 };
  wire.fields((field) => {
    if (field === 1) read.quantile = wire.double();
    else if (field === 2) read.value = wire.double();
    else return false;
    return true;
  });
  return read;
}

function readAttribute(wire: Wire): Attribute {
  const [name, value] = readKeyValue(wire, 0);
  return [name, textOf(value)];
}

function readKeyValue(wire: Wire, depth: number): [string, unknown] {
  return wire.message(() => {
    let name = '';
    let value: unknown;
    wire.fields((field) => {
      if (field === 1) name = wire.text();
      else if (field === 2) value = wire.message(() => readValue(wire, depth));
      else return false;
      return true;
    });
    return [name, value];
  });
}

/** An `AnyValue`; one that is nested too deep is left out. */
function readValue(wire: Wire, depth: number): unknown {
  let value: unknown;
  wire.fields((field) => {
    if (field === 1) value = wire.text();
    else if (field === 2) value = wire.varint() !== 0n;
    else if (field === 3) value = BigInt.asIntN(64, wire.varint());
    else if (field === 4) value = wire.double();
    else if (field === 7) value = Buffer.from(wire.bytes()).toString('base64');
    else if ((field !== 5 && field !== 6) || depth >= DEEPEST_VALUE) return false;
    else value = wire.message(() => (field === 5 ? readList(wire, depth) : readMap(wire, depth)));
    return true;
  });
  return value;
}

function readList(wire: Wire, depth: number): unknown[] {
  const list: unknown[] = [];
  wire.fields((field) => field === 1 && list.push(wire.message(() => readValue(wire, depth + 1))));
  return list;
}

function readMap(wire: Wire, depth: number): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  wire.fields((field) => field === 1 && entries.push(readKeyValue(wire, depth + 1)));
  return Object.fromEntries(entries);
}

/** Lists and maps are written as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value === 'bigint') return value.toString();
  return JSON.stringify(value, (_name, one: unknown) => (typeof one === 'bigint' ? Number(one) : one));
}
