import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, InvariantError, ParseError, UnavailableError } from '@metrics-dashboard/sdk';
import type { LogFields, Logger } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { afterEach, describe, expect, it } from 'vitest';
import type { SourceOptions } from '../ingest/delivery.js';
import type { PluginConfig } from '../plugin/plugin-config.js';
import { systemClock } from '../runtime/system-clock.js';
import type { Engine } from './engine.js';
import { openWorkerEngine } from './worker-engine.js';
import type { WorkerEngineOptions } from './start-thread.js';

const SIGNAL = new AbortController().signal;
const NOWHERE = { file: undefined, path: 'storage', line: undefined, column: undefined };

// A thread runs what is built: `npm run build` comes first.
const door = new URL('../../dist/engine/engine.worker.js', import.meta.url);
const textPlugin = new URL('../../../plugins/exposition-text/dist/index.js', import.meta.url);
const storagePlugin = new URL('../../../plugins/storage-tsdb/dist/index.js', import.meta.url);
const isBuilt = existsSync(door) && existsSync(textPlugin);

describe.skipIf(!isBuilt)('the engine on a thread of its own (what is built)', () => {
  const opened: Engine[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((engine) => engine.close()));
  });

  async function open(options: Partial<WorkerEngineOptions> = {}) {
    const log = capturingLogger();
    const metrics = new Registry();
    const engine = await openWorkerEngine({ ...engineOptions(metrics, log.logger), ...options });
    opened.push(engine);
    return { engine, metrics, lines: log.lines };
  }

  it('takes in a scrape, answers a query about it, and counts in the registry of main', async () => {
    const { engine, metrics } = await open();
    const at = Date.now();
    const id = await engine.openSource(scrapeSource);
    expect(await engine.ingest(id, delivery('a{x="1"} 4\n', at))).toMatchObject({ accepted: 1, error: undefined });
    const result = await engine.query({ expression: 'a', time: { kind: 'instant', at } }, SIGNAL);
    expect(result.series).toEqual([
      [
        { name: '__name__', value: 'a' },
        { name: 'job', value: 'j' },
        { name: 'x', value: '1' },
      ],
    ]);
    expect([...result.values]).toEqual([4]);
    const json = await engine.queryJson({ expression: 'a', time: { kind: 'instant', at } }, SIGNAL);
    expect(Buffer.from(json).toString()).toContain('"4"');
    const explanation = await engine.explain({ expression: 'abs(a)', time: { kind: 'instant', at }, run: true }, SIGNAL);
    expect(explanation.operators.map(({ operator, depth, series }) => [operator, depth, series])).toEqual([['abs()', 0, 1], ['select {__name__="a"}', 1, 1]]);
    expect(await engine.formatExpression('abs( a )')).toBe('abs(a)');
    expect(JSON.parse(await engine.syntaxTree('1'))).toEqual({ type: 'numberLiteral', val: '1' });
    expect(await metrics.metrics()).toContain('metrics_dashboard_ingest_samples_total{source="scrape"} 1');
    expect(await engine.status()).toMatchObject({ thread: 'worker', restarts: 0 });
    expect(await engine.acceptHeader()).toContain('openmetrics');
  });

  it('moves the body and copies only what is a part of a larger buffer', async () => {
    const { engine } = await open();
    const id = await engine.openSource(scrapeSource);
    const whole = delivery('a 1\n', Date.now());
    await engine.ingest(id, whole);
    expect(whole.outcome.body.byteLength).toBe(0);
    const large = new TextEncoder().encode('rest a 2\n');
    const part = delivery('', Date.now());
    await engine.ingest(id, { ...part, outcome: { ...part.outcome, body: large.subarray(5) } });
    expect(large.byteLength).toBe(9);
  });

  it('rejects with the errors of the house, as they were thrown', async () => {
    const { engine } = await open();
    const error: unknown = await engine
      .query({ expression: 'sum by (', time: { kind: 'instant', at: 0 } }, SIGNAL)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ParseError);
    expect((error as ParseError).position).toMatchObject({ line: 1 });
    await expect(engine.ingest(77 as never, delivery('a 1\n', 0))).rejects.toThrow(InvariantError);
  });

  it('does not open with a bad configuration, and says what is bad', async () => {
    const { logger } = capturingLogger();
    const options = engineOptions(new Registry(), logger);
    await expect(openWorkerEngine({ ...options, storage: { kind: 'papyrus', config: {}, at: NOWHERE } })).rejects.toThrow(ConfigError);
    const missing = { specifier: './missing.js', from: import.meta.url, config: undefined, at: NOWHERE };
    await expect(openWorkerEngine({ ...options, plugins: [missing] })).rejects.toThrow(ConfigError);
  });

  it('gives up to open when it is told to, and leaves no thread', async () => {
    const controller = new AbortController();
    const { logger } = capturingLogger();
    const opening = openWorkerEngine({ ...engineOptions(new Registry(), logger), signal: controller.signal });
    controller.abort();
    await expect(opening).rejects.toThrow(new UnavailableError('the engine is closed'));
    await expect(openWorkerEngine({ ...engineOptions(new Registry(), logger), signal: controller.signal })).rejects.toThrow(UnavailableError);
  });

  it('rejects a query with the reason it was aborted for', async () => {
    const { engine } = await open();
    const controller = new AbortController();
    const asked = engine.query({ expression: 'a', time: { kind: 'instant', at: 0 } }, controller.signal);
    controller.abort(new Error('closed the tab'));
    await expect(asked).rejects.toThrow('closed the tab');
  });

  it.each([
    ['throws', 'text/throw', 'out of patience'],
    ['runs out of memory', 'text/hoard', 'memory'],
    ['hangs', 'text/hang', 'the thread hung, it has not given its loop back for 3 s'],
  ])('names it, answers unavailable and goes on with its sources when the thread %s', async (_, contentType, named) => {
    const { engine, lines, metrics } = await open({ heapMegabytes: 64, ...(contentType === 'text/hang' ? { patience: 3000 } : {}) });
    const id = await engine.openSource(scrapeSource);
    const poison = delivery('x', Date.now());
    const dying = engine.ingest(id, { ...poison, outcome: { ...poison.outcome, contentType } });
    await dying.catch(() => {});
    await untilRejects(() => engine.status());
    await expect(engine.ingest(id, delivery('a 1\n', Date.now()))).rejects.toThrow(UnavailableError);
    await untilResolves(() => engine.status());
    expect(lines.join('\n')).toContain('engine thread died, restarting it');
    expect(lines.join('\n')).toContain(named);
    // The stack leads into the plugin's file where something was thrown.
    if (contentType === 'text/throw') expect(lines.join('\n')).toContain('plugin=unruly\n');
    expect(await engine.ingest(id, delivery('a 1\n', Date.now()))).toMatchObject({ accepted: 1 });
    expect(await engine.status()).toMatchObject({ restarts: 1 });
    expect(await metrics.metrics()).toContain('metrics_dashboard_engine_restarts_total 1');
  });

  it.skipIf(!existsSync(storagePlugin))('loses nothing that was acknowledged when the thread dies again and again', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'worker-engine-'));
    try {
      const plugins = [fileURLToPath(textPlugin), fileURLToPath(storagePlugin), './fixtures/unruly.plugin.mjs'].map(plugin);
      const { engine } = await open({ plugins, dataDir, storage: { kind: 'tsdb', config: {}, at: NOWHERE } });
      const id = await engine.openSource({ ...scrapeSource, kind: 'push' });
      const start = Date.now() - 100_000;
      let acknowledged = 0;
      for (let i = 0; i < 60; i++) {
        if (i % 20 === 10) {
          const poison = delivery('x', start);
          void engine.ingest(id, { ...poison, outcome: { ...poison.outcome, contentType: 'text/throw' } }).catch(() => {});
        }
        const stored = await engine.ingest(id, delivery(`a ${i}\n`, start + i * 1000)).then(
          () => true,
          () => false,
        );
        if (stored) acknowledged++;
        else await untilResolves(() => engine.status());
      }
      const result = await engine.query({ expression: 'a[10m]', time: { kind: 'instant', at: Date.now() } }, SIGNAL);
      expect(result.values.length).toBeGreaterThanOrEqual(acknowledged);
      expect(acknowledged).toBeGreaterThan(50);
      expect((await engine.status()).restarts).toBe(3);
    } finally {
      await Promise.all(opened.splice(0).map((engine) => engine.close()));
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it('is closed for good, and twice without harm', async () => {
    const { engine } = await open();
    const before = process.getActiveResourcesInfo();
    await engine.close();
    await engine.close();
    // Neither the thread nor a timer keeps the process.
    expect(process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length).toBeLessThanOrEqual(before.filter((what) => what === 'Timeout').length);
    await expect(engine.status()).rejects.toThrow(UnavailableError);
  });
});

/** Real time passes: a real thread dies and starts. */
async function untilResolves(ask: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await ask().then(() => true, () => false)) return;
    await systemClock.sleep(25, SIGNAL);
  }
  throw new Error('never answered');
}

async function untilRejects(ask: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 4000; attempt++) {
    if (await ask().then(() => false, () => true)) return;
    await systemClock.sleep(1, SIGNAL);
  }
  throw new Error('never rejected');
}

function capturingLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const write = (message: string, fields?: LogFields): void => {
    const error = fields?.['error'];
    const plugin = fields?.['plugin'];
    if (typeof plugin === 'string') lines.push(`plugin=${plugin}`);
    lines.push(`${message} ${error instanceof Error ? error.message : JSON.stringify(fields)}`);
  };
  const logger: Logger = { debug: write, info: write, warn: write, error: write, with: () => logger };
  return { logger, lines };
}

const scrapeSource: SourceOptions = {
  name: 'test',
  kind: 'scrape',
  labels: [{ name: 'job', value: 'j' }],
  honorLabels: false,
  honorTimestamps: true,
  relabel: [],
  sampleLimit: 0,
  nameValidation: 'utf8',
  fallbackContentType: undefined,
};

function delivery(body: string, at: number) {
  return {
    at,
    seconds: 0.1,
    outcome: { ok: true, contentType: 'text/plain; version=0.0.4', body: new TextEncoder().encode(body) },
  } as const;
}

function engineOptions(metrics: Registry, log: Logger): WorkerEngineOptions {
  return {
    plugins: [fileURLToPath(textPlugin), './fixtures/memory-storage.plugin.mjs', './fixtures/unruly.plugin.mjs'].map(plugin),
    pluginPolicy: 'abort',
    storage: { kind: 'memory', config: {}, at: NOWHERE },
    dataDir: '/nowhere',
    limits: {
      seriesPerMetric: 100,
      seriesPerMetricPolicy: 'reject',
      querySeries: 1000,
      querySamples: 100_000,
      queryTimeout: 10_000,
    },
    metrics,
    log,
    clock: systemClock,
    door,
    // The tests' own arguments lead to the sources.
    execArgv: [],
  };
}

function plugin(specifier: string): PluginConfig {
  return { specifier, from: import.meta.url, config: undefined, at: NOWHERE };
}
