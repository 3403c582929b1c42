import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Counter, Registry } from '@metrics-dashboard/sdk/metrics';
import { eventually, hasPeer, startPeer } from './peer.js';
import { ROOT, freePort, startProduct, temporaryFolder } from './product.js';
import type { Product, QuerySeries } from './product.js';
import { compressed, messageV1, messageV2 } from './remote-writer.js';
import type { WrittenSeries } from './remote-writer.js';

type Pairs = [string, string][];

/** A case of the collection: requests one after another, and what queries find then. Times are seconds from some moment. */
interface Case {
  readonly id: string;
  readonly title: string;
  readonly requests: readonly {
    readonly proto: 1 | 2;
    readonly method?: string;
    readonly headers: Record<string, string>;
    readonly series?: readonly { readonly labels: Pairs; readonly samples: readonly [number, number | string][] }[];
    readonly generate?: { readonly series: number };
    readonly mangle?: 'snappy' | 'empty' | 'truncate-proto' | 'bad-ref';
    readonly expectStatus: string;
    readonly expectHeaders?: Record<string, string>;
  }[];
  readonly check?: readonly { readonly query: string; readonly atOffset?: number; readonly result: readonly [Record<string, string>, string][] }[];
}

/** A collection of requests with what a receiver must answer; the checks run where it is at hand. */
const FILE = join(process.env['METRICS_DASHBOARD_CONFORMANCE'] ?? join(ROOT, '../shared/conformance'), 'remotewrite/receiver-cases.json');

const VALUES: Readonly<Record<string, number | bigint>> = { stale: 0x7ff0000000000002n, NaN: 0x7ff8000000000001n, '+Inf': Infinity, '-Inf': -Infinity };

/** Between two cases, so that none sees the samples of another. */
const APART = 1000_000;

describe.skipIf(!existsSync(FILE))('the collected cases of remote write', () => {
  const cases = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Case[]) : [];
  // One about the time that has not come is last: the others lie before now.
  const ordered = [...cases].sort((a, b) => Number(isOfFuture(a)) - Number(isOfFuture(b)));
  let product: Product;
  let now: number;

  beforeAll(async () => {
    product = await startProduct({ config: 'self_scrape: false\nlimits: { series_per_metric: 100000 }\nstorage: { out_of_order_window: 0s }\n' });
    now = Date.now();
  });
  afterAll(() => product?.stop());

  it.each(ordered.map((one, i) => [one.id, one.title, one, i] as const))('%s: %s', async (_id, _title, one, i) => {
    const moment = now - (ordered.length - 1 - i) * APART;
    for (const request of one.requests) {
      const response = await fetch(`${product.url}/api/v1/write`, {
        method: request.method ?? 'POST',
        headers: request.headers,
        ...(request.method === 'GET' ? {} : { body: await bodyOf(request, moment) }),
      });
      const text = await response.text();
      expect(request.expectStatus.split('|').some((status) => (status === '2xx' ? response.ok : Number(status) === response.status)), `${response.status} ${text}`).toBe(true);
      for (const [name, value] of Object.entries(request.expectHeaders ?? {})) expect(response.headers.get(name), name).toBe(value);
    }
    for (const { query, atOffset = 0, result } of one.check ?? []) {
      const { data } = await product.query(query, moment + atOffset * 1000);
      expect(data.result.map(shown).sort(), query).toEqual(result.map(([labels, value]) => JSON.stringify([Object.entries(labels).sort(), value])).sort());
    }
  });
});

describe.skipIf(!hasPeer('prometheus'))('exemplars that a real Prometheus sends', () => {
  it('are found with their series', async () => {
    const registry = new Registry();
    const counter = new Counter({ name: 'orders_total', help: 'Orders.', enableExemplars: true, registers: [registry] });
    counter.inc({ value: 2, exemplarLabels: { trace_id: '4bf92f35' } });
    const target = createServer((_, response) => {
      void registry.metrics({ format: 'openmetrics' }).then((text) => response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8').end(text));
    });
    const [targetPort, port] = [await freePort(), await freePort()];
    await new Promise<void>((resolve) => target.listen(targetPort, '127.0.0.1', resolve));
    const product = await startProduct({ config: 'self_scrape: false\nstorage: { exemplars: { max_exemplars: 100 } }\n' });
    const folder = temporaryFolder();
    const config = join(folder.path, 'prometheus.yml');
    writeFileSync(config, `global: { scrape_interval: 1s }\nscrape_configs: [{ job_name: shop, static_configs: [{ targets: ['127.0.0.1:${targetPort}'] }] }]\nremote_write: [{ url: '${product.url}/api/v1/write', send_exemplars: true, queue_config: { batch_send_deadline: 1s } }]\n`);
    const args = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder.path, 'data')}`, `--web.listen-address=127.0.0.1:${port}`, '--enable-feature=exemplar-storage'];
    const prometheus = await startPeer('prometheus', args, async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok);
    try {
      const found = async (): Promise<unknown> => ((await (await product.get(`/api/v1/query_exemplars?query=orders_total&start=0&end=${Date.now() / 1000}`)).json()) as { data: unknown }).data;
      await eventually(async () => JSON.stringify(await found()) !== '[]', 'the exemplar has arrived');
      expect(await found()).toEqual([
        { seriesLabels: { __name__: 'orders_total', instance: `127.0.0.1:${targetPort}`, job: 'shop' }, exemplars: [{ labels: { trace_id: '4bf92f35' }, value: '2', timestamp: expect.any(Number) as number }] },
      ]);
    } finally {
      await prometheus.stop();
      await product.stop();
      target.closeAllConnections();
      target.close();
      folder.remove();
    }
  });
});

function isOfFuture({ requests }: Case): boolean {
  return requests.some(({ series = [] }) => series.some(({ samples }) => samples.some(([seconds]) => seconds > 0)));
}

function shown({ metric, value }: QuerySeries): string {
  return JSON.stringify([Object.entries(metric).sort(), value[1]]);
}

async function bodyOf({ proto, series = [], generate, mangle }: Case['requests'][number], moment: number): Promise<Uint8Array<ArrayBuffer>> {
  if (mangle === 'empty') return new Uint8Array(0);
  const generated = Array.from({ length: generate?.series ?? 0 }, (_, i) => ({ labels: [['__name__', 'gen'], ['i', String(i)]] as Pairs, samples: [[0, i] as [number, number]] }));
  const written = [...series, ...generated].map(
    ({ labels, samples }): WrittenSeries => ({ labels, samples: samples.map(([seconds, value]) => ({ at: Math.round(moment + seconds * 1000), value: typeof value === 'number' ? value : (VALUES[value] ?? NaN) })) }),
  );
  const message = proto === 2 ? messageV2(written, mangle === 'bad-ref' ? [999, 1000] : []) : messageV1(written);
  const body = await compressed(mangle === 'truncate-proto' ? message.subarray(0, -3) : message);
  if (mangle === 'snappy') body.fill(0xff, 0, 6);
  return body;
}
