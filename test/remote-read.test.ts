import { setStale } from '@metrics-dashboard/sdk';
import { compress, uncompress } from 'snappy';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPeer, startPeer } from './peer.js';
import type { RunningPeer } from './peer.js';
import { freePort, startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';
import { WRITE_HEADERS, writeRequest } from './remote-writer.js';
import type { WrittenSample } from './remote-writer.js';

const STEP = 15_000;
/** Within one of the two hours that Prometheus puts into one chunk. */
const START = Math.floor(Date.now() / 7_200_000) * 7_200_000 - 7_200_000 + 60_000;
const SAMPLES = 100;

describe.skipIf(!hasPeer('prometheus'))("beside Debian's Prometheus", () => {
  const folder = temporaryFolder();
  let product: Product;
  /** Has the same samples, and answers remote reads as well. */
  let other: RunningPeer;
  let otherUrl: string;
  /** Has nothing of its own, and reads everything from the product. */
  let reader: RunningPeer;
  let readerUrl: string;

  beforeAll(async () => {
    product = await startProduct({ config: 'self_scrape: false\n' });
    [other, otherUrl] = await prometheus('other', '', ['--web.enable-remote-write-receiver']);
    [reader, readerUrl] = await prometheus('reader', `remote_read: [{ url: '${product.url}/api/v1/read', read_recent: true }]\n`);
    const samples = written();
    for (let from = 0; from < samples.length; from += 1000) {
      const body = await writeRequest(samples.slice(from, from + 1000));
      for (const url of [product.url, otherUrl]) {
        const response = await fetch(`${url}/api/v1/write`, { method: 'POST', body, headers: WRITE_HEADERS });
        expect(response.status, await response.text()).toBe(204);
      }
    }
  });
  afterAll(async () => {
    await reader?.stop();
    await other?.stop();
    await product?.stop();
    folder.remove();
  });

  async function prometheus(name: string, config: string, args: readonly string[] = []): Promise<[RunningPeer, string]> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const own = join(folder.path, name);
    mkdirSync(own);
    writeFileSync(join(own, 'prometheus.yml'), config);
    const all = [`--config.file=${join(own, 'prometheus.yml')}`, `--storage.tsdb.path=${join(own, 'data')}`, `--web.listen-address=127.0.0.1:${port}`, ...args];
    return [await startPeer('prometheus', all, async () => (await fetch(`${url}/-/ready`)).ok), url];
  }

  it.each([
    'requests_total',
    'requests_total{job=~"a|b",instance!="2"}',
    'rate(requests_total[5m])',
    'sum by (job) (rate(requests_total[2m])) / count by (job) (requests_total)',
    'count_over_time(ends[3m])',
    'absent(nothing)',
    'temperature > 20 or requests_total{job="a"}',
  ])('a Prometheus that reads from the product answers %s as the product does', async (query) => {
    // Between the samples, for the ranges of version 2 hold their left end as well.
    const range = `query=${encodeURIComponent(query)}&start=${START / 1000 + 7}&end=${(START + SAMPLES * STEP) / 1000}&step=30`;
    const answer = async (url: string): Promise<{ data?: { result: readonly { metric: object; values: readonly [number, string][] }[] } }> =>
      (await (await fetch(`${url}/api/v1/query_range?${range}`)).json()) as never;
    const [theirs, ours] = [await answer(readerUrl), await answer(product.url)];
    expect(theirs.data?.result.length).toBeGreaterThan(0);
    expect(shown(theirs)).toEqual(shown(ours));
  });

  it.each([
    ['samples', 0],
    ['streamed chunks', 1],
  ])('a read in %s gives the bytes that Prometheus gives', async (_form, accepted) => {
    const body = await compress(readRequest(START, START + SAMPLES * STEP, '__name__', '.+', accepted));
    const read = async (url: string): Promise<Response> => fetch(`${url}/api/v1/read`, { method: 'POST', body: new Uint8Array(body), headers: WRITE_HEADERS });
    const [theirs, ours] = [await read(otherUrl), await read(product.url)];
    for (const name of ['content-type', 'content-encoding']) expect(ours.headers.get(name) ?? '').toBe(theirs.headers.get(name) ?? '');
    const bytes = async (response: Response): Promise<Buffer> => {
      const all = Buffer.from(await response.arrayBuffer());
      return accepted === 0 ? Buffer.from(await uncompress(all, { asBuffer: true })) : all;
    };
    const [wanted, got] = [await bytes(theirs), await bytes(ours)];
    expect(wanted.length).toBeGreaterThan(1000);
    expect(got.equals(wanted), `${got.length} bytes, expected ${wanted.length}`).toBe(true);
  });
});

/** Results in the order of their labels, as far as both of them count. */
function shown({ data }: { data?: { result: readonly { metric: object; values: readonly [number, string][] }[] } }): unknown {
  return [...(data?.result ?? [])].map(({ metric, values }) => ({ labels: JSON.stringify(Object.entries(metric).sort()), values })).sort((a, b) => (a.labels < b.labels ? -1 : 1));
}

/** Counters that are reset, gauges, and series that end with a marker of staleness and begin again. */
function written(): WrittenSample[] {
  const stale = new Float64Array(1);
  setStale(stale, 0);
  const samples: WrittenSample[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const at = START + i * STEP;
    for (const job of ['a', 'b', 'c']) {
      for (const instance of ['1', '2']) samples.push({ labels: { __name__: 'requests_total', instance, job }, value: (i % 60) * (job === 'a' ? 3 : 7.25), at });
    }
    samples.push({ labels: { __name__: 'temperature', place: 'é "x"' }, value: 20 + Math.sin(i) * 5, at: at + (i % 7) });
    if (i % 5 !== 4) samples.push({ labels: { __name__: 'ends' }, value: i % 20 === 10 ? (stale[0] as number) : i, at });
  }
  return samples;
}

/** A `ReadRequest` with one query of one regular expression. Source: https://prometheus.io/docs/prometheus/latest/querying/remote_read_api/ */
function readRequest(start: number, end: number, name: string, expression: string, accepted: number): Buffer {
  const matcher = Buffer.concat([Buffer.from([0x08, 2]), text(2, name), text(3, expression)]);
  const query = Buffer.concat([Buffer.from([0x08]), varint(start), Buffer.from([0x10]), varint(end), delimited(3, matcher)]);
  return Buffer.concat([delimited(1, query), Buffer.from([0x10, accepted])]);
}

function text(field: number, content: string): Buffer {
  return delimited(field, Buffer.from(content));
}

function delimited(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
