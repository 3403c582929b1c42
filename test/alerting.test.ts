import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { eventually, hasPeer, startPeer } from './peer.js';
import { ROOT, freePort, startProduct } from './product.js';
import type { Product } from './product.js';

const run = promisify(execFile);
const CONFORMANCE = join(ROOT, '../shared/conformance');
/** All scenarios take more than a minute; by default a few of different kinds run. */
const ALL = process.env['METRICS_DASHBOARD_ALL_SCENARIOS'] === '1';
const SOME = 'am-merge,am-reload,am-silence-expires-notify,am-inhibit-both-resolve,am-4xx-no-retry,am-send-resolved-false';

interface Hook {
  readonly url: string;
  readonly taken: { key: string; status: string; alerts: readonly { labels: Record<string, string>; status: string }[] }[];
  /** Whether what comes is taken and never answered. */
  hangs: boolean;
  close(): Promise<void>;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openHook(): Promise<Hook> {
  const taken: Hook['taken'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      taken.push({ ...(JSON.parse(body) as Hook['taken'][number]), key: String(request.headers['idempotency-key']) });
      if (!hook.hangs) response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hook: Hook = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    taken,
    hangs: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  closers.push(() => hook.close());
  return hook;
}

const configFor = (hook: Hook): string => `
self_scrape: false
route: { receiver: team, group_by: [alertname], group_wait: 500ms, group_interval: 1s, repeat_interval: 1h, routes: [{ matchers: ['team="db"'], receiver: db }] }
receivers: [{ name: team, webhook_configs: [{ url: "${hook.url}" }] }, { name: db }]
`;

async function start(options: Parameters<typeof startProduct>[0]): Promise<Product> {
  const product = await startProduct(options);
  closers.push(() => product.stop());
  return product;
}

async function push(product: Product, ...alerts: readonly { labels: Record<string, string>; endsAt?: string }[]): Promise<void> {
  const response = await fetch(`${product.url}/api/v2/alerts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(alerts) });
  expect(response.status).toBe(200);
}

describe.skipIf(!existsSync(CONFORMANCE))("Alertmanager's scenarios", () => {
  it(ALL ? 'all pass' : 'of a few kinds pass', { timeout: 400_000 }, async () => {
    const args = ['tools/run-am-scenarios.mjs', 'alertmanager/scenarios.json', '--bin', join(ROOT, 'test/fixtures/alertmanager.sh'), '--jobs', ALL ? '2' : '6', ...(ALL ? [] : ['--only', SOME])];
    const { stdout } = await run('node', args, { cwd: CONFORMANCE }).catch((error: unknown) => error as { stdout: string });
    expect(stdout).toMatch(/RESULT scenarios=\d+ pass=\d+ fail=0/);
  });
});

describe('a notification', () => {
  it('that was on its way when the process was killed is sent again under its key, and nothing else is', { timeout: 60_000 }, async () => {
    const hook = await openHook();
    const folder = mkdtempSync(join(tmpdir(), 'alerting-'));
    closers.push(async () => rmSync(folder, { recursive: true, force: true }));
    const options = { config: configFor(hook), dataDir: join(folder, 'data') };
    const first = await startProduct(options);
    await push(first, { labels: { alertname: 'Told' } });
    await eventually(() => hook.taken.length === 1, 'the first is told');
    hook.hangs = true;
    await push(first, { labels: { alertname: 'Hanging' } });
    await eventually(() => hook.taken.length === 2, 'the second is on its way');
    await first.kill();
    hook.hangs = false;
    const second = await start(options);
    await eventually(() => hook.taken.length === 3, 'it is sent again');
    await push(second, { labels: { alertname: 'Told' }, endsAt: new Date().toISOString() });
    await eventually(() => hook.taken.length === 4, 'what resolved is told');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(hook.taken.map(({ alerts }) => alerts.map(({ labels, status }) => `${labels['alertname']}:${status}`).join())).toEqual(['Told:firing', 'Hanging:firing', 'Hanging:firing', 'Told:resolved']);
    expect(hook.taken[2]?.key).toBe(hook.taken[1]?.key);
    const { notifications } = await second.graphql<{ notifications: readonly { delivered: boolean }[] }>('{ notifications { delivered reason alerts { labels } } }');
    expect(notifications.filter(({ delivered }) => delivered)).toHaveLength(3);
  });
});

describe.skipIf(!hasPeer('amtool'))('amtool', () => {
  it('adds and asks for alerts, makes and ends silences, and finds routes', { timeout: 60_000 }, async () => {
    const hook = await openHook();
    const product = await start({ config: configFor(hook) });
    const amtool = async (...args: readonly string[]): Promise<string> => (await run('amtool', [...args, `--alertmanager.url=${product.url}`])).stdout;
    await amtool('alert', 'add', 'alertname=Disk', 'team=web', '--annotation=summary=full', '--end=2100-01-01T00:00:00Z');
    expect(await amtool('alert', 'query', 'team=web')).toContain('Disk');
    await eventually(() => hook.taken.length === 1, 'the alert is told');
    const id = (await amtool('silence', 'add', 'alertname=~Di.*', '--author=ada', '--comment=known', '--duration=1h')).trim();
    expect(await amtool('silence', 'query')).toContain(id);
    expect(await amtool('alert', 'query')).not.toContain('Disk');
    expect(await amtool('alert', 'query', '--silenced')).toContain('Disk');
    await amtool('silence', 'update', id, '--comment=better known');
    expect(await amtool('silence', 'query', '-o', 'extended')).toContain('better known');
    await amtool('silence', 'expire', id);
    expect(await amtool('silence', 'query')).not.toContain(id);
    expect(await amtool('config', 'show')).toContain('resolve_timeout');
    expect((await amtool('config', 'routes', 'test', 'team=db')).trim()).toBe('db');
  });
});

describe.skipIf(!hasPeer('prometheus'))('a Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'alerting-prometheus-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('sends its alerts, and their ends', { timeout: 60_000 }, async () => {
    const hook = await openHook();
    const product = await start({ config: configFor(hook) });
    writeFileSync(join(folder, 'rules.yml'), 'groups: [{ name: g, interval: 1s, rules: [{ alert: Always, expr: vector(1) < bool 2, labels: { severity: page }, annotations: { summary: "{{ $value }}" } }] }]');
    writeFileSync(join(folder, 'prometheus.yml'), `global: { evaluation_interval: 1s }\nrule_files: [rules.yml]\nalerting: { alertmanagers: [{ static_configs: [{ targets: ["127.0.0.1:${product.port}"] }] }] }`);
    const port = await freePort();
    const args = [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`, '--rules.alert.resend-delay=1s'];
    const peer = await startPeer('prometheus', args, async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok);
    try {
      await eventually(() => hook.taken.length > 0, 'the alert of the Prometheus is told');
      expect(hook.taken[0]?.alerts[0]).toMatchObject({ labels: { alertname: 'Always', severity: 'page' }, status: 'firing', annotations: { summary: '1' } });
    } finally {
      await peer.stop();
    }
  });
});
