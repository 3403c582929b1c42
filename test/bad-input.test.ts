import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { freePort, runCommand, startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';

/** What nobody at a terminal should have to read. */
const STACK_TRACE = /\n\s+at .+:\d+:\d+/;

describe('a configuration that is wrong', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => void (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  const CASES: readonly (readonly [what: string, config: string, place: string, message: RegExp])[] = [
    ['an unknown key', 'global:\n  scrape_intervall: 15s\n', ':2:3', /scrape_intervall/],
    ['an unknown section', 'globl: {}\n', ':1:1', /globl/],
    ['a bad duration', 'global:\n  scrape_interval: 15 parsecs\n', ':2:20', /15 parsecs/],
    ['a text where a list belongs', 'scrape_configs: none\n', ':1:17', /list|array/],
    ['a job without a name', 'scrape_configs:\n  - scrape_interval: 5s\n', ':2:', /job_name/],
    ['the same job twice', 'scrape_configs:\n  - job_name: a\n  - job_name: a\n', ':3:', /"a"/],
    ['an unknown discovery', 'scrape_configs:\n  - job_name: a\n    zookeeper_sd_configs: [{}]\n', ':3:', /static/],
    ['an unknown notifier', 'receivers:\n  - name: desk\n    pidgin_configs: [{}]\n', ':3:', /webhook/],
    ['an unknown storage backend', 'storage:\n  backend: papyrus\n', ':2:', /tsdb/],
    ['a key that the storage backend does not know', 'storage:\n  retantion: 15d\n', ':2:', /retantion/],
    ['YAML that does not parse', 'global: [\n', ':', /./],
    ['a plugin that is not installed', 'plugins:\n  - package: metrics-dashboard-plugin-nowhere\n', ':2:', /metrics-dashboard-plugin-nowhere/],
    ['a bad relabel action', 'scrape_configs:\n  - job_name: a\n    relabel_configs:\n      - action: shuffle\n', ':4:', /shuffle/],
  ];

  for (const [what, config, place, message] of CASES) {
    it(`${what} is told with file, line and column, and ends the start`, async () => {
      const file = join(folder.path, 'wrong.yml');
      writeFileSync(file, config);
      const { code, output } = await runCommand(['--config', file, '--data', join(folder.path, 'data'), '--listen', `127.0.0.1:${await freePort()}`]);
      expect(output).toContain(`wrong.yml${place}`);
      expect(output).toMatch(message);
      expect(output).not.toMatch(STACK_TRACE);
      expect(code).toBe(1);
    });
  }

  it('a file that is not there is named', async () => {
    const { code, output } = await runCommand(['--config', join(folder.path, 'nowhere.yml')]);
    expect(code).toBe(1);
    expect(output).toContain('nowhere.yml');
    expect(output).not.toMatch(STACK_TRACE);
  });

  it('an unknown flag is a matter of usage', async () => {
    const { code, output } = await runCommand(['--colour', 'mauve']);
    expect(code).toBe(2);
    expect(output).toContain('--colour');
  });

  it('an address that is not loopback needs a decision about who may ask', async () => {
    const { code, output } = await runCommand(['--data', join(folder.path, 'data'), '--listen', '0.0.0.0:0']);
    expect(code).toBe(1);
    expect(output).toMatch(/auth/);
    expect(output).toMatch(/--allow-anonymous/);
  });
});

describe('a place that can\'t be used', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => void (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  it('a port in use is named', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, output } = await runCommand(['--data', join(folder.path, 'data'), '--listen', `127.0.0.1:${port}`]);
    server.close();
    expect(code).toBe(1);
    expect(output).toContain(`127.0.0.1:${port}`);
    expect(output).toMatch(/in use/);
    expect(output).not.toMatch(STACK_TRACE);
  });

  it('a data folder that can\'t be made is named', async () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    const { code, output } = await runCommand(['--data', join(file, 'data'), '--listen', `127.0.0.1:${await freePort()}`]);
    expect(code).toBe(1);
    expect(output).toContain(join(file, 'data'));
    expect(output).not.toMatch(STACK_TRACE);
  });

  it.skipIf(process.getuid?.() === 0)('a data folder that is not writable is named', async () => {
    const data = join(folder.path, 'data');
    mkdirSync(data);
    chmodSync(data, 0o500);
    const { code, output } = await runCommand(['--data', data, '--listen', `127.0.0.1:${await freePort()}`]);
    expect(code).toBe(1);
    expect(output).toContain(data);
    expect(output).not.toMatch(STACK_TRACE);
  });

  it('a second process on the same data folder is refused, and the first goes on', async () => {
    const first = await startProduct({ dataDir: join(folder.path, 'data') });
    try {
      const { code, output } = await runCommand(['--data', first.dataDir, '--listen', `127.0.0.1:${await freePort()}`]);
      expect(code).toBe(1);
      expect(output).toContain(String(first.pid));
      expect(output).not.toMatch(STACK_TRACE);
      expect((await first.get('/-/ready')).status).toBe(200);
    } finally {
      await first.stop();
    }
  });
});

describe('targets and queries that are wrong', () => {
  let product: Product;
  let page: ReturnType<typeof createServer>;
  let deadPort: number;

  beforeAll(async () => {
    page = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>Login</title>'));
    page.listen(0, '127.0.0.1');
    await new Promise((resolve) => page.once('listening', resolve));
    deadPort = await freePort();
    const { port } = page.address() as AddressInfo;
    product = await startProduct({
      config: `
limits: { query_series: 20 }
scrape_configs:
  - job_name: page
    scrape_interval: 1s
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
  - job_name: typed_page
    scrape_interval: 1s
    fallback_scrape_protocol: PrometheusText0.0.4
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
  - job_name: dead
    scrape_interval: 1s
    static_configs: [{ targets: ['127.0.0.1:${deadPort}'] }]
`,
    });
  });
  afterAll(async () => {
    await product.stop();
    page.close();
  });

  const errorOf = async (job: string): Promise<string> => {
    let error = '';
    await eventually(async () => {
      const answer = (await (await product.get('/api/v1/targets')).json()) as { data: { activeTargets: { scrapePool: string; health: string; lastError: string }[] } };
      const target = answer.data.activeTargets.find(({ scrapePool }) => scrapePool === job);
      error = target?.lastError ?? '';
      return target?.health === 'down';
    }, `${job} is down`);
    return error;
  };

  it('an unreachable target says that nothing listens there', async () => {
    expect(await errorOf('dead')).toMatch(new RegExp(`refused.*127.0.0.1:${deadPort}`));
    await eventually(async () => (await product.query('up{job="dead"}')).data.result[0]?.value[1] === '0', 'up is 0');
  });

  it('an HTML page instead of metrics says so', async () => {
    expect(await errorOf('page')).toMatch(/text\/html/);
    expect(await errorOf('typed_page')).toMatch(/<!doctype|HTML/i);
  });

  it('a syntax error in a query says where', async () => {
    const response = await product.get(`/api/v1/query?query=${encodeURIComponent('sum by (job (up)')}`);
    expect(response.status).toBe(400);
    const { status, errorType, error } = (await response.json()) as Record<string, string>;
    expect({ status, errorType }).toEqual({ status: 'error', errorType: 'bad_data' });
    expect(error).toMatch(/1:\d+/);
  });

  it('a query over query_series is refused with the limit, its value and what it met', async () => {
    await eventually(async () => (await product.query('count(up)')).data.result.length > 0, 'something was scraped');
    await eventually(async () => {
      const response = await product.get(`/api/v1/query?query=${encodeURIComponent('{__name__=~".+"}')}`);
      if (response.status !== 422) return false;
      const { error } = (await response.json()) as { error: string };
      expect(error).toMatch(/query_series.*20/);
      return true;
    }, 'the query is refused');
  });

  it('an unknown function is named, with its place', async () => {
    const response = await product.get(`/api/v1/query?query=${encodeURIComponent('up + frobnicate(up)')}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/frobnicate/);
  });

  it('says nothing of stack traces in its log', () => {
    expect(product.log()).not.toMatch(STACK_TRACE);
  });
});
