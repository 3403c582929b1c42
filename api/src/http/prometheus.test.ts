import { LimitError, ParseError, QueryError, StorageError, UnavailableError } from '@metrics-dashboard/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openServer } from '../server.js';
import type { Server } from '../server.js';
import { FakeApp } from '../testing/fake-app.js';
import { loose } from '../testing/loose.js';
import type { Loose } from '../testing/loose.js';
import { EMPTY_REPORT, neverAnswered, vectorOf } from '../testing/fake-engine.js';

let app: FakeApp;
let server: Server;

beforeEach(async () => {
  app = new FakeApp();
  app.engine.answers.set('up', async () => vectorOf(1));
  server = await openServer({ app, listen: { host: '127.0.0.1', port: 0 }, uiFolder: undefined, flags: { data: './data' } });
});

afterEach(() => server.close());

interface Answer {
  readonly status: number;
  readonly text: string;
  /** Empty when the answer is no JSON. */
  readonly body: Loose;
  readonly headers: Headers;
}

async function get(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(server.url + path, init);
  const { status, headers } = response;
  const text = await response.text();
  return { status, headers, text, body: headers.get('content-type')?.includes('json') ? loose(text) : {} };
}

const form = (values: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(values) });

describe('query', () => {
  test('asks the engine with what the address says', async () => {
    const { status, body, headers } = await get('/api/v1/query?query=up&time=1767225600.5&timeout=5s&limit=7&lookback_delta=1m&stats=all');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body).toEqual({ status: 'success', data: { resultType: 'vector', result: [] } });
    expect(app.engine.requests).toEqual([
      { expression: 'up', time: { kind: 'instant', at: 1_767_225_600_500 }, timeout: 5000, seriesLimit: 7, lookbackDelta: 60_000, stats: true },
    ]);
  });

  test('takes a form as well, as Grafana sends it', async () => {
    await get('/api/v1/query', form({ query: 'up', time: '2026-01-01T00:00:00Z' }));
    expect(app.engine.requests[0]?.time).toEqual({ kind: 'instant', at: 1_767_225_600_000 });
    await get('/api/v1/query_range', form({ query: 'up', start: '0', end: '60', step: '15s' }));
    expect(app.engine.requests[1]?.time).toEqual({ kind: 'range', start: 0, end: 60_000, step: 15_000 });
  });

  test.each([
    ['/api/v1/query', 'invalid parameter "query": missing'],
    ['/api/v1/query?query=up&time=yesterday', 'invalid parameter "time": cannot parse "yesterday" to a valid timestamp'],
    ['/api/v1/query_range?query=up&start=0&end=60&step=x', 'invalid parameter "step": cannot parse "x" to a valid duration'],
    ['/api/v1/query_range?query=up&start=0&end=60&step=0', 'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer'],
    ['/api/v1/query_range?query=up&start=60&end=0&step=1', 'invalid parameter "end": end timestamp must not be before start time'],
    ['/api/v1/labels?start=60&end=0', 'invalid parameter "end": end timestamp must not be before start timestamp'],
    ['/api/v1/metadata?limit_per_metric=x', /invalid parameter "limit_per_metric"/],
    ['/api/v1/query?query=up&limit=-1', /invalid parameter "limit"/],
    ['/api/v1/series', /^no match\[\] parameter provided$/],
  ])('%s is bad data', async (path, message) => {
    const { status, body } = await get(path);
    expect(status).toBe(400);
    expect(body).toEqual({ status: 'error', errorType: 'bad_data', error: expect.stringMatching(message) as string });
  });

  test.each([
    [new ParseError('1:4: parse error: unexpected "}"', { position: { line: 1, column: 4 } }), 400, 'bad_data'],
    [new QueryError('many-to-many matching', { reason: 'execution' }), 422, 'execution'],
    [new QueryError('took longer than 2m', { reason: 'timeout' }), 503, 'timeout'],
    [new LimitError('limits.query_series', 50_000, 50_001), 422, 'execution'],
    [new UnavailableError('the engine is starting', 2500), 503, 'unavailable'],
    [new StorageError('read /data/tsdb/wal/7: checksum'), 500, 'internal'],
    [new TypeError('x is not a function'), 500, 'internal'],
  ])('%s has the status and the type that clients know', async (error, expected, errorType) => {
    app.engine.answers.set('up', () => Promise.reject(error));
    const { status, body, headers } = await get('/api/v1/query?query=up');
    expect(status).toBe(expected);
    expect(body).toMatchObject({ status: 'error', errorType });
    if (error instanceof ParseError) expect(body.error).toBe('invalid parameter "query": 1:4: parse error: unexpected "}"');
    if (error instanceof LimitError) expect(body.error).toBe('limits.query_series is 50000, met 50001');
    if (error instanceof UnavailableError) expect(headers.get('retry-after')).toBe('3');
    if (expected === 500) expect(body.error).toMatch(/the log of the server says/);
  });

  test.each([
    ['gzip', 'gzip'],
    ['br;q=1, gzip;q=0.5', 'gzip'],
    ['*', 'gzip'],
    ['gzip;q=0, *;q=1', null],
    ['identity', null],
  ])('is sent in the coding that the client takes, where it is long: %s', async (accepted, coding) => {
    const long = Array.from({ length: 2000 }, () => 1);
    app.engine.answers.set('long', async () => ({ ...vectorOf(...long), warnings: long.map(String) }));
    const { status, headers, body } = await get('/api/v1/query?query=long', { headers: { 'accept-encoding': accepted } });
    expect(status).toBe(200);
    expect(headers.get('content-encoding')).toBe(coding);
    expect(body.data?.resultType).toBe('vector');
    expect((await get('/api/v1/query?query=up', { headers: { 'accept-encoding': accepted } })).headers.get('content-encoding')).toBeNull();
  });

  test('is given up when the client goes away', async () => {
    const never = neverAnswered();
    app.engine.answers.set('slow', never.answer);
    const leaving = new AbortController();
    const request = get('/api/v1/query?query=slow', { signal: leaving.signal });
    await never.begun;
    leaving.abort();
    await expect(request).rejects.toThrow();
    await never.aborted;
  });
});

describe('exemplars', () => {
  test('are asked for by an expression and a range', async () => {
    const { body } = await get('/api/v1/query_exemplars?query=up&start=1&end=2');
    expect(body.data).toEqual([{ expression: 'up', range: { start: 1000, end: 2000 } }]);
    expect((await get('/api/v1/query_exemplars')).body.error).toBe('invalid parameter "query": missing');
  });
});

describe('expressions', () => {
  test('are laid out and taken apart by the engine', async () => {
    expect((await get('/api/v1/format_query?query=%20up')).body).toEqual({ status: 'success', data: 'up' });
    expect((await get('/api/v1/format_query', form({ query: 'up ' }))).body.data).toBe('up');
    expect((await get('/api/v1/parse_query?query=up')).body).toEqual({ status: 'success', data: { type: 'stringLiteral', val: 'up' } });
    expect((await get('/api/v1/parse_query')).body).toEqual({ status: 'error', errorType: 'bad_data', error: 'invalid parameter "query": missing' });
  });
});

describe('labels and series', () => {
  test('answer lists, and say when they were cut', async () => {
    expect((await get('/api/v1/labels')).body).toEqual({ status: 'success', data: ['__name__', 'instance', 'job'] });
    const cut = await get('/api/v1/labels?limit=1&match[]=up&match[]=down&start=1&end=2');
    expect(cut.body).toEqual({ status: 'success', data: ['__name__'], warnings: ['results truncated due to limit'] });
    expect(app.engine.labelRequests[1]).toEqual({ kind: 'names', selectors: ['up', 'down'], range: { start: 1000, end: 2000 }, limit: 1 });
    expect((await get('/api/v1/label/job/values')).body.data).toEqual(['api', 'db']);
    expect((await get('/api/v1/label/U__j_6f_b/values')).body.data).toEqual(['api', 'db']);
    expect((await get('/api/v1/series?match[]=up')).body.data).toEqual([{ __name__: 'up', job: 'api' }]);
    expect((await get('/api/v1/metadata?metric=up')).body.data).toEqual({ up: [{ type: 'gauge', help: 'Whether it answers.', unit: '' }] });
  });
});

describe('status', () => {
  test('lists targets by their state', async () => {
    const { data } = (await get('/api/v1/targets')).body;
    expect(data?.activeTargets?.[0]).toEqual({
      discoveredLabels: { __address__: '127.0.0.1:9100' },
      labels: { job: 'api' },
      scrapePool: 'api',
      scrapeUrl: 'http://127.0.0.1:9100/metrics',
      globalUrl: 'http://127.0.0.1:9100/metrics',
      lastError: '',
      lastScrape: '2026-01-01T00:00:00.000Z',
      lastScrapeDuration: 0.01,
      health: 'up',
      scrapeInterval: '15s',
      scrapeTimeout: '10s',
    });
    expect(data?.droppedTargets).toHaveLength(1);
    expect(data?.droppedTargetCounts).toEqual({ api: 1 });
    expect((await get('/api/v1/targets?state=active')).body.data?.droppedTargets).toEqual([]);
    expect((await get('/api/v1/targets?state=dropped')).body.data?.activeTargets).toEqual([]);
  });

  test('describes the build, the flags and the storage', async () => {
    expect((await get('/api/v1/status/buildinfo')).body.data?.version).toBe('1.2.3');
    expect((await get('/api/v1/status/flags')).body.data).toEqual({ data: './data' });
    expect((await get('/api/v1/status/runtimeinfo')).body.data).toMatchObject({ startTime: '2026-01-01T00:00:00.000Z', storageRetention: '15d' });
    expect((await get('/api/v1/status/tsdb')).body.data).toMatchObject({
      headStats: { numSeries: 3, numLabelPairs: 5, chunkCount: 2, minTime: 1000, maxTime: 2000 },
      seriesCountByMetricName: [{ name: 'up', value: 3 }],
      refusedSamples: { too_old: 4 },
    });
  });

  test('shows the configuration without its secrets', async () => {
    const at = { file: undefined, path: '', line: undefined, column: undefined };
    const channels = [{ kind: 'webhook', config: { url: 'https://ada:pw@hooks.example/T0/s3cret', password: 'hunter2' }, at }];
    app.current = { ...app.current, alerting: { ...app.current.alerting, receivers: [{ name: 'team', channels }] } };
    const { data } = (await get('/api/v1/status/config')).body;
    const yaml = data?.yaml as unknown as string;
    expect(yaml).not.toMatch(/hunter2|s3cret|ada:pw/);
    expect(loose(yaml).alerting?.receivers?.[0]?.channels?.[0]?.config).toEqual({ url: 'https://hooks.example/***', password: '***' });
  });

  test('reads the configuration again, or says why not', async () => {
    expect((await get('/-/reload', { method: 'POST' })).status).toBe(200);
    app.reloads.push(() => Promise.reject(new QueryError('no')));
    expect((await get('/-/reload', { method: 'POST' })).status).toBe(400);
    expect((await get('/-/reload')).status).toBe(405);
  });

  test('flushes', async () => {
    expect((await get('/api/v1/admin/flush', { method: 'POST' })).body).toEqual({ status: 'success', data: {} });
    expect(app.engine.flushes).toBe(1);
  });

  test('takes snapshots, with the head or without', async () => {
    expect((await get('/api/v1/admin/tsdb/snapshot', { method: 'POST' })).body).toEqual({ status: 'success', data: { name: '20260101T000000Z-0' } });
    expect((await get('/api/v1/admin/tsdb/snapshot?skip_head=true', { method: 'PUT' })).body).toEqual({ status: 'success', data: { name: '20260101T000000Z-1' } });
    expect(await get('/api/v1/admin/tsdb/snapshot?skip_head=maybe', { method: 'POST' })).toMatchObject({ status: 400, body: { errorType: 'bad_data' } });
  });

  test('deletes series', async () => {
    expect((await get('/api/v1/admin/tsdb/delete_series?match[]=up&match[]={job="a"}&start=1&end=2.5', { method: 'POST' })).status).toBe(204);
    expect(app.engine.deletions).toEqual([{ selectors: ['up', '{job="a"}'], range: { start: 1000, end: 2500 } }]);
    expect(await get('/api/v1/admin/tsdb/delete_series', { method: 'POST' })).toMatchObject({ status: 400, body: { errorType: 'bad_data', error: 'no match[] parameter provided' } });
    expect((await get('/api/v1/admin/tsdb/delete_series?match[]=up&start=2&end=1', { method: 'POST' })).status).toBe(400);
    expect((await get('/api/v1/admin/tsdb/clean_tombstones', { method: 'PUT' })).status).toBe(204);
    expect(app.engine.cleanings).toBe(1);
  });

  test('writes its metrics as text, and as OpenMetrics for who asks for it', async () => {
    await get('/api/v1/query?query=up');
    await expect.poll(async () => (await get('/metrics')).text).toContain('metrics_dashboard_http_requests_total{route="/api/v1/query",code="200"} 1');
    const open = await get('/metrics', { headers: { accept: 'application/openmetrics-text; version=1.0.0, text/plain' } });
    expect(open.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
    expect(open.text).toMatch(/# EOF\n$/);
  });

  test('says in its envelope that there is nothing', async () => {
    expect(await get('/api/v1/nothing')).toMatchObject({ status: 404, body: { status: 'error', errorType: 'not_found', error: 'there is nothing at /api/v1/nothing' } });
  });
});

describe('remote read', () => {
  const read = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.url}/api/v1/read`, { method: 'POST', body, headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', ...headers } });
  /** A snappy block: its length, and one literal. */
  const block = (...bytes: number[]): Uint8Array<ArrayBuffer> => Uint8Array.of(bytes.length, (bytes.length - 1) << 2, ...bytes);

  test('answers with samples in one compressed message', async () => {
    const response = await read(block(0));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    expect(response.headers.get('content-encoding')).toBe('snappy');
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([...block(1, 2, 3, 4)]);
  });

  test('answers with a stream of chunks as it is', async () => {
    const response = await read(block(1));
    expect(response.headers.get('content-type')).toBe('application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse');
    expect(response.headers.get('content-encoding')).toBeNull();
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([1, 2, 3, 4]);
  });

  test.each([
    [Uint8Array.of(9, 9, 9), {}, 400, /not a snappy block/],
    [Uint8Array.of(0xff, 0xff, 0xff, 0x7f, 0), {}, 413, /more than 1048576 bytes/],
    [Uint8Array.of(0), { 'content-encoding': 'gzip' }, 415, /expected snappy/],
  ])('takes no other body: %s', async (body, headers, status, message) => {
    const response = await read(body, headers);
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(message);
  });
});

describe('remote write', () => {
  const write = (headers: Record<string, string> = {}, body: Uint8Array<ArrayBuffer> = Uint8Array.of(1, 2, 3)) =>
    get('/api/v1/write', { method: 'POST', body, headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', ...headers } });

  test('hands the body over as it came', async () => {
    expect((await write({ 'x-prometheus-remote-write-version': '0.1.0' })).status).toBe(204);
    expect(app.engine.deliveries[0]?.outcome).toEqual({ ok: true, contentType: 'application/x-protobuf', body: Uint8Array.of(1, 2, 3) });
    expect([...app.engine.sources.values()]).toEqual([expect.objectContaining({ name: 'remote write', kind: 'push', labels: [] })]);
    await write();
    expect(app.engine.sources.size).toBe(1);
  });

  test('opens its source anew when the configuration has changed', async () => {
    await write();
    app.current = { ...app.current };
    await write();
    await expect.poll(() => [...app.engine.sources.keys()]).toEqual([2]);
  });

  test.each([
    [{ 'content-type': 'application/json' }, /content type "application\/json", expected application\/x-protobuf/],
    [{ 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v3.Request' }, /expected prometheus\.WriteRequest or io\.prometheus\.write\.v2\.Request/],
    [{ 'content-encoding': 'gzip' }, /content encoding "gzip", expected snappy/],
  ])('takes no other form: %s', async (headers, message) => {
    const { status, text } = await write(headers);
    expect(status).toBe(415);
    expect(text).toMatch(message);
  });

  test('takes a body of 8 MB', async () => {
    expect((await write({}, new Uint8Array(8 * 1024 * 1024))).status).toBe(204);
  });

  test('takes no body that is larger than it may be', async () => {
    expect((await write({}, new Uint8Array(33 * 1024 * 1024))).status).toBe(413);
  });

  test('names the first of the refused samples, and does not ask for them again', async () => {
    const labels = [{ name: '__name__', value: 'm' }, { name: 'a', value: 'b' }];
    const examples = Array.from({ length: 5 }, () => ({ labels, reason: 'cardinality_limit' as const, message: 'm has 2 series, the most allowed' }));
    app.engine.report = { ...EMPTY_REPORT, scraped: 10, accepted: 5, refused: { cardinality_limit: 5 }, examples };
    const { status, text } = await write();
    expect(status).toBe(400);
    expect(text).toMatch(/^5 of 10 samples refused, the others are stored: m\{a="b"\}: cardinality_limit: m has 2 series/);
  });

  test('is silent about what the configuration says to drop', async () => {
    app.engine.report = { ...EMPTY_REPORT, scraped: 10, accepted: 5, refused: { dropped_cardinality_limit: 5 } };
    expect((await write()).status).toBe(204);
  });

  test.each([
    ['parse', 400],
    ['unsupported', 415],
    ['limit', 400],
  ] as const)('answers %s with %i', async (kind, expected) => {
    app.engine.report = { ...EMPTY_REPORT, error: { kind, message: 'not a snappy block at byte 3' } };
    expect(await write()).toMatchObject({ status: expected, text: 'not a snappy block at byte 3\n' });
  });

  test.each([new UnavailableError('the engine is being restarted', 1500), new StorageError('no space left', { retryable: true })])(
    'asks to come again after %s',
    async (error) => {
      app.engine.report = error;
      const { status, headers } = await write();
      expect(status).toBe(503);
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    },
  );
});
