import { ParseError, messageOf } from '@metrics-dashboard/sdk';
import { Budget } from './budget.js';
import { textOf } from './from-protobuf.js';
import { NO_RECORDED_VALUE, emptyPoint, millisecondsOf } from './model.js';
import type { Attribute, Metric, MetricKind, Point, Resource } from './model.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The kinds of a metric by the name of their member. */
const KINDS: readonly (readonly [member: string, kind: MetricKind])[] = [
  ['gauge', 'gauge'],
  ['sum', 'sum'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'exponential histogram'],
  ['summary', 'summary'],
];

const TEMPORALITIES = ['AGGREGATION_TEMPORALITY_UNSPECIFIED', 'AGGREGATION_TEMPORALITY_DELTA', 'AGGREGATION_TEMPORALITY_CUMULATIVE'];

const DEEPEST_VALUE = 16;

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads an `ExportMetricsServiceRequest` in the JSON of OTLP: members in lowerCamelCase, numbers of 64 bits as text or as
 * numbers, and members that are not known stepped over. Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.
 */
export function readJson(body: Uint8Array): Resource[] {
  const budget = new Budget();
  return list(members(documentOf(body), 'the body'), 'resourceMetrics').map((resource) => ({
    attributes: attributesOf(members(resource['resource'] ?? {}, 'resource')),
    metrics: list(resource, 'scopeMetrics').flatMap((scope) => list(scope, 'metrics').map((metric) => readMetric(metric, budget))),
  }));
}

function documentOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch (cause) {
    throw new ParseError(`the body is not JSON: ${messageOf(cause)}`, { offset: 0, cause });
  }
}

function readMetric(metric: Members, budget: Budget): Metric {
  const [member, kind] = KINDS.find(([name]) => metric[name] !== undefined && metric[name] !== null) ?? ['', undefined];
  const data = kind === undefined ? {} : members(metric[member], member);
  const points = list(data, 'dataPoints');
  budget.take(points.length);
  return {
    name: text(metric, 'name'),
    description: text(metric, 'description'),
    unit: text(metric, 'unit'),
    kind,
    temporality: temporalityOf(data),
    isMonotonic: data['isMonotonic'] === true,
    points: points.map((point) => readPoint(point, budget)),
  };
}

function temporalityOf(data: Members): number {
  const value = data['aggregationTemporality'];
  return typeof value === 'string' && !/^\d+$/.test(value) ? TEMPORALITIES.indexOf(value) : number(data, 'aggregationTemporality');
}

function readPoint(members: Members, budget: Budget): Point {
  const point = emptyPoint();
  for (const name of ['bucketCounts', 'explicitBounds', 'quantileValues']) budget.take(values(members, name).length);
  point.attributes.push(...attributesOf(members));
  point.at = millisecondsOf(integer(members, 'timeUnixNano'));
  point.hasNoValue = (number(members, 'flags') & NO_RECORDED_VALUE) !== 0;
  point.value = members['asInt'] === undefined ? number(members, 'asDouble') : Number(integer(members, 'asInt'));
  point.count = Number(integer(members, 'count'));
  point.sum = members['sum'] === undefined ? undefined : number(members, 'sum');
  point.bucketCounts.push(...values(members, 'bucketCounts').map((one) => number({ one }, 'one')));
  point.bounds.push(...values(members, 'explicitBounds').map((one) => number({ one }, 'one')));
  point.quantiles.push(...list(members, 'quantileValues').map((one) => ({ quantile: number(one, 'quantile'), value: number(one, 'value') })));
  return point;
}

function attributesOf(owner: Members): Attribute[] {
  return list(owner, 'attributes').map((attribute) => [text(attribute, 'key'), wellFormed(textOf(valueOf(attribute['value'], 0)))]);
}

/** What an `AnyValue` holds. */
function valueOf(value: unknown, depth: number): unknown {
  if (value === undefined || value === null || depth > DEEPEST_VALUE) return undefined;
  const any = members(value, 'value');
  for (const name of ['stringValue', 'boolValue', 'bytesValue']) if (any[name] !== undefined) return any[name];
  if (any['intValue'] !== undefined) return integer(any, 'intValue');
  if (any['doubleValue'] !== undefined) return number(any, 'doubleValue');
  if (any['arrayValue'] !== undefined) return values(members(any['arrayValue'], 'arrayValue'), 'values').map((one) => valueOf(one, depth + 1));
  if (any['kvlistValue'] === undefined) return undefined;
  const entries = list(members(any['kvlistValue'], 'kvlistValue'), 'values');
  return Object.fromEntries(entries.map((entry) => [text(entry, 'key'), valueOf(entry['value'], depth + 1)]));
}

function members(value: unknown, what: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(what, 'an object');
  return value as Members;
}

function values(owner: Members, name: string): readonly unknown[] {
  const value = owner[name] ?? [];
  if (!Array.isArray(value)) throw wrong(name, 'a list');
  return value;
}

function list(owner: Members, name: string): readonly Members[] {
  return values(owner, name).map((one) => members(one, `an element of ${name}`));
}

function text(owner: Members, name: string): string {
  const value = owner[name] ?? '';
  if (typeof value !== 'string') throw wrong(name, 'a string');
  return wellFormed(value);
}

/** Half of a surrogate pair can't be written in UTF-8. */
function wellFormed(value: string): string {
  return /[\ud800-\udfff]/.test(value) ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value;
}

/** A float64, which may be a text: those that JSON can't write, and integers of 64 bits. */
function number(owner: Members, name: string): number {
  const value = owner[name] ?? 0;
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '' || (Number.isNaN(Number(value)) && value !== 'NaN')) throw wrong(name, 'a number');
  return Number(value);
}

/** An integer of 64 bits, as text or as a number. */
function integer(owner: Members, name: string): bigint {
  const value = owner[name] ?? 0;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) throw wrong(name, 'an integer');
  return BigInt(value);
}

function wrong(name: string, expected: string): ParseError {
  return new ParseError(`${name} is not ${expected}`, { offset: 0 });
}
