import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, StorageError, UnavailableError } from '@metrics-dashboard/sdk';
import type { Logger } from '@metrics-dashboard/sdk';
import { silentLogger } from '@metrics-dashboard/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App, AppOptions } from './app.js';
import { checkConfig, createApp } from './index.js';
import { unplaced } from './plugin/config-place.js';
import type { PluginConfig } from './plugin/plugin-config.js';
import { systemClock } from './runtime/system-clock.js';

const never = new AbortController().signal;

let folder: string;
const opened: { close(): Promise<void> | void }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'app-'));
});
afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
  rmSync(folder, { recursive: true, force: true });
});

function plugin(specifier: string): PluginConfig {
  return { specifier, from: import.meta.url, config: undefined, at: unplaced('') };
}

const PLUGINS = [
  './engine/fixtures/memory-storage.plugin.mjs',
  ...['aggregation-standard', 'auth-static', 'discovery-static', 'exposition-text', 'notifier-webhook', 'scraper-http'].map(
    (name) => `../../plugins/${name}/src/index.ts`,
  ),
].map(plugin);

function configure(text: string): string {
  const file = join(folder, 'my.yml');
  writeFileSync(file, text);
  return file;
}

function optionsFor(config: string, options: Partial<AppOptions> = {}): AppOptions {
  return {
    version: '1.2.3',
    configFile: configure(config),
    dataDir: join(folder, 'data'),
    listen: { host: '127.0.0.1', port: 0 },
    allowAnonymous: false,
    plugins: PLUGINS,
    pluginPolicy: 'abort',
    engine: 'inline',
    clock: systemClock,
    log: silentLogger,
    ...options,
  };
}

async function open(config = 'storage: { backend: memory }', options: Partial<AppOptions> = {}): Promise<App> {
  const app = await createApp(optionsFor(config, options));
  opened.push(app);
  return app;
}

/** A server with the metrics of the app, which lets in whom the app lets in. */
async function serve(app: App): Promise<{ host: string; port: number }> {
  const server: Server = createServer((request, response) => {
    const token = request.headers.authorization?.replace('Bearer ', '');
    void app.auth
      .authenticate(token === undefined ? undefined : { kind: 'bearer', token }, never)
      .then(async (principal) => response.writeHead(principal ? 200 : 401, { 'content-type': app.metrics.contentType }).end(await app.metrics.metrics()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

async function until<T>(ask: () => Promise<T> | T, isSo: (answer: T) => boolean): Promise<T> {
  for (let i = 0; i < 200; i += 1) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    await systemClock.sleep(25, never);
  }
  throw new Error('did not come to be');
}

describe('the app', () => {
  it('answers before it is started, and says that it is not ready', async () => {
    const app = await open();
    expect(app.isReady()).toBe(false);
    expect(app.version).toBe('1.2.3');
    await expect(app.engine.status()).rejects.toBeInstanceOf(UnavailableError);
    expect((await app.plugins()).map(({ id, side }) => `${side} ${id}`)).toEqual([
      'main auth-static',
      'main discovery-static',
      'main notifier-webhook',
      'main scraper-http',
    ]);
    expect(readdirSync(folder)).toEqual(['my.yml']);
  });

  it('scrapes itself at once, also where nobody else may read its metrics', async () => {
    const app = await open('storage: { backend: memory }\nauth: { anonymous: none }');
    await app.start(await serve(app));
    expect(app.isReady()).toBe(true);
    const query = { expression: 'up{job="metrics-dashboard"}', time: { kind: 'instant', at: 0 } } as const;
    const result = await until(
      () => app.engine.query({ ...query, time: { kind: 'instant', at: systemClock.now() } }, never),
      ({ series }) => series.length === 1,
    );
    expect([...result.values]).toEqual([1]);
    expect(app.targets.active()).toMatchObject([{ scrapePool: 'metrics-dashboard', health: 'up', lastError: undefined }]);
    expect((await app.plugins()).map(({ id }) => id)).toContain('test-storage');
  });

  it('does not scrape itself where that is turned off', async () => {
    const app = await open('storage: { backend: memory }\nself_scrape: false');
    await app.start(await serve(app));
    expect(app.targets.active()).toEqual([]);
  });

  it('leaves nothing behind: the lock is given back, and everything says that it stops', async () => {
    const app = await open();
    await app.start();
    expect(readdirSync(join(folder, 'data'))).toContain('lock');
    await Promise.all([app.close(), app.close()]);
    expect(readdirSync(join(folder, 'data'))).not.toContain('lock');
    expect(app.isReady()).toBe(false);
    await expect(app.engine.status()).rejects.toThrow('the server is stopping');
    await expect(app.reload()).rejects.toThrow(ConfigError);
  });

  it('refuses a data folder that is in use', async () => {
    await (await open()).start();
    const second = await open();
    await expect(second.start()).rejects.toThrow(/in use by this process already/);
    await expect(second.start()).rejects.toBeInstanceOf(StorageError);
  });

  it('refuses a data folder that can\'t be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const app = await open(undefined, { dataDir: join(folder, 'file', 'data') });
    await expect(app.start()).rejects.toThrow(/can't be written: ENOTDIR/);
  });

  it.each(['0.0.0.0', '192.168.7.7', '::', 'metrics.example.com'])('refuses %s without auth, and names the ways out', async (host) => {
    const listen = { host, port: 9700 };
    await expect(open(undefined, { listen })).rejects.toThrow(/listen on 127.0.0.1, .*"auth:".*--allow-anonymous/);
    const guarded = await open('storage: { backend: memory }\nauth: {}', { listen });
    expect(guarded.auth.anonymous).toBeUndefined();
    const free = await open(undefined, { listen, allowAnonymous: true });
    expect(free.auth.anonymous?.roles).toContain('admin');
  });

  it('takes who comes from the own machine for an admin, unless told otherwise', async () => {
    expect((await open()).auth.anonymous?.roles).toContain('admin');
    expect((await open('auth: { anonymous: viewer }')).auth.anonymous?.roles).toEqual(['viewer']);
    expect((await open('auth: { anonymous: none }')).auth.anonymous).toBeUndefined();
  });

  const refused: readonly [what: string, config: string, message: RegExp][] = [
    ['an unknown storage', 'storage: { backend: cloud }', /^.*my.yml:1:10: storage: unknown storage "cloud", known are memory$/],
    ['an unknown discovery', 'storage: { backend: memory }\nscrape_configs:\n  - job_name: a\n    k8s_sd_configs: [{}]', /my.yml:4:22: scrape_configs\[0\].k8s_sd_configs\[0\]: unknown discovery "k8s", known are static$/],
    ['a target that is none', 'storage: { backend: memory }\nscrape_configs:\n  - job_name: a\n    static_configs:\n      - targets: ["http://a/b"]', /my.yml:5:19: scrape_configs\[0\].static_configs\[0\].targets\[0\]: "http:\/\/a\/b" is not an address/],
    ['an unknown notifier', 'receivers: [{ name: a, smoke_configs: [{}] }]', /my.yml:1:40: receivers\[0\].smoke_configs\[0\]: unknown notifier "smoke", known are alertmanager, webhook$/],
    ['a token that is none', 'auth: { tokens: [{ name: a, role: admin, hash: x }] }', /my.yml:1:48: auth.tokens\[0\].hash: is not a token hash/],
    ['a plugin that is not there', 'plugins: [{ path: nowhere.mjs }]', /my.yml:1:19: plugins\[0\].path: there is no file .*nowhere.mjs$/],
    ['a package that is not there', 'plugins: [{ package: metrics-dashboard-plugin-nowhere }]', /my.yml:1:11: plugins\[0\]: plugin metrics-dashboard-plugin-nowhere: there is no package of this name/],
  ];
  it.each(refused)('refuses %s', async (_, config, message) => {
    const start = async (): Promise<void> => (await open(config)).start();
    await expect(start()).rejects.toThrow(message);
    await expect(checkConfig(optionsFor(config))).rejects.toThrow(message);
  });

  it('tells of all kinds that are wrong before anything is opened', async () => {
    const job = 'scrape_configs:\n  - job_name: a\n    scraper: { kind: pigeon }\n    static_configs: [{ targets: 5 }]\n    zookeeper_sd_configs: [{}]\n';
    const config = `storage: { backend: memory }\n${job}receivers: [{ name: a, smoke_configs: [{}] }]\nauth: { tokens: [{ name: a, role: admin, hash: x }] }`;
    const wrong = [/my.yml:5:33: .*targets/, /my.yml:6:/, /unknown discovery "zookeeper"/, /unknown scraper "pigeon"/, /unknown notifier "smoke"/, /not a token hash/];
    for (const message of wrong) {
      await expect(open(config)).rejects.toThrow(message);
      await expect(checkConfig(optionsFor(config))).rejects.toThrow(message);
    }
  });

  it('is content with a configuration that is right, and leaves nothing behind', async () => {
    const config = await checkConfig(optionsFor('storage: { backend: memory }'));
    expect(config.storage.backend.kind).toBe('memory');
    expect(readdirSync(folder)).toEqual(['my.yml']);
  });

  it('goes on without a plugin that breaks, where that is the policy, and shows it', async () => {
    writeFileSync(join(folder, 'broken.mjs'), 'throw new Error("at the top");');
    const logged: unknown[] = [];
    const log: Logger = { ...silentLogger, error: (message, fields) => logged.push([message, fields?.['plugin']]), with: () => log };
    const app = await open('storage: { backend: memory }\nplugins: [{ path: broken.mjs }]', { pluginPolicy: 'continue', log });
    await app.start();
    const failed = (await app.plugins()).filter(({ state }) => state === 'failed');
    expect(failed.map(({ specifier, side, error }) => [specifier, side, error])).toEqual([['./broken.mjs', 'main', 'plugin ./broken.mjs: import it: at the top']]);
    expect(logged).toEqual([['plugin left out', './broken.mjs']]);
  });

  describe('when its configuration is read again', () => {
    const BASE = 'storage: { backend: memory }\n';

    it('takes jobs, limits, users and receivers as they are now', async () => {
      const app = await open(BASE);
      await app.start();
      const hash = `sha256:${createHash('sha256').update('secret').digest('hex')}`;
      configure(`${BASE}
scrape_configs: [{ job_name: a, static_configs: [{ targets: ["127.0.0.1:1"] }] }]
limits: { query_series: 7 }
auth: { anonymous: viewer, tokens: [{ name: ci, role: editor, hash: "${hash}" }] }
receivers: [{ name: team, webhook_configs: [{ url: "http://127.0.0.1:1/" }] }]
`);
      await app.reload();
      expect(app.config().limits.querySeries).toBe(7);
      expect(app.auth.anonymous?.roles).toEqual(['viewer']);
      expect(await app.auth.authenticate({ kind: 'bearer', token: 'secret' }, never)).toMatchObject({ name: 'ci' });
      expect(app.channels.list()).toEqual([{ id: 'team/webhook/0', receiver: 'team', kind: 'webhook' }]);
      await until(() => app.targets.active(), (targets) => targets.length === 1);
    });

    it.each([
      ['can\'t be read', 'limits: { query_series: many }', /my.yml:1:25: limits.query_series: expected a number, met "many"/],
      ['names a kind that is not there', `${BASE}limits: { query_series: 7 }\nscrape_configs: [{ job_name: a, dns_sd_configs: [{}] }]`, /unknown discovery "dns"/],
      ['is not as a kind wants it', `${BASE}scrape_configs: [{ job_name: a, static_configs: [{ targets: 5 }] }]\nauth: { tokens: [{ name: a, role: admin, hash: x }] }`, /targets.*\n.*not a token hash/],
    ])('changes nothing when it %s', async (_, text, message) => {
      const app = await open(BASE);
      await app.start();
      const before = app.config();
      configure(text);
      await expect(app.reload()).rejects.toThrow(message);
      expect(app.config()).toBe(before);
      configure(BASE);
      await app.reload();
    });

    it('warns of what takes effect with the next start', async () => {
      const app = await open(BASE);
      await app.start();
      configure('storage: { backend: memory, more: 1 }\nplugins: [{ package: x }]\n');
      await app.reload();
      expect(app.config().warnings.map((warning) => warning.replace(/^.*\//, ''))).toEqual([
        'my.yml:1: storage: has changed, and takes effect with the next start',
        'my.yml:2: plugins: has changed, and takes effect with the next start',
      ]);
      expect(app.config().plugins).toEqual([]);
    });
  });
});
