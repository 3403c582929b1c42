import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';

const EXPLORE = `{ cardinality(metric: "orders_total") {
  series limits { seriesPerMetric } metrics { metric series uses { title } } labels { label values } pairs { label value series }
  near { limit metric met allowed } refused { limit metric series } } }`;

interface Explored {
  readonly cardinality: {
    readonly series: number;
    readonly limits: { readonly seriesPerMetric: number };
    readonly metrics: readonly { readonly metric: string; readonly series: number }[];
    readonly labels: readonly { readonly label: string; readonly values: number }[];
    readonly near: readonly object[];
    readonly refused: readonly object[];
  };
}

describe('the cardinality explorer', () => {
  const folder = temporaryFolder();
  const file = join(folder.path, 'own.yml');
  const configure = (seriesPerMetric: number): void => writeFileSync(file, `limits: { series_per_metric: ${seriesPerMetric} }\nglobal: { scrape_interval: 1s }\n`);
  const start = (): Promise<Product> => startProduct({ dataDir: join(folder.path, 'data'), args: ['--config', file] });
  let product: Product | undefined;

  afterAll(async () => {
    await product?.stop();
    folder.remove();
  });

  async function push(from: number, to: number): Promise<number> {
    const samples = Array.from({ length: to - from }, (_, i) => ({ labels: { customer: String(from + i), shop: String((from + i) % 3) }, value: 1 }));
    const body = JSON.stringify({ job: 'shop', metrics: [{ name: 'orders_total', type: 'counter', samples }] });
    const answer = await fetch(`${product?.url}/api/v1/push`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return ((await answer.json()) as { rejected: unknown[] }).rejected.length;
  }

  const explore = async (): Promise<Explored['cardinality']> => {
    if (product === undefined) throw new Error('not started');
    return (await product.graphql<Explored>(EXPLORE)).cardinality;
  };

  it('warns before a limit is met, and tells what was refused', { timeout: 60_000 }, async () => {
    configure(100);
    product = await start();
    expect(await push(0, 85)).toBe(0);
    expect(await explore()).toMatchObject({ series: 85, near: [{ limit: 'series_per_metric', metric: 'orders_total', met: 85, allowed: 100 }], refused: [] });
    expect(product.log()).toContain('nearly as many series as limits.series_per_metric allows');
    expect(await push(0, 120)).toBe(20);
    const report = await explore();
    expect(report).toMatchObject({ series: 100, limits: { seriesPerMetric: 100 }, refused: [{ limit: 'series_per_metric', metric: 'orders_total', series: 20 }] });
    expect(report.labels).toContainEqual({ label: 'customer', values: 100 });
  });

  it('counts right after a restart: what was there goes on, what is new is refused', { timeout: 60_000 }, async () => {
    await product?.kill();
    product = await start();
    expect((await explore()).metrics).toMatchObject([{ metric: 'orders_total', series: 100 }]);
    expect(await push(0, 120)).toBe(20);
  });

  it('takes new limits with a reload', { timeout: 60_000 }, async () => {
    configure(110);
    expect((await fetch(`${product?.url}/-/reload`, { method: 'POST' })).status).toBe(200);
    expect(await push(0, 120)).toBe(10);
    expect((await explore()).limits.seriesPerMetric).toBe(110);
  });

  it('works out what a limit or a rule would save, and what would miss it', { timeout: 60_000 }, async () => {
    const forecast = (change: string): Promise<object> =>
      product?.graphql(`{ cardinalityForecast(change: ${change}) { before after dropped merged refused metrics { metric refused merged dropped uses { kind id } } } }`) ?? Promise.reject(new Error());
    const metric = { metric: 'orders_total', refused: 100, merged: 0, dropped: 0, uses: [] };
    expect(await forecast('{ seriesPerMetric: 10 }')).toMatchObject({ cardinalityForecast: { metrics: expect.arrayContaining([metric]) as unknown } });
    expect(await forecast('{ relabel: [{ action: "labeldrop", regex: "customer" }], selector: "{job=\\"shop\\"}" }')).toMatchObject({ cardinalityForecast: { merged: 107, metrics: [{ metric: 'orders_total', merged: 107 }] } });
    expect(await forecast('{ relabel: [{ action: "drop", sourceLabels: ["customer"], regex: "1.?" }] }')).toMatchObject({ cardinalityForecast: { dropped: 11, metrics: [{ metric: 'orders_total', dropped: 11 }] } });
    await expect(forecast('{ relabel: [{ action: "drop", regex: "(" }] }')).rejects.toThrow(/relabel\[0\]\.regex/);
    const home = '{ cardinality(metric: "metrics_dashboard_storage_head_series") { metrics { uses { kind id } } } }';
    await eventually(async () => {
      const { cardinality } = (await product?.graphql<Explored>(home)) ?? { cardinality: { metrics: [] } };
      return JSON.stringify(cardinality.metrics[0] ?? '').includes('{"kind":"DASHBOARD","id":"home"}');
    }, 'the home dashboard is told of as a user of its metrics');
  });

  it('shows how many series there were, since the server scrapes itself', { timeout: 60_000 }, async () => {
    await eventually(async () => {
      const { cardinalityGrowth } = (await product?.graphql<{ cardinalityGrowth: { values: number[] } }>('{ cardinalityGrowth(metric: "orders_total", window: "1m") { times values } }')) ?? { cardinalityGrowth: { values: [] } };
      return cardinalityGrowth.values.at(-1) === 110;
    }, 'the growth has come to what is there');
  });
});
