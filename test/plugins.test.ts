import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { startProduct } from './product.js';
import type { Product } from './product.js';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

const TESTS_A_CHANNEL = `mutation { testChannel(id: "desk/fixture/0") { delivered error } }`;

describe('a package that offers a notifier and an aggregation', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({
      config: `
plugins:
  - package: ${fixture('plugin-package')}
receivers:
  - name: desk
    fixture_configs: [{}]
`,
    });
  });
  afterAll(() => product.stop());

  it('is shown on both sides, as active', async () => {
    const { plugins } = await product.graphql<{ plugins: { id: string; side: string; state: string; version: string }[] }>('{ plugins { id side state version } }');
    const sides = plugins.filter(({ id }) => id === 'fixture').sort((a, b) => a.side.localeCompare(b.side));
    expect(sides).toEqual([
      { id: 'fixture', side: 'engine', state: 'ACTIVE', version: '1.2.3' },
      { id: 'fixture', side: 'main', state: 'ACTIVE', version: '1.2.3' },
    ]);
  });

  it('has its aggregation answer queries, across series and over time', async () => {
    await eventually(async () => (await product.query('up')).data.result[0]?.value[1] === '1', 'something was scraped');
    expect((await product.query('product(vector(6) * 7)')).data.result[0]?.value[1]).toBe('42');
    expect((await product.query('product_over_time(up[1m])')).data.result[0]?.value[1]).toBe('1');
  });

  it('opened its notifier once, delivers through it, and counts each once at /metrics', async () => {
    expect(await product.graphql(TESTS_A_CHANNEL)).toEqual({ testChannel: { delivered: true, error: null } });
    const lines = (await (await product.get('/metrics')).text()).split('\n').filter((line) => line.startsWith('fixture_'));
    expect(lines).toEqual(['fixture_opened_total 1', 'fixture_sent_total 1']);
  });
});

describe('the examples, loaded by the configuration', () => {
  let product: Product;
  let queue: ReturnType<typeof createServer>;
  beforeAll(async () => {
    queue = createServer((_, response) => response.end('{"queues":{"main":{"depth":17,"open":true}}}'));
    queue.listen(0, '127.0.0.1');
    await new Promise((resolve) => queue.once('listening', resolve));
    const { port } = queue.address() as AddressInfo;
    product = await startProduct({
      config: `
plugins:
  - package: '@metrics-dashboard/example-scraper-json'
  - package: '@metrics-dashboard/example-storage-audit'
  - package: '@metrics-dashboard/example-notifier-console'
  - package: '@metrics-dashboard/example-aggregation-geomean'
storage:
  backend: audit
  retention: 30d
receivers:
  - name: desk
    console_configs: [{ prefix: 'HEAR ME: ' }]
scrape_configs:
  - job_name: queue
    scrape_interval: 1s
    scraper: { kind: json, metrics: [{ name: queue_depth, path: queues.main.depth }, { name: queue_open, path: queues.main.open }] }
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
`,
    });
  });
  afterAll(async () => {
    await product.stop();
    queue.close();
  });

  it('the scraper brings numbers out of JSON', async () => {
    await eventually(async () => (await product.query('queue_depth')).data.result[0]?.value[1] === '17', 'the depth is stored');
    expect((await product.query('queue_open')).data.result[0]?.value[1]).toBe('1');
  });

  it('the aggregation answers', async () => {
    const expression = 'geomean(label_replace(vector(2), "a", "1", "", "") or vector(8))';
    expect(Number((await product.query(expression)).data.result[0]?.value[1])).toBeCloseTo(4);
  });

  it('the storage backend writes its log', async () => {
    await eventually(() => readFileSync(`${product.dataDir}/audit/audit.log`, 'utf8').includes('"kept"'), 'a line in the log');
  });

  it('the notifier writes into the server\'s log', async () => {
    const { testChannel } = await product.graphql<{ testChannel: { delivered: boolean } }>('mutation { testChannel(id: "desk/console/0") { delivered error } }');
    expect(testChannel.delivered).toBe(true);
    await eventually(() => product.log().includes('HEAR ME: firing'), 'the notification is in the log');
  });
});
