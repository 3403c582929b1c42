import { gzipSync } from 'node:zlib';
import type { IngestReport } from '@metrics-dashboard/core';
import { StorageError, UnavailableError } from '@metrics-dashboard/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openServer } from '../server.js';
import type { Server } from '../server.js';
import { FakeApp } from '../testing/fake-app.js';
import { EMPTY_REPORT } from '../testing/fake-engine.js';

let app: FakeApp;
let server: Server;

beforeEach(async () => {
  app = new FakeApp();
  server = await openServer({ app, listen: { host: '127.0.0.1', port: 0 }, uiFolder: undefined, flags: {} });
});
afterEach(() => server.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const V1 = { ...PROTOBUF, 'content-encoding': 'snappy' };
const V2 = { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request', 'content-encoding': 'snappy' };

const OTLP = '/api/v1/otlp/v1/metrics';
const WRITE = '/api/v1/write';
const PUSH = '/api/v1/push';
const GROUP = '/metrics/job/j';

/** All roads, each with a request that is good enough to reach the engine. */
const ROADS: readonly (readonly [path: string, method: string, headers: Record<string, string>])[] = [
  [PUSH, 'POST', JSON_TYPE],
  [OTLP, 'POST', JSON_TYPE],
  [WRITE, 'POST', V1],
  [GROUP, 'PUT', {}],
];

function send(path: string, method: string, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer> = '{}'): Promise<Response> {
  return fetch(server.url + path, { method, headers, body });
}

const LABELS = [{ name: '__name__', value: 'm_bucket' }, { name: 'le', value: '1.0' }, { name: 'x', value: 'y' }];
const REFUSED: IngestReport = {
  ...EMPTY_REPORT,
  accepted: 5,
  scraped: 7,
  refused: { cardinality_limit: 2 },
  examples: [{ reason: 'cardinality_limit', labels: LABELS, message: 'too many', metric: 'm' }],
  items: { count: 3, refused: 1 },
};
const DROPPED: IngestReport = { ...REFUSED, refused: { dropped_cardinality_limit: 2 }, examples: [], items: { count: 3, refused: 0 } };

describe('every road of pushes', () => {
  it.each(ROADS)('%s asks to come again when the engine is away, and says when', async (path, method, headers) => {
    app.engine.report = new UnavailableError('away', 2500);
    const answer = await send(path, method, headers);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '3']);
    app.engine.report = new StorageError('full', { retryable: true });
    expect((await send(path, method, headers)).status).toBe(503);
    app.engine.report = new StorageError('broken');
    expect((await send(path, method, headers)).status).toBe(500);
  });

  it.each(ROADS)('%s answers 400 for a body that can not be read, 413 for one over a limit', async (path, method, headers) => {
    app.engine.report = { ...EMPTY_REPORT, error: { kind: 'parse', message: 'line 1: odd' } };
    const answer = await send(path, method, headers);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('line 1: odd');
    app.engine.report = { ...EMPTY_REPORT, error: { kind: 'limit', message: 'large' } };
    expect((await send(path, method, headers)).status).toBe(path === WRITE ? 400 : 413);
  });

  it.each(ROADS)('%s holds no more than there is room for', async (path, method, headers) => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const waiting = async (): Promise<IngestReport> => held.then(() => EMPTY_REPORT);
    app.engine.ingest = waiting;
    app.pushGroups.push = waiting;
    const sending = Array.from({ length: 64 }, () => send(path, method, headers));
    await expect.poll(async () => (await app.metrics.metrics()).includes('metrics_dashboard_push_held_bytes 128')).toBe(true);
    const refused = await send(path, method, headers);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    letGo();
    for (const { ok } of await Promise.all(sending)) expect(ok).toBe(true);
    expect((await send(path, method, headers)).ok).toBe(true);
  });
});

describe('JSON push', () => {
  it('answers with what is stored, and each that is not by the sender\'s labels', async () => {
    app.engine.report = REFUSED;
    const answer = await send(PUSH, 'POST', { ...JSON_TYPE, 'content-encoding': 'gzip' }, new Uint8Array(gzipSync('{}')));
    expect(await answer.json()).toEqual({ accepted: 2, rejected: [{ metric: 'm', labels: { x: 'y' }, reason: 'cardinality_limit', message: 'too many' }] });
    expect(await app.metrics.metrics()).toContain('metrics_dashboard_push_refused_samples_total{road="json",reason="cardinality_limit"} 2');
  });

  it.each([
    [{ 'content-type': 'text/xml' }, 415, 'content type \\"text/xml\\", expected application/json'],
    [{ ...JSON_TYPE, 'content-encoding': 'br' }, 415, 'content encoding \\"br\\", expected gzip or none'],
    [{ ...JSON_TYPE, 'content-encoding': 'gzip' }, 400, 'the body is not gzip'],
  ])('refuses %j', async (headers, status, message) => {
    const answer = await send(PUSH, 'POST', headers);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(message);
  });

  it('takes no body that is larger than its gzip says', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(17 * 2 ** 20)));
    expect((await send(PUSH, 'POST', { ...JSON_TYPE, 'content-encoding': 'gzip' }, bomb)).status).toBe(413);
  });
});

describe('OTLP', () => {
  it('answers in the encoding of the request, with partial success where something is refused', async () => {
    app.engine.report = REFUSED;
    expect(await (await send(OTLP, 'POST', JSON_TYPE)).json()).toEqual({ partialSuccess: { rejectedDataPoints: '1', errorMessage: 'm: cardinality_limit: too many' } });
    const bytes = Buffer.from(await (await send(OTLP, 'POST', PROTOBUF)).arrayBuffer());
    expect(bytes.toString('latin1')).toBe('\x0a\x22\x08\x01\x12\x1em: cardinality_limit: too many');
    app.engine.report = DROPPED;
    expect(await (await send(OTLP, 'POST', JSON_TYPE)).json()).toEqual({});
    expect((await (await send(OTLP, 'POST', PROTOBUF)).arrayBuffer()).byteLength).toBe(0);
  });

  it('tells errors as a status of gRPC, in the encoding of the request', async () => {
    app.engine.report = { ...EMPTY_REPORT, error: { kind: 'parse', message: 'odd' } };
    expect(await (await send(OTLP, 'POST', JSON_TYPE)).json()).toEqual({ code: 3, message: 'odd' });
    expect(Buffer.from(await (await send(OTLP, 'POST', PROTOBUF)).arrayBuffer()).toString('latin1')).toBe('\x08\x03\x12\x03odd');
    app.engine.report = new UnavailableError('away');
    expect(await (await send(OTLP, 'POST', JSON_TYPE)).json()).toEqual({ code: 14, message: 'away' });
  });

  it('tells the parser which attributes of resources become labels', async () => {
    app.current = { ...app.current, otlp: { promoteResourceAttributes: ['a.b', 'c,;d'] } };
    await send(OTLP, 'POST', PROTOBUF);
    const outcome = app.engine.deliveries[0]?.outcome;
    expect(outcome?.ok && outcome.contentType).toBe('application/vnd.metrics-dashboard.otlp+protobuf;promote=a.b%2Cc%2C%3Bd');
  });
});

describe('remote write', () => {
  it('answers 400 where something is refused, 204 where it is dropped in silence', async () => {
    app.engine.report = REFUSED;
    const answer = await send(WRITE, 'POST', V1);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toBe('2 of 7 samples refused, the others are stored: m_bucket{le="1.0",x="y"}: cardinality_limit: too many; …\n');
    app.engine.report = { ...REFUSED, accepted: 0 };
    expect(await (await send(WRITE, 'POST', V1)).text()).toContain('2 of 7 samples refused, nothing is stored: ');
    app.engine.report = DROPPED;
    expect((await send(WRITE, 'POST', V1)).status).toBe(204);
  });

  it('tells what is written where version 2.0 asks for it, also with errors', async () => {
    const written = ({ headers }: Response): (string | null)[] => ['samples', 'histograms', 'exemplars'].map((kind) => headers.get(`x-prometheus-remote-write-${kind}-written`));
    app.engine.report = REFUSED;
    expect(written(await send(WRITE, 'POST', V2))).toEqual(['5', '0', '0']);
    expect(written(await send(WRITE, 'POST', V1))).toEqual([null, null, null]);
    app.engine.report = new UnavailableError('away');
    expect(written(await send(WRITE, 'POST', V2))).toEqual(['0', '0', '0']);
  });

  it('wants all or nothing of a body of version 1.0, and as much as may be of one of 2.0', async () => {
    for (const headers of [V1, V2]) await send(WRITE, 'POST', headers);
    expect(app.engine.deliveries.map(({ whole }) => whole)).toEqual([true, false]);
  });

  it('lets series begin a day behind the others, or as far as the window reaches', async () => {
    await send(WRITE, 'POST', V1);
    app.current = { ...app.current, storage: { backend: { ...app.current.storage.backend, config: { out_of_order_window: '100y' } } } };
    await send(WRITE, 'POST', V1);
    expect([...app.engine.sources.values()].map(({ furthestBehind }) => furthestBehind)).toEqual([100 * 365 * 86_400_000]);
  });
});

describe('the paths of a Pushgateway', () => {
  it('replace with PUT, merge with POST, and delete', async () => {
    expect((await send(GROUP, 'PUT', { 'content-type': 'application/openmetrics-text; version=1.0.0' }, '# EOF\n')).status).toBe(200);
    expect((await send(`${GROUP}/zone/eu`, 'POST', { 'content-type': 'application/x-www-form-urlencoded' }, 'a 1\n')).status).toBe(200);
    expect((await fetch(server.url + GROUP, { method: 'DELETE' })).status).toBe(202);
    expect(app.pushed.map(({ labels, mode, contentType, body }) => [labels.toString(), mode, contentType, Buffer.from(body).toString()])).toEqual([
      ['{job="j"}', 'replace', 'application/openmetrics-text; version=1.0.0', '# EOF\n'],
      ['{job="j",zone="eu"}', 'merge', 'text/plain; version=0.0.4', 'a 1\n'],
    ]);
    expect(app.removed.map(String)).toEqual(['{job="j"}']);
  });

  it('say what is refused, and not what is dropped in silence', async () => {
    app.engine.report = REFUSED;
    expect((await send(GROUP, 'PUT', {})).status).toBe(400);
    app.engine.report = DROPPED;
    expect((await send(GROUP, 'PUT', {})).status).toBe(200);
  });
});
