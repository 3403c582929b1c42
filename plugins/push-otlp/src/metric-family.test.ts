import { ParseError } from '@metrics-dashboard/sdk';
import type { EntrySink } from '@metrics-dashboard/sdk';
import { testParser } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { metricFamilyParser } from './metric-family.js';

const TYPE = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

const field = (number: number, ...parts: Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([number * 8 + 2]), varint(content.length), content]);
};
const varint = (value: number): Buffer => Buffer.from(value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7]);
const text = (number: number, value: string): Buffer => field(number, Buffer.from(value));
const double = (number: number, value: number): Buffer => {
  const bytes = Buffer.alloc(9, number * 8 + 1);
  bytes.writeDoubleLE(value, 1);
  return bytes;
};
const int = (number: number, value: number): Buffer => Buffer.concat([Buffer.from([number * 8]), varint(value)]);
const label = (name: string, value: string): Buffer => field(1, text(1, name), text(2, value));
const family = (name: string, type: number, ...rest: Buffer[]): Buffer => {
  const content = Buffer.concat([text(1, name), int(3, type), ...rest]);
  return Buffer.concat([varint(content.length), content]);
};

const COUNTER = family('steps_total', 0, text(2, 'Steps.'), field(4, label('b', '2'), label('a', '1'), field(3, double(1, 7))));
const GAUGE = family('temp', 1, text(5, 'celsius'), field(4, field(2, double(1, -1.5)), int(6, 100)));

describe('the contract of a parser', () => {
  const good = [
    {
      contentType: TYPE,
      body: new Uint8Array(Buffer.concat([COUNTER, GAUGE])),
      samples: [
        { labels: 'steps_total{a="1",b="2"}', value: 7 },
        { labels: 'temp', value: -1.5, at: 100 },
      ],
    },
  ];
  const bad = [
    { contentType: TYPE, body: new Uint8Array([5, 1]) },
    { contentType: TYPE, body: new Uint8Array(family('a', 1, field(4, label('x', '1'), label('x', '2')))) },
    { contentType: 'application/vnd.google.protobuf; proto=other', body: '' },
    { contentType: 'application/vnd.google.protobuf; encoding=text', body: '' },
  ];
  for (const { name, run } of testParser(metricFamilyParser, { good, bad })) it(name, run);
});

describe('the protobuf format of client libraries', () => {
  it('has histograms and summaries as the text format has them', () => {
    const bucket = (count: number, bound: number): Buffer => field(3, int(1, count), double(2, bound));
    const histogram = family('took', 4, field(4, field(7, int(1, 5), double(2, 9), bucket(2, 1), bucket(4, 1e6))));
    const summary = family('size', 2, field(4, field(4, int(1, 3), double(2, 6), field(3, double(1, 0.5), double(2, 2)))));
    const queue = family('queue', 5, field(4, field(7, double(4, 1.5), double(2, 2), field(3, double(4, 1.5), double(2, Infinity)))));
    expect(read(histogram, summary, queue)).toEqual([
      'took_bucket{le="1.0"} 2', 'took_bucket{le="1e+06"} 4', 'took_bucket{le="+Inf"} 5', 'took_sum 9', 'took_count 5',
      'size{quantile="0.5"} 2', 'size_sum 6', 'size_count 3',
      'queue_bucket{le="+Inf"} 1.5', 'queue_gsum 2', 'queue_gcount 1.5',
    ]);
  });

  it('says what it can not read of histograms', () => {
    const native = field(4, field(7, int(1, 5), double(2, 9), int(5, 3)));
    expect(() => read(family('h', 4, native))).toThrow(new ParseError('native histograms are not supported; let the program give its histogram buckets', { offset: 10 }));
  });

  it('tells of types, helps and units', () => {
    const said: string[] = [];
    metricFamilyParser.parse({ contentType: TYPE, body: new Uint8Array(Buffer.concat([COUNTER, GAUGE])) }, { ...silent, metadata: (...one) => void said.push(one.join(' ')) });
    expect(said).toEqual(['steps_total type counter', 'steps_total help Steps.', 'temp type gauge', 'temp unit celsius']);
  });
});

const silent: EntrySink = { sample: () => undefined, exemplar: () => undefined, metadata: () => undefined, delta: () => undefined };

function read(...families: Buffer[]): string[] {
  const samples: string[] = [];
  const sink: EntrySink = { ...silent, sample: (key, start, end, value) => void samples.push(`${metricFamilyParser.labels(key, start, end).toString()} ${value}`) };
  metricFamilyParser.parse({ contentType: TYPE, body: new Uint8Array(Buffer.concat(families)) }, sink);
  return samples;
}
