import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { freePort, startProduct } from './product.js';
import type { Product } from './product.js';
import { WRITE_HEADERS, compressed, messageV1, messageV2 } from './remote-writer.js';
import type { WrittenSeries } from './remote-writer.js';

const SERIES = 12_000;
const LIMIT = 10_000;
/** Distinct series that are thrown at one road; at each road, and as many as this says, in a run by hand. */
const BY_HAND = process.env['METRICS_DASHBOARD_FLOOD'];
const FLOOD = Number(BY_HAND ?? 100_000);

let product: Product;
let target: Server;
/** What the target has to say. */
let exposition = '';

beforeAll(async () => {
  const port = await freePort();
  target = createServer((_request, response) => response.setHeader('content-type', 'text/plain; version=0.0.4').end(exposition));
  await new Promise<void>((resolve) => target.listen(port, '127.0.0.1', resolve));
  product = await startProduct({
    config: `self_scrape: false\nscrape_configs: [{ job_name: crowd, scrape_interval: 1s, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }]\n`,
  });
});
afterAll(async () => {
  target?.close();
  await product?.stop();
});

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One road: sends each of some series with one value, and says how the answer shows that some are refused. */
interface Road {
  readonly name: string;
  readonly source: 'json' | 'pushgateway' | 'remote_write' | 'otlp';
  send(metric: string, numbers: readonly number[], value: number): Promise<Answer>;
  readonly refusedShowsIn: RegExp;
  readonly refusedStatus: number;
}

async function post(path: string, body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string>, method = 'POST'): Promise<Answer> {
  const answer = await fetch(product.url + path, { method, body, headers });
  return { status: answer.status, text: await answer.text() };
}

const PROTO_V2 = { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request', 'content-encoding': 'snappy' };

function written(metric: string, numbers: readonly number[], value: number): WrittenSeries[] {
  const at = Date.now();
  return numbers.map((n) => ({ labels: [['__name__', metric], ['n', String(n)]], samples: [{ at, value }] }));
}

const ROADS: readonly Road[] = [
  {
    name: 'JSON push',
    source: 'json',
    send: (metric, numbers, value) => post('/api/v1/push', JSON.stringify({ metrics: [{ name: metric, type: 'gauge', samples: numbers.map((n) => ({ labels: { n: String(n) }, value })) }] }), { 'content-type': 'application/json' }),
    refusedStatus: 200,
    refusedShowsIn: /^\{"accepted":10000,"rejected":\[\{.*"reason":"cardinality_limit","message":"limits.series_per_metric is 10000, and metric/,
  },
  {
    name: 'a Pushgateway\'s path',
    source: 'pushgateway',
    send: (metric, numbers, value) => post(`/metrics/job/${metric}`, numbers.map((n) => `${metric}{n="${n}"} ${value}\n`).join(''), {}, 'PUT'),
    refusedStatus: 400,
    refusedShowsIn: /^2000 of 12002 samples refused, the others are stored: .*limits.series_per_metric is 10000/,
  },
  {
    name: 'remote write 1.0',
    source: 'remote_write',
    send: async (metric, numbers, value) => post('/api/v1/write', await compressed(messageV1(written(metric, numbers, value))), WRITE_HEADERS),
    refusedStatus: 400,
    refusedShowsIn: /^2000 of 12000 samples refused, the others are stored: .*limits.series_per_metric is 10000/,
  },
  {
    name: 'remote write 2.0',
    source: 'remote_write',
    send: async (metric, numbers, value) => post('/api/v1/write', await compressed(messageV2(written(metric, numbers, value))), PROTO_V2),
    refusedStatus: 400,
    refusedShowsIn: /^2000 of 12000 samples refused, the others are stored: .*limits.series_per_metric is 10000/,
  },
  {
    name: 'OTLP',
    source: 'otlp',
    send: (metric, numbers, value) => {
      const dataPoints = numbers.map((n) => ({ asDouble: value, timeUnixNano: `${Date.now()}000000`, attributes: [{ key: 'n', value: { intValue: n } }] }));
      return post('/api/v1/otlp/v1/metrics', JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: metric, gauge: { dataPoints } }] }] }] }), { 'content-type': 'application/json' });
    },
    refusedStatus: 200,
    refusedShowsIn: /^\{"partialSuccess":\{"rejectedDataPoints":"2000","errorMessage":".*limits.series_per_metric is 10000/,
  },
];

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

async function scalar(expression: string): Promise<number> {
  return Number((await product.query(expression)).data.result[0]?.value[1] ?? NaN);
}

async function selfMetric(pattern: RegExp): Promise<number> {
  return Number(pattern.exec(await (await product.get('/metrics')).text())?.[1] ?? 0);
}

describe('twelve thousand series where ten thousand may be', () => {
  it.each(ROADS.map((road, i) => [road.name, road, `crowd_${i}`] as const))('by %s: the first ones are stored and go on, the others are refused aloud', async (_, road, metric) => {
    const counted = new RegExp(`metrics_dashboard_push_refused_samples_total\\{road="${road.source}",reason="cardinality_limit"\\} (\\d+)`);
    const before = await selfMetric(counted);
    for (const value of [1, 2]) {
      const { status, text } = await road.send(metric, range(0, SERIES), value);
      expect(status).toBe(road.refusedStatus);
      expect(text.slice(0, 500)).toMatch(road.refusedShowsIn);
      expect(await scalar(`count(${metric} == ${value})`)).toBe(LIMIT);
    }
    expect(await scalar(`max(${metric})`)).toBe(2);
    expect(await scalar(`count(${metric}{n="9999"})`)).toBe(1);
    expect((await product.query(`${metric}{n="10000"}`)).data.result).toEqual([]);
    expect((await selfMetric(counted)) - before).toBe(2 * (SERIES - LIMIT));
    // Whoever sends what there is anyway is not told of anything.
    expect((await road.send(metric, range(0, 100), 3)).text).not.toContain('limits.series_per_metric');
  });

  it('by a scrape: in part, the target is up, and its status says why', async () => {
    exposition = range(0, SERIES).map((n) => `crowd_scraped{n="${n}"} 1\n`).join('');
    await eventually(async () => (await scalar('count(crowd_scraped)')) === LIMIT, 'the scrape is stored in part');
    exposition = range(0, SERIES).map((n) => `crowd_scraped{n="${n}"} 2\n`).join('');
    await eventually(async () => (await scalar('count(crowd_scraped == 2)')) === LIMIT, 'the stored ones go on');
    expect(await scalar('up{job="crowd"}')).toBe(1);
    const { data } = (await (await product.get('/api/v1/targets')).json()) as { data: { activeTargets: { lastError: string }[] } };
    expect(data.activeTargets[0]?.lastError).toContain('2000 cardinality limit');
    expect(await selfMetric(/metrics_dashboard_ingest_refused_samples_total\{reason="cardinality_limit"\} (\d+)/)).toBeGreaterThanOrEqual(ROADS.length * 4000 + 2000);
    exposition = '';
  });
});

describe('a flood of distinct series', () => {
  const residentBytes = (): number => 1024 * Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${product.pid}/status`, 'utf8'))?.[1] ?? 0);

  it.each(ROADS.filter(({ name, source }) => (BY_HAND === undefined ? name === 'remote write 1.0' : source !== 'pushgateway')).map((road, i) => [road.name, road, `flood_${i}`] as const))(`of ${FLOOD}, by %s, leaves memory as it was`, async (_, road, metric) => {
    const part = 10_000;
    await road.send(metric, range(0, LIMIT), 1);
    for (let from = LIMIT; from < LIMIT + 5 * part; from += part) await road.send(metric, range(from, from + part), 1);
    const before = residentBytes();
    for (let from = LIMIT + 5 * part; from < FLOOD; from += part) await road.send(metric, range(from, from + part), 1);
    const more = residentBytes() - before;
    console.log(`${FLOOD} distinct series by ${road.name}: ${(more / 2 ** 20).toFixed(1)} MB more, ${(residentBytes() / 2 ** 20).toFixed(0)} MB in all`);
    expect(more).toBeLessThan(200 * 2 ** 20);
    expect(await scalar(`count(${metric})`)).toBe(LIMIT);
  });
});
