import { ParseError } from '@metrics-dashboard/sdk';
import type { EntrySink } from '@metrics-dashboard/sdk';
import { testParser } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { jsonPushParser } from './parser.js';

const TYPE = 'application/vnd.metrics-dashboard.push+json';

const EXAMPLE = `{ "job": "backup", "labels": { "instance": "db1" },
  "metrics": [
    { "name": "backup_duration_seconds", "type": "gauge", "help": "How long.", "unit": "seconds",
      "samples": [ { "labels": { "target": "s3" }, "value": 12.5, "timestamp": 1767225600000 } ] },
    { "name": "backup_size_bytes", "type": "histogram",
      "samples": [ { "labels": {}, "buckets": { "1e6": 3, "1e9": 5, "+Inf": 5 }, "sum": 3.2e9, "count": 5 } ] } ] }`;

const COMMON = 'instance="db1",job="backup"';

describe('the contract of a parser', () => {
  const good = [
    {
      contentType: TYPE,
      body: EXAMPLE,
      samples: [
        { labels: `backup_duration_seconds{${COMMON},target="s3"}`, value: 12.5, at: 1767225600000 },
        { labels: `backup_size_bytes_bucket{${COMMON},le="1e+06"}`, value: 3 },
        { labels: `backup_size_bytes_bucket{${COMMON},le="1e+09"}`, value: 5 },
        { labels: `backup_size_bytes_bucket{${COMMON},le="+Inf"}`, value: 5 },
        { labels: `backup_size_bytes_sum{${COMMON}}`, value: 3.2e9 },
        { labels: `backup_size_bytes_count{${COMMON}}`, value: 5 },
      ],
    },
  ];
  const bad = ['', '{', '[]', '{"metrics":[{}]}', 'nul'].map((body) => ({ contentType: TYPE, body }));
  for (const { name, run } of testParser(jsonPushParser, { good, bad })) it(name, run);
});

describe('a body', () => {
  it('gives items, metadata, and samples of every value', () => {
    const found = read({ metrics: [{ name: 'a', type: 'counter', help: 'A.', unit: 'b', samples: [{ value: 'NaN' }, { value: '+Inf' }, { value: '-Inf' }, { value: -0.5 }] }] });
    expect(found.samples.map(([, value]) => value)).toEqual([NaN, Infinity, -Infinity, -0.5]);
    expect(found.items).toEqual(['a', 'a', 'a', 'a']);
    expect(found.metadata).toEqual([['a', 'type', 'counter'], ['a', 'help', 'A.'], ['a', 'unit', 'b']]);
  });

  it('may leave out job, labels, type and timestamp; a sample label stands before a common one, and an empty one is none', () => {
    const metrics = [{ name: 'a', samples: [{ value: 1, labels: { x: 'own', y: '' } }] }];
    expect(read({ labels: { x: 'common', y: '1', z: 'é' }, metrics }).samples).toEqual([[{ __name__: 'a', x: 'own', z: 'é' }, 1, NaN]]);
  });

  it('may hold a summary, and a histogram without the last bucket', () => {
    const samples = [{ quantiles: { '0.5': 1, '1.0': 'NaN' }, sum: 3, count: 2 }];
    expect(read({ metrics: [{ name: 's', type: 'summary', samples }] }).samples.map(([labels, value]) => [labels['quantile'] ?? labels['__name__'], value])).toEqual([
      ['0.5', 1], ['1.0', NaN], ['s_sum', 3], ['s_count', 2],
    ]);
    expect(read({ metrics: [{ name: 'h', type: 'histogram', samples: [{ buckets: { 1: 1 }, sum: 3, count: 2 }] }] }).samples.map(([labels, value]) => [labels['le'], value])).toEqual([
      ['1.0', 1], ['+Inf', 2], [undefined, 3], [undefined, 2],
    ]);
  });

  it('with a reserved label has it found when the labels are read, so that the others are stored', () => {
    const bad = (type: string, sample: object): unknown => ({ metrics: [{ name: 'h', type, samples: [sample] }] });
    expect(() => read(bad('histogram', { labels: { le: '1' }, buckets: {}, sum: 0, count: 0 }))).toThrow('label name "le" of metric "h_bucket" is reserved');
    expect(() => read(bad('gauge', { labels: { __name__: 'x' }, value: 1 }))).toThrow('label name "__name__" of metric "h" is reserved');
  });

  const one = (sample: object, type = 'gauge'): object => ({ metrics: [{ name: 'a', type, samples: [sample] }] });
  it.each<[object, string]>([
    [{}, 'metrics: missing, expected a list'],
    [{ metrics: {} }, 'metrics: expected a list, got an object'],
    [{ metrics: [], jobb: 'x' }, 'jobb: unknown, expected one of job, labels, metrics'],
    [{ metrics: [], job: 'x', labels: { job: 'y' } }, 'labels.job: the job is named twice'],
    [{ metrics: [{ samples: [] }] }, 'metrics[0].name: missing, expected a string'],
    [{ metrics: [{ name: 'a', type: 'guage', samples: [] }] }, 'metrics[0].type: expected counter, gauge, histogram, summary, unknown, got "guage"'],
    [one({}), 'metrics[0].samples[0].value: missing, expected a number, "NaN", "+Inf" or "-Inf"'],
    [one({ value: '1' }), 'metrics[0].samples[0].value: expected a number, "NaN", "+Inf" or "-Inf", got "1"'],
    [one({ value: null }), 'metrics[0].samples[0].value: expected a number, "NaN", "+Inf" or "-Inf", got null'],
    [one({ value: 1, timestamp: '5' }), 'metrics[0].samples[0].timestamp: expected milliseconds since 1970, got "5"'],
    [one({ value: 1, labels: { 'a b': 1 } }), 'metrics[0].samples[0].labels["a b"]: expected a string, got 1'],
    [one({ value: 1, labels: { a: '\ud800' } }), 'metrics[0].samples[0].labels.a: half of a surrogate pair, expected text that can be written in UTF-8'],
    [one({ value: 1 }, 'histogram'), 'metrics[0].samples[0].value: unknown, expected one of labels, timestamp, buckets, sum, count'],
    [one({ buckets: { x: 1 }, sum: 1, count: 1 }, 'histogram'), 'metrics[0].samples[0].buckets.x: expected a number or "+Inf" as the name'],
    [one({ buckets: { 1: 3, 2: 2 }, sum: 1, count: 3 }, 'histogram'), 'metrics[0].samples[0].buckets["2"]: counts are cumulative: 2 after 3 of "1"'],
    [one({ buckets: { 1: 3, '1.0': 3 }, sum: 1, count: 3 }, 'histogram'), 'metrics[0].samples[0].buckets["1.0"]: the same boundary as another one'],
    [one({ buckets: { '+Inf': 3 }, sum: 1, count: 4 }, 'histogram'), 'metrics[0].samples[0].count: is 4, and the bucket "+Inf" has 3'],
    [one({ buckets: { 1: 3 }, sum: 1, count: 2 }, 'histogram'), 'metrics[0].samples[0].count: is 2, and the last bucket has 3'],
    [one({ quantiles: { 2: 3 }, sum: 1, count: 2 }, 'summary'), 'metrics[0].samples[0].quantiles["2"]: expected a quantile from 0 to 1'],
  ])('that is not of the form, %j, says where', (body, message) => {
    expect(errorOf(JSON.stringify(body)).message).toBe(message);
  });

  it('says line and column too', () => {
    expect(errorOf('{\n  "metrics": [\n    { "name": "a", "samples": [{ "value": "x" }] }]}').position).toEqual({ line: 3, column: 43 });
    expect(errorOf('{"metrics": [').position).toEqual({ line: 1, column: 14 });
    expect(errorOf('{"a,]": "\\"", "metrics": [[1,{}],2]}').message).toBe('a,]: unknown, expected one of job, labels, metrics'.replace('a,]', '["a,]"]'));
  });
});

interface Found {
  readonly samples: [Record<string, string>, number, number][];
  readonly items: string[];
  readonly metadata: string[][];
}

function read(body: unknown): Found {
  return readText(JSON.stringify(body));
}

function readText(text: string): Found {
  const found: Found = { samples: [], items: [], metadata: [] };
  const sink: EntrySink = {
    sample: (key, start, end, value, at) => void found.samples.push([jsonPushParser.labels(key, start, end).toObject(), value, at]),
    item: (metric) => void found.items.push(metric),
    exemplar: () => undefined,
    metadata: (...said) => void found.metadata.push(said),
    delta: () => undefined,
  };
  jsonPushParser.parse({ contentType: TYPE, body: new TextEncoder().encode(text) }, sink);
  return found;
}

function errorOf(text: string): ParseError {
  try {
    readText(text);
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  throw new Error('no error');
}
