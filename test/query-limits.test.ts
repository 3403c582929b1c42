import { readFileSync } from 'node:fs';
import { Agent, get as httpGet } from 'node:http';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '@metrics-dashboard/sdk/testing';
import { startProduct } from './product.js';
import type { Product } from './product.js';
import { WRITE_HEADERS, writeRequest } from './remote-writer.js';

const MANY = 100_000;
const WIDE = 4000;
const STEP = 15_000;
const SAMPLES = 60;
const SEED = Number(process.env.QUERY_SEED ?? 20261125);
/** Milliseconds of a tick of the kernel's clock, in which it counts CPU time. */
const TICK = 10;
const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs for many seconds: thousands of windows of thousands of series, each sorted. */
const HEAVY = 'quantile_over_time(0.5, wide[10m])';

// The CPU time of a process is read where Linux keeps it.
describe.skipIf(process.platform !== 'linux')('queries that ask for much', () => {
  let product: Product;
  let end: number;

  beforeAll(async () => {
    product = await startProduct({ config: 'self_scrape: false\nlimits: { series_per_metric: 1000000, query_timeout: 3s }\n' });
    end = Math.floor(Date.now() / STEP) * STEP - STEP;
    for (let from = 0; from < MANY; from += 10_000) {
      await write(Array.from({ length: 10_000 }, (_, i) => ({ labels: { __name__: 'many', i: String(from + i), job: `j${i % 10}` }, value: i, at: end })));
    }
    for (let k = 0; k < SAMPLES; k += 5) {
      const steps = [0, 1, 2, 3, 4].map((more) => end - (SAMPLES - 1 - k - more) * STEP);
      await write(steps.flatMap((at) => Array.from({ length: WIDE }, (_, i) => ({ labels: { __name__: 'wide', i: String(i) }, value: (at / STEP + i * 7) % 100, at }))));
    }
  }, 120_000);
  afterAll(() => product?.stop());

  async function write(samples: Parameters<typeof writeRequest>[0]): Promise<void> {
    const response = await fetch(`${product.url}/api/v1/write`, { method: 'POST', body: await writeRequest(samples), headers: WRITE_HEADERS });
    expect(response.status, await response.text()).toBe(204);
  }

  /** CPU time of the process so far, in milliseconds. */
  function cpu(): number {
    const fields = readFileSync(`/proc/${product.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK;
  }

  interface Answered {
    readonly status: number;
    readonly error: string;
    readonly errorType: string;
    readonly took: number;
  }

  async function ask(query: string, signal?: AbortSignal, more: Record<string, string> = {}): Promise<Answered> {
    const begun = performance.now();
    const body = new URLSearchParams({ query, start: String(end / 1000 - 600), end: String(end / 1000), step: '1', ...more });
    const response = await fetch(`${product.url}/api/v1/query_range`, { method: 'POST', body, ...(signal && { signal }) });
    const { error = '', errorType = '' } = (await response.json()) as { error?: string; errorType?: string };
    return { status: response.status, error, errorType, took: performance.now() - begun };
  }

  /** CPU time in a second that begins a second from now. */
  async function cpuLater(): Promise<number> {
    await sleep(1000);
    const before = cpu();
    await sleep(1000);
    return cpu() - before;
  }

  it.each(['many', 'count({__name__=~"man.+"})', 'rate({job=~"j.*"}[5m])'])('are refused before the work when they select too many series: %s', async (query) => {
    const first = await ask(query);
    expect(first).toMatchObject({ status: 422, errorType: 'execution', error: 'limits.query_series is 50000, the query selects at least 50001 series; narrow its matchers' });
    const before = cpu();
    const took: number[] = [];
    for (let i = 0; i < 5; i++) took.push((await ask(query)).took);
    expect((cpu() - before) / 5).toBeLessThanOrEqual(50);
    expect(Math.min(...took)).toBeLessThanOrEqual(100);
  });

  it('end within a second of their timeout, and their work with them', async () => {
    const { status, errorType, error, took } = await ask(HEAVY, undefined, { timeout: '1s' });
    expect({ status, errorType, error }).toEqual({ status: 503, errorType: 'timeout', error: 'query timed out after 1000 ms' });
    expect(took).toBeLessThan(2000);
    expect(await cpuLater()).toBeLessThan(300);
  });

  it('end when the client hangs up, over HTTP and over GraphQL', async () => {
    const graphql = async (signal: AbortSignal): Promise<unknown> => {
      const query = `{ range(query: "${HEAVY}", start: ${end - 600_000}, end: ${end}, step: 1000) { step } }`;
      return fetch(`${product.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }), signal });
    };
    for (const send of [(signal: AbortSignal): Promise<unknown> => ask(HEAVY, signal), graphql]) {
      const leaving = new AbortController();
      const before = cpu();
      const asked = send(leaving.signal);
      await sleep(500);
      leaving.abort();
      await expect(asked).rejects.toThrow();
      expect(cpu() - before).toBeGreaterThan(50);
      expect(await cpuLater()).toBeLessThan(300);
    }
  });

  it('end at the configured timeout where they name none, over GraphQL as well', async () => {
    const query = `{ range(query: "${HEAVY}", start: ${end - 600_000}, end: ${end}, step: 200) { step } }`;
    await expect(product.graphql(query)).rejects.toThrow(/query timed out after 3000 ms/);
  });

  it('leave the main thread free, and samples go on coming in', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ping = (): Promise<number> =>
      new Promise((resolve, reject) => {
        const begun = performance.now();
        httpGet(`${product.url}/-/healthy`, { agent }, (response) => response.resume().on('end', () => resolve(performance.now() - begun))).on('error', reject);
      });
    const delays = async (milliseconds: number): Promise<number[]> => {
      const taken: number[] = [];
      for (const until = performance.now() + milliseconds; performance.now() < until; ) {
        taken.push(await ping());
        await sleep(2);
      }
      return taken.sort((a, b) => a - b);
    };
    const p99 = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length * 0.99)] ?? Infinity;
    // As busy as a query makes the machine, and none of it in the server.
    const burner = new Worker('for (;;);', { eval: true });
    const idle = p99(await delays(2000));
    await burner.terminate();
    const leaving = new AbortController();
    const heavy = ask(HEAVY, leaving.signal).catch(() => undefined);
    let written = 0;
    const ingest = (async () => {
      for (; written < 10; written++) await write([{ labels: { __name__: 'meanwhile' }, value: written, at: end + written }]);
    })();
    // What the query does to the main thread, it does all the time; what others do to the machine, they do now and then.
    const busy = Math.min(p99(await delays(900)), p99(await delays(900)), p99(await delays(900)));
    leaving.abort();
    await Promise.all([heavy, ingest]);
    agent.destroy();
    expect(written).toBe(10);
    expect(busy).toBeLessThan(Math.max(20, 3 * idle));
  });

  it(`are answered with an error and its place when they are broken, and cost little (seed ${SEED})`, async () => {
    const dice = new Random(SEED);
    const tokens = 'sum by ( ) { } [ ] a rate offset @ 5m 1 "x" \' ` =~ = != + - * ^ / % == bool and or unless on ignoring group_left , : start() without topk inf nan 0x1 1e999 é 😀 # label_replace .* (a+)+$ fill anchored step() __name__'.split(' ');
    for (let round = 0; round < 300; round++) {
      const text = Array.from({ length: 1 + dice.below(dice.pick([5, 20, 100])) }, () => dice.pick(tokens)).join(dice.pick(['', ' ']));
      const { status, error } = await ask(text);
      expect([200, 400, 422], `seed ${SEED}, round ${round}: ${text}: ${error}`).toContain(status);
      if (status === 400) expect(error, `seed ${SEED}, round ${round}: ${text}`).toMatch(/\d+:\d+|invalid expression type/);
    }
  });

  it.each([
    ['100,000 parentheses', '('.repeat(100_000)],
    ['90,000 signs', '-'.repeat(90_000) + '1'],
    ['a sum of 30,000', Array.from({ length: 30_000 }, () => '1').join('+')],
    ['150 nested subqueries', 'max_over_time('.repeat(150) + 'wide' + '[5m:1s])'.repeat(150)],
    ['braces', '{'.repeat(50_000)],
    ['repetitions of repetitions', '{i=~"(x{1000}){1000}"}'],
    ['2,000 groups', `{i=~"${'(a|'.repeat(2000)}b${')'.repeat(2000)}"}`],
    ['a megabyte', 'a'.repeat(1_000_000)],
    ['a megabyte of sums', 'a+'.repeat(500_000)],
    ['a text without an end', `"${'a'.repeat(99_000)}`],
  ])('are answered with an error and its place when they are hostile: %s', async (_name, text) => {
    await ask(text);
    const before = cpu();
    const { status, error } = await ask(text);
    expect(status).toBe(400);
    expect(error).toMatch(/1:\d+: /);
    expect(cpu() - before).toBeLessThanOrEqual(100 + TICK);
  });

  it.each(['{i=~"(a+)+$",__name__="wide"}', '{__name__="wide",i=~"(.*.*.*.*.*.*.*.*)x"}', 'label_replace(wide{i=~"1.*"}, "a", "$1", "i", "(a|b|ab)*c")'])('with regular expressions that could take for ever, take as long as others: %s', async (text) => {
    expect((await ask(text, undefined, { step: '60' })).status).toBe(200);
  });

  it('leave the server as it was', async () => {
    expect(await (await product.get('/metrics')).text()).toMatch(/^metrics_dashboard_engine_restarts_total 0$/m);
    expect((await product.query('count(wide)', end)).data.result[0]?.value[1]).toBe(String(WIDE));
  });
});
