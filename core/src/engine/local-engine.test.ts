import { fileURLToPath } from 'node:url';
import { ConfigError, UnavailableError } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, silentLogger } from '@metrics-dashboard/sdk/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { SourceOptions } from '../ingest/delivery.js';
import type { PluginConfig } from '../plugin/plugin-config.js';
import { openLocalEngine } from './local-engine.js';
import type { EngineOptions, LocalEngine } from './local-engine.js';

const T0 = 1_700_000_000_000;
const SIGNAL = new AbortController().signal;
const NOWHERE = { file: undefined, path: 'storage', line: undefined, column: undefined };

describe('the engine on this thread', () => {
  const opened: LocalEngine[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((engine) => engine.close()));
  });

  async function open(options: Partial<EngineOptions> = {}) {
    const metrics = new Registry();
    const engine = await openLocalEngine({ ...engineOptions(metrics), ...options });
    opened.push(engine);
    return { engine, metrics };
  }

  it('takes in a scrape and answers a query about it', async () => {
    const { engine, metrics } = await open();
    const id = await engine.openSource(scrapeSource);
    const report = await engine.ingest(id, delivery('# HELP a Helpful.\n# TYPE a counter\na{x="1"} 4\n'));
    expect(report).toMatchObject({ accepted: 1, error: undefined });
    const result = await engine.query({ expression: 'a', time: { kind: 'instant', at: T0 } }, SIGNAL);
    expect(result).toMatchObject({ type: 'vector', text: undefined });
    expect([...result.values]).toEqual([4]);
    const json = await engine.queryJson({ expression: 'a', time: { kind: 'instant', at: T0 } }, SIGNAL);
    expect(JSON.parse(Buffer.from(json).toString())).toEqual({
      status: 'success',
      data: { resultType: 'vector', result: [{ metric: { __name__: 'a', job: 'j', x: '1' }, value: [1_700_000_000, '4'] }] },
    });
    expect(await engine.metadata('a', 10)).toEqual({
      values: [{ metric: 'a', type: 'counter', help: 'Helpful.', unit: '' }],
      truncated: false,
    });
    const text = await metrics.metrics();
    expect(text).toContain('metrics_dashboard_ingest_samples_total{source="scrape"} 1');
    expect(text).toContain('metrics_dashboard_query_duration_seconds_count{kind="instant"} 2');
  });

  it('keeps exemplars of what was scraped, and finds them by an expression', async () => {
    const { engine } = await open();
    const id = await engine.openSource(scrapeSource);
    const body = '# TYPE a counter\na_total{x="1"} 4 # {trace_id="t1"} 0.5 1700000000.25\na_total{x="2"} 5 # {trace_id="t2"} 1\n# EOF\n';
    const scrape = delivery(body);
    await engine.ingest(id, { ...scrape, outcome: { ...scrape.outcome, contentType: 'application/openmetrics-text; version=1.0.0' } });
    const json = Buffer.from(await engine.exemplarsJson({ expression: 'rate(a_total[5m])', range: { start: 0, end: 1e15 } })).toString();
    const labels = (x: string): object => ({ __name__: 'a_total', job: 'j', x });
    expect(JSON.parse(json)).toEqual({
      status: 'success',
      data: [
        { seriesLabels: labels('1'), exemplars: [{ labels: { trace_id: 't1' }, value: '0.5', timestamp: 1_700_000_000.25 }] },
        { seriesLabels: labels('2'), exemplars: [{ labels: { trace_id: 't2' }, value: '1', timestamp: 1_700_000_000 }] },
      ],
    });
  });

  it('counts what was refused by reason, in its status and its metrics', async () => {
    const { engine, metrics } = await open({ limits: { ...LIMITS, seriesPerMetric: 1 } });
    const id = await engine.openSource(scrapeSource);
    await engine.ingest(id, delivery('a{x="1"} 4\na{x="2"} 4\n'));
    expect((await engine.status()).refused).toEqual({ cardinality_limit: 1 });
    expect(await metrics.metrics()).toContain('metrics_dashboard_ingest_refused_samples_total{reason="cardinality_limit"} 1');
    await engine.configure({ ...LIMITS, seriesPerMetric: 2 });
    expect(await engine.ingest(id, delivery('a{x="1"} 4\na{x="2"} 4\n'))).toMatchObject({ accepted: 2 });
  });

  it('names its plugins and what targets are asked for', async () => {
    const { engine } = await open();
    expect((await engine.plugins()).map(({ id, state }) => [id, state])).toEqual([
      ['exposition-text', 'active'],
      ['test-storage', 'active'],
    ]);
    expect(await engine.acceptHeader()).toMatch(/^application\/openmetrics-text;version=1\.0\.0.*\*\/\*;q=0\.1$/);
  });

  const offering = (name: string): readonly PluginConfig[] => [
    ...engineOptions(new Registry()).plugins,
    { ...plugin('./fixtures/aggregation.plugin.mjs'), config: { name } },
  ];

  it.each(['rate', 'mad', 'mad_over_time', 'topk', 'unless', 'scalar'])('leaves out a plugin that offers %s, which the language has, and names it', async (name) => {
    const { engine } = await open({ plugins: offering(name), pluginPolicy: 'continue' });
    const told = `plugin namer: offers the aggregation ${JSON.stringify(name)}, a name that the query language has already`;
    expect((await engine.plugins()).map(({ id, state, error }) => [id, state, error])).toContainEqual(['namer', 'failed', told]);
    await expect(openLocalEngine({ ...engineOptions(new Registry()), plugins: offering(name) })).rejects.toThrow(told);
  });

  it('takes an aggregation under a name that is free', async () => {
    const { engine } = await open({ plugins: offering('answer') });
    const result = await engine.query({ expression: 'answer(vector(1))', time: { kind: 'instant', at: T0 } }, SIGNAL);
    expect([...result.values]).toEqual([42]);
  });

  it('does not open on a storage that no plugin offers', async () => {
    const opening = openLocalEngine({ ...engineOptions(new Registry()), storage: { kind: 'papyrus', config: {}, at: NOWHERE } });
    await expect(opening).rejects.toThrow(ConfigError);
    await expect(opening).rejects.toThrow('unknown storage "papyrus", known are memory');
  });

  it('is closed for good, and twice without harm', async () => {
    const { engine } = await open();
    await engine.close();
    await engine.close();
    await expect(engine.status()).rejects.toThrow(UnavailableError);
  });
});

const LIMITS = {
  seriesPerMetric: 100,
  seriesPerMetricPolicy: 'reject',
  querySeries: 1000,
  querySamples: 100_000,
  queryTimeout: 10_000,
} as const;

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

function delivery(body: string) {
  return {
    at: T0,
    seconds: 0.1,
    outcome: { ok: true, contentType: 'text/plain; version=0.0.4', body: new TextEncoder().encode(body) },
  } as const;
}

function engineOptions(metrics: Registry): EngineOptions {
  return {
    plugins: [plugin('../../../plugins/exposition-text/src/index.ts'), plugin('./fixtures/memory-storage.plugin.mjs')],
    pluginPolicy: 'abort',
    storage: { kind: 'memory', config: {}, at: NOWHERE },
    dataDir: '/nowhere',
    limits: LIMITS,
    metrics,
    log: silentLogger,
    clock: new ManualClock(T0),
  };
}

function plugin(path: string): PluginConfig {
  return { specifier: fileURLToPath(new URL(path, import.meta.url)), from: import.meta.url, config: undefined, at: NOWHERE };
}
