import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';
import { WRITE_HEADERS, writeRequest } from './remote-writer.js';
import type { WrittenSample } from './remote-writer.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const WINDOW = 5 * MINUTE;
const RAW = 2 * HOUR;
const SPAN = 12 * HOUR;
const STEP = 15 * SECOND;
/** Steps in one request. */
const BATCH = 120;

const CONFIG = 'self_scrape: false\nstorage:\n';
const ROLLED_UP = `${CONFIG}  retention: 2h\n  rollups: [{ resolution: 5m, retention: 1y }]\n`;
const ALL_RAW = `${CONFIG}  retention: 100y\n  rollups: []\n`;

const BOUNDS = ['0.1', '0.3', '1', '3', '+Inf'];

/** Gauges, counters that are reset now and then, and a histogram; twelve hours of them, each 15 seconds, with some jitter. */
class Source {
  readonly #state = new Map<string, number>();
  #dice = 42;

  at(step: number, start: number): WrittenSample[] {
    const at = start + step * STEP + Math.floor(this.#random() * 20);
    const samples: WrittenSample[] = [];
    const add = (name: string, labels: Record<string, string>, value: number): void => {
      samples.push({ labels: { __name__: name, ...labels }, value, at });
    };
    for (let i = 0; i < 4; i++) add('temperature', { room: String(i) }, Math.round((20 + i + 5 * Math.sin((step + i * 100) / 400) + this.#random()) * 100) / 100);
    for (let i = 0; i < 4; i++) add('requests_total', { server: String(i) }, this.#count(`r${i}`, 20 + 10 * Math.sin(step / 300), i === 0 && step % 700 === 699));
    for (const instance of ['a', 'b']) {
      let below = 0;
      BOUNDS.forEach((le, i) => {
        const share = [0.2, 0.4, 0.25, 0.1, 0.05][i] as number;
        below += this.#count(`h${instance}${le}`, 40 * share * (1 + 0.3 * Math.sin(step / 500)), false);
        add('latency_bucket', { instance, le }, below);
      });
    }
    return samples;
  }

  #count(key: string, mean: number, isReset: boolean): number {
    const next = (isReset ? 0 : (this.#state.get(key) ?? 0)) + Math.round(mean * (0.5 + this.#random()));
    this.#state.set(key, next);
    return next;
  }

  #random(): number {
    this.#dice = (Math.imul(this.#dice, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#dice / 2 ** 32;
  }
}

let folder: ReturnType<typeof temporaryFolder>;
let rolled: Product;
let raw: Product;
/** On the grid of windows. */
let start: number;
let end: number;

const dataDir = (): string => join(folder.path, 'rolled');
const startRolled = (): Promise<Product> => startProduct({ dataDir: dataDir(), config: ROLLED_UP });

beforeAll(async () => {
  folder = temporaryFolder();
  [rolled, raw] = await Promise.all([startRolled(), startProduct({ config: ALL_RAW })]);
  end = Math.floor(Date.now() / WINDOW) * WINDOW;
  start = end - SPAN;
  const source = new Source();
  for (let from = 0; from * STEP < SPAN; from += BATCH) {
    const samples: WrittenSample[] = [];
    for (let step = from; step < from + BATCH; step++) samples.push(...source.at(step, start));
    await Promise.all([send(rolled, samples), send(raw, samples)]);
    if (from % (BATCH * 8) === 0) await flush(rolled);
  }
  await flush(rolled);
}, 60_000);

afterAll(async () => {
  await Promise.all([rolled.kill(), raw.kill()]);
  folder.remove();
});

async function send(product: Product, samples: readonly WrittenSample[]): Promise<void> {
  const answer = await fetch(`${product.url}/api/v1/write`, { method: 'POST', headers: WRITE_HEADERS, body: await writeRequest(samples) });
  if (!answer.ok) throw new Error(`status ${answer.status}: ${await answer.text()}`);
}

async function flush(product: Product): Promise<void> {
  expect((await fetch(`${product.url}/api/v1/admin/flush`, { method: 'POST' })).status).toBe(200);
}

type Values = Map<string, number>;

/** The values of a range query by series and time. */
async function valuesOf(product: Product, expression: string): Promise<Values> {
  const range = `start=${(start + HOUR) / 1000}&end=${end / 1000}&step=300`;
  const answer = await product.get(`/api/v1/query_range?query=${encodeURIComponent(expression)}&${range}`);
  const { data } = (await answer.json()) as { data: { result: { metric: Record<string, string>; values: [number, string][] }[] } };
  const values: Values = new Map();
  for (const { metric, values: points } of data.result) {
    for (const [at, value] of points) values.set(`${JSON.stringify(metric)} ${at}`, Number(value));
  }
  return values;
}

async function expectSame(expression: string, tolerance: number): Promise<void> {
  const [got, wanted] = await Promise.all([valuesOf(rolled, expression), valuesOf(raw, expression)]);
  expect([...got.keys()].sort()).toEqual([...wanted.keys()].sort());
  expect(wanted.size).toBeGreaterThan(100);
  const off = [...wanted].filter(([key, value]) => Math.abs((got.get(key) as number) - value) > tolerance * Math.max(Math.abs(value), 1e-9));
  expect(off.map(([key, value]) => `${key}: ${got.get(key)}, expected ${value}`)).toEqual([]);
}

const EXACT = 1e-9;
const CLOSE = 0.02;

const QUESTIONS: readonly (readonly [expression: string, tolerance: number])[] = [
  ...['sum', 'count', 'min', 'max', 'avg'].flatMap((name): [string, number][] => [
    [`${name}_over_time(temperature[5m])`, EXACT],
    [`${name}_over_time(temperature[1h])`, EXACT],
    [`${name}_over_time(requests_total[5m])`, EXACT],
  ]),
  ['sum by (room) (sum_over_time(temperature[30m]))', EXACT],
  ['temperature', EXACT],
  ['rate(requests_total[5m])', CLOSE],
  ['increase(requests_total[5m])', CLOSE],
  ['increase(requests_total[1h])', CLOSE],
  ['sum(rate(requests_total[30m]))', CLOSE],
  ['histogram_quantile(0.5, sum by (le) (rate(latency_bucket[5m])))', CLOSE],
  ['histogram_quantile(0.9, sum by (le) (rate(latency_bucket[5m])))', CLOSE],
  ['histogram_quantile(0.99, rate(latency_bucket[10m]))', CLOSE],
];

/** The oldest raw sample in blocks, and the bytes of the log. */
function onDisk(): { oldest: number; logBytes: number } {
  const blocks = join(dataDir(), 'tsdb/blocks');
  const oldest = readdirSync(blocks).map((id) => (JSON.parse(readFileSync(join(blocks, id, 'meta.json'), 'utf8')) as { minTime: number }).minTime);
  const log = join(dataDir(), 'tsdb/wal');
  const segments = existsSync(log) ? readdirSync(log).filter((name) => /^\d+$/.test(name)) : [];
  return { oldest: Math.min(...oldest), logBytes: segments.reduce((sum, name) => sum + readFileSync(join(log, name)).length, 0) };
}

describe('twelve hours of samples of which two are kept raw', () => {
  it('leave no older raw sample on disk', () => {
    const { oldest, logBytes } = onDisk();
    expect(oldest).toBeGreaterThan(Date.now() - RAW - WINDOW);
    expect(logBytes).toBe(0);
  });

  it.each(QUESTIONS)('answer %s as all raw samples do, to %d', (expression, tolerance) => expectSame(expression, tolerance), 20_000);

  it('answer the same after kill -9, and go on', async () => {
    await rolled.kill();
    rolled = await startRolled();
    for (const [expression, tolerance] of QUESTIONS.filter((_, i) => i % 3 === 0)) await expectSame(expression, tolerance);
    await flush(rolled);
    const { oldest } = onDisk();
    expect(oldest).toBeGreaterThan(Date.now() - RAW - 2 * WINDOW);
    expect(oldest).toBeLessThan(end);
  }, 30_000);
});
