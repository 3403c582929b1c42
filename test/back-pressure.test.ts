import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct } from './product.js';
import type { Product } from './product.js';
import { WRITE_HEADERS, writeRequest } from './remote-writer.js';

const STALLING = fileURLToPath(new URL('fixtures/stalling-plugin.mjs', import.meta.url));

/** More than the server holds at once. */
const PUSHES = 150;

interface Outcome {
  readonly n: number;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly seconds: number;
}

describe('when the engine stands still', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ config: `self_scrape: false\nplugins: [{ package: ${STALLING} }]\n` });
  });
  afterAll(() => product?.stop());

  async function push(n: number): Promise<Outcome> {
    const body = await writeRequest([{ labels: { __name__: 'pressed', n: String(n) }, value: n, at: Date.now() }]);
    const start = performance.now();
    const answer = await fetch(`${product.url}/api/v1/write`, { method: 'POST', body, headers: WRITE_HEADERS });
    return { n, status: answer.status, retryAfter: answer.headers.get('retry-after'), seconds: (performance.now() - start) / 1000 };
  }

  it('holds some pushes, asks all others at once to come again, and loses none that it acknowledged', async () => {
    await push(-1);
    const stalled = product.query('stall(vector(1))');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const pushing = Array.from({ length: PUSHES }, (_, n) => push(n));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const [json, otlp, group, metrics] = await Promise.all([
      fetch(`${product.url}/api/v1/push`, { method: 'POST', body: '{"metrics":[]}' }),
      fetch(`${product.url}/api/v1/otlp/v1/metrics`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }),
      fetch(`${product.url}/metrics/job/x`, { method: 'PUT', body: 'a 1\n' }),
      product.get('/metrics').then((answer) => answer.text()),
    ]);
    for (const { status, headers } of [json, otlp, group]) expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(metrics).toMatch(/metrics_dashboard_push_held_bytes [1-9]/);

    const outcomes = await Promise.all(pushing);
    const stored = outcomes.filter(({ status }) => status === 204);
    const sentAway = outcomes.filter(({ status }) => status === 503);
    expect(stored.length + sentAway.length).toBe(PUSHES);
    expect(stored.length).toBeGreaterThanOrEqual(64);
    expect(sentAway.length).toBeGreaterThan(20);
    for (const { retryAfter, seconds } of sentAway) expect([retryAfter, seconds < 2]).toEqual(['1', true]);
    await stalled;
    const found = await product.query('pressed{n!="-1"}');
    expect(found.data.result.map(({ metric }) => Number(metric['n'])).sort((a, b) => a - b)).toEqual(stored.map(({ n }) => n).sort((a, b) => a - b));

    // Whoever comes again is let in.
    for (const { status } of await Promise.all(sentAway.slice(0, 50).map(({ n }) => push(n)))) expect(status).toBe(204);
    const after = await (await product.get('/metrics')).text();
    expect(after).toMatch(new RegExp(`metrics_dashboard_push_requests_total\\{road="remote_write",code="503"\\} ${sentAway.length}\n`));
    expect(after).toMatch(/metrics_dashboard_push_held_bytes 0/);
  });
});
