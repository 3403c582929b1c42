import { LimitError, ParseError, isStale } from '@metrics-dashboard/sdk';
import type { EntrySink } from '@metrics-dashboard/sdk';
import { testParser } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { translateLabel, translateName } from './names.js';
import { otlpParser } from './parser.js';

const JSON_TYPE = 'application/vnd.metrics-dashboard.otlp+json';
const PROTOBUF = 'application/vnd.metrics-dashboard.otlp+protobuf';

const SERVICE = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }, { key: 'service.version', value: { stringValue: '1.2' } }] };
const AT = { timeUnixNano: '1767225600123999999' };

function body(...metrics: object[]): object {
  return { resourceMetrics: [{ resource: SERVICE, scopeMetrics: [{ scope: { name: 'x' }, metrics }] }] };
}

const sum = (temporality: number, isMonotonic: boolean, ...dataPoints: object[]): object => ({ aggregationTemporality: temporality, isMonotonic, dataPoints });

describe('the contract of a parser', () => {
  const samples = [
    { labels: 'requests_total{job="shop",route="/"}', value: 7, at: 1767225600123 },
    { labels: 'target_info{job="shop",service_version="1.2"}', value: 1, at: 1767225600123 },
  ];
  const point = { ...AT, asInt: '7', attributes: [{ key: 'route', value: { stringValue: '/' } }] };
  const json = JSON.stringify(body({ name: 'requests', sum: sum(2, true, point) }));
  const good = [
    { contentType: JSON_TYPE, body: json, samples },
    { contentType: PROTOBUF, body: protobufExample(), samples },
  ];
  const bad = [
    { contentType: JSON_TYPE, body: '{' },
    { contentType: JSON_TYPE, body: '[]' },
    { contentType: PROTOBUF, body: new Uint8Array([0x0a, 0x05, 0x01]) },
    { contentType: `${PROTOBUF};promote=%`, body: '' },
  ];
  for (const { name, run } of testParser(otlpParser, { good, bad })) it(name, run);
});

describe('OTLP', () => {
  it('takes gauges, sums and their attributes of every kind', () => {
    const attributes = [
      ['s', { stringValue: 'é' }], ['b', { boolValue: false }], ['i', { intValue: '-5' }], ['d', { doubleValue: 1.5 }],
      ['a', { arrayValue: { values: [{ intValue: 1 }, { stringValue: 'x' }] } }], ['k', { kvlistValue: { values: [{ key: 'y', value: { boolValue: true } }] } }],
    ].map(([key, value]) => ({ key, value }));
    const found = read(body({ name: 'temp', unit: 'Cel', description: 'Warm.', gauge: { dataPoints: [{ asDouble: 'NaN', attributes }] } }, { name: 'open', sum: sum(2, false, { ...AT, asDouble: -2 }) }));
    expect(found.samples.slice(0, 2)).toEqual([
      [{ __name__: 'temp_celsius', job: 'shop', s: 'é', b: 'false', i: '-5', d: '1.5', a: '[1,"x"]', k: '{"y":true}' }, NaN, NaN],
      [{ __name__: 'open', job: 'shop' }, -2, 1767225600123],
    ]);
    expect(found.metadata.slice(0, 4)).toEqual([['temp_celsius', 'type', 'gauge'], ['temp_celsius', 'help', 'Warm.'], ['temp_celsius', 'unit', 'celsius'], ['open', 'type', 'gauge']]);
    expect(found.items).toEqual(['temp_celsius', 'open', 'target_info']);
  });

  it('writes a histogram as classic buckets, and a summary with quantiles', () => {
    const point = { ...AT, count: '6', sum: 9.5, bucketCounts: ['1', '2', '3'], explicitBounds: [0.5, 10] };
    const found = read(body({ name: 'took', unit: 's', histogram: { aggregationTemporality: 2, dataPoints: [point] } }, { name: 'q', summary: { dataPoints: [{ ...AT, count: 2, sum: 3, quantileValues: [{ quantile: 0.99, value: 1 }] }] } }));
    expect(found.samples.map(([labels, value]) => [labels['__name__'], labels['le'] ?? labels['quantile'], value])).toEqual([
      ['took_seconds_bucket', '0.5', 1], ['took_seconds_bucket', '10.0', 3], ['took_seconds_bucket', '+Inf', 6],
      ['took_seconds_sum', undefined, 9.5], ['took_seconds_count', undefined, 6],
      ['q', '0.99', 1], ['q_sum', undefined, 3], ['q_count', undefined, 2],
      ['target_info', undefined, 1],
    ]);
  });

  it('says of differences that they are', () => {
    const found = read(body({ name: 'a', sum: sum(1, true, { asInt: 1 }) }, { name: 'b', gauge: { dataPoints: [{ asInt: 2 }] } }));
    expect(found.calls.filter((call) => call !== 'sample target_info')).toEqual(['delta a_total', 'sample a_total', 'delta undefined', 'sample b']);
  });

  it('ends a series where a point has no value', () => {
    let seen = false;
    const sink = { ...silent, sample: (_key: Uint8Array, _start: number, _end: number, value: number) => void (seen ||= isStale(value)) };
    otlpParser.parse({ contentType: JSON_TYPE, body: encode(body({ name: 'a', gauge: { dataPoints: [{ flags: 1 }] } })) }, sink);
    expect(seen).toBe(true);
  });

  it.each([
    [{ name: 'e', exponentialHistogram: { aggregationTemporality: 2, dataPoints: [{}] } }, 'exponential histograms, as of metric "e", are not supported; let the sender use explicit bucket histograms'],
    [{ name: 'e', sum: sum(0, true, {}) }, 'the temporality of metric "e" is not said, expected delta or cumulative'],
    [{ name: '-', gauge: { dataPoints: [{}] } }, 'the name of metric "-" has no letter or digit'],
    [{ name: 'h', histogram: { aggregationTemporality: 2, dataPoints: [{ bucketCounts: [1], explicitBounds: [1, 2] }] } }, 'histogram "h" has 1 buckets and 2 bounds, expected one bucket more'],
  ])('refuses %j when its labels are read, so that all others are stored', (metric, message) => {
    expect(() => read(body(metric))).toThrow(message);
  });

  it('reads no more of a body than there is room for', () => {
    const buckets = Array.from({ length: 250_001 }, () => 1);
    const point = { bucketCounts: buckets, explicitBounds: buckets };
    expect(() => read(body({ name: 'h', histogram: { aggregationTemporality: 2, dataPoints: [point] } }))).toThrow(LimitError);
    const points = new Uint8Array(1_000_010).fill(0);
    for (let i = 0; i < points.length; i += 2) points[i] = 0x0a;
    const nested = [5, 2, 2, 1].reduce((inner, field) => {
      const length: number[] = [];
      for (let rest = inner.length; ; rest >>>= 7) {
        length.push(rest >= 0x80 ? (rest & 0x7f) | 0x80 : rest);
        if (rest < 0x80) break;
      }
      return new Uint8Array(Buffer.concat([Buffer.from([field * 8 + 2, ...length]), inner]));
    }, points);
    expect(() => otlpParser.parse({ contentType: PROTOBUF, body: nested }, silent)).toThrow(LimitError);
  });

  it('makes labels of the resource, and target_info of the rest', () => {
    const resource = {
      attributes: Object.entries({ 'service.name': 'shop', 'service.namespace': 'eu', 'service.instance.id': 'i1', 'k8s.pod.name': 'p', 'k8s/pod/name': 'q', '1st': 'x' }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    };
    const document = { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'a', gauge: { dataPoints: [{ asInt: 1 }] } }] }] }] };
    const found = read(document, `${JSON_TYPE};promote=${encodeURIComponent('k8s.pod.name,other')}`);
    expect(found.samples.map(([labels]) => labels)).toEqual([
      { __name__: 'a', job: 'eu/shop', instance: 'i1', k8s_pod_name: 'p' },
      { __name__: 'target_info', job: 'eu/shop', instance: 'i1', k8s_pod_name: 'p;q', key_1st: 'x' },
    ]);
  });

  it.each([
    ['http.server.request.duration', 's', 'other', 'http_server_request_duration_seconds'],
    ['http.requests', '{request}', 'counter', 'http_requests_total'],
    ['requests_total', '1', 'counter', 'requests_total'],
    ['total.requests', '', 'counter', 'requests_total'],
    ['cpu.utilization', '1', 'gauge', 'cpu_utilization_ratio'],
    ['disk.io', 'By/s', 'gauge', 'disk_io_bytes_per_second'],
    ['speed', 'm/s', 'gauge', 'speed_meters_per_second'],
    ['memory_bytes', 'By', 'gauge', 'memory_bytes'],
    ['2xx', '', 'gauge', '_2xx'],
    ['a__b..c:d', 'foo%', 'other', 'a_b_c:d_foo'],
    ['température', '', 'gauge', 'temp_rature'],
  ] as const)('names %s in %s (%s) %s', (name, unit, kind, translated) => {
    expect(translateName(name, unit, kind).name).toBe(translated);
  });

  it.each([['a.b-c', 'a_b_c'], ['1a', 'key_1a'], ['_a', 'key_a'], ['__a', '__a']])('names the attribute %s %s', (name, label) => {
    expect(translateLabel(name)).toBe(label);
  });

  it.each([[{ resourceMetrics: {} }, 'resourceMetrics is not a list'], [body({ name: 5 }), 'name is not a string'], [body({ name: 'a', gauge: { dataPoints: [{ asInt: '1.5' }] } }), 'asInt is not an integer']])(
    'refuses %j',
    (document, message) => expect(() => read(document)).toThrow(new ParseError(message, { offset: 0 })),
  );
});

const silent: EntrySink = { sample: () => undefined, exemplar: () => undefined, metadata: () => undefined, delta: () => undefined };

function encode(document: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(document));
}

function read(document: object, contentType = JSON_TYPE) {
  const samples: [Record<string, string>, number, number][] = [];
  const metadata: string[][] = [];
  const items: string[] = [];
  const calls: string[] = [];
  otlpParser.parse({ contentType, body: encode(document) }, {
    sample: (key, start, end, value, at) => {
      const labels = otlpParser.labels(key, start, end).toObject();
      samples.push([labels, value, at]);
      calls.push(`sample ${labels['__name__']}`);
    },
    item: (metric) => void items.push(metric),
    exemplar: () => undefined,
    metadata: (...said) => void metadata.push(said),
    delta: (metric) => void calls.push(`delta ${metric}`),
  });
  return { samples, metadata, items, calls };
}

/** The same as the example in JSON, written by hand. */
function protobufExample(): Uint8Array {
  const text = (value: string): Buffer => Buffer.from(value);
  const field = (number: number, ...parts: Buffer[]): Buffer => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([number * 8 + 2, content.length]), content]);
  };
  const fixed64 = (number: number, value: bigint): Buffer => {
    const bytes = Buffer.alloc(9, number * 8 + 1);
    bytes.writeBigInt64LE(value, 1);
    return bytes;
  };
  const attribute = (number: number, name: string, value: string): Buffer => field(number, field(1, text(name)), field(2, field(1, text(value))));
  const point = field(1, attribute(7, 'route', '/'), fixed64(3, 1767225600123999999n), fixed64(6, 7n));
  const metric = field(2, field(1, text('requests')), field(7, point, Buffer.from([0x10, 2, 0x18, 1])));
  const resource = field(1, attribute(1, 'service.name', 'shop'), attribute(1, 'service.version', '1.2'));
  const whole = Buffer.concat([resource, field(2, field(1, field(1, text('x'))), metric)]);
  return new Uint8Array(Buffer.concat([Buffer.from([0x0a, (whole.length & 0x7f) | 0x80, whole.length >> 7]), whole]));
}
