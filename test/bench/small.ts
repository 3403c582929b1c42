// `npm run bench -- small`: what small questions take of the built product over one connection, beside an answer without a query.
//
// CPU is the run time of all threads of the server's process, as the operating system counts it: the median of ROUNDS rounds
// of REQUESTS requests each, the questions in turn, after WARM_UP of each. The data is 1,000 counters of six hours at 15 seconds.
import { Agent, get } from 'node:http';
import { startProduct } from '../product.js';
import type { Product } from '../product.js';
import { WRITE_HEADERS, compressed, messageV1 } from '../remote-writer.js';
import { cpuSeconds } from './processor.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const REQUESTS = 1000;
const WARM_UP = 1500;
const SERIES = 1000;
const STEPS = 1440;
/** Steps in one body. */
const EACH = 360;
const INTERVAL = 15_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const END = Math.floor(Date.now() / MINUTE) * MINUTE;

const QUESTIONS: readonly { readonly name: string; readonly path: (i: number) => string }[] = [
  { name: 'one series, 360 points', path: range('bench_total{instance="i-$"}', 6 * HOUR - MINUTE) },
  { name: '`rate` of one series, 61 points', path: range('rate(bench_total{instance="i-$"}[5m])', HOUR) },
  { name: 'one series now', path: (i) => `/api/v1/query?query=${encodeURIComponent(`bench_total{instance="i-${i % 50}"}`)}&time=${END / 1000}` },
  { name: '`1+1`', path: range('1+1', MINUTE) },
  { name: '`/-/ready`', path: () => '/-/ready' },
];

const product = await startProduct({ config: 'self_scrape: false\n' });
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
try {
  await write(product);
  for (const { path } of QUESTIONS) await ask(path, WARM_UP);
  const taken = QUESTIONS.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, { path }] of QUESTIONS.entries()) {
      const before = cpuSeconds(product.pid);
      await ask(path, REQUESTS);
      taken[i]?.push(((cpuSeconds(product.pid) - before) * 1000) / REQUESTS);
    }
  }
  console.log('| what | ms of CPU |\n| --- | --- |');
  for (const [i, { name }] of QUESTIONS.entries()) console.log(`| ${name} | ${median(taken[i] ?? []).toFixed(3)} |`);
} finally {
  agent.destroy();
  await product.kill();
}

/** A range query with a step of a minute, of one of fifty series. */
function range(query: string, length: number): (i: number) => string {
  return (i) => `/api/v1/query_range?query=${encodeURIComponent(query.replace('$', String(i % 50)))}&start=${(END - length) / 1000}&end=${END / 1000}&step=60`;
}

async function write({ url }: Product): Promise<void> {
  for (let from = 0; from < STEPS; from += EACH) {
    const all = Array.from({ length: SERIES }, (_, series) => ({
      labels: Object.entries({ __name__: 'bench_total', instance: `i-${series}`, region: `r-${series % 20}` }),
      samples: Array.from({ length: EACH }, (_none, k) => ({ at: END + (from + k - STEPS) * INTERVAL, value: (from + k) * (1 + (series % 7)) + ((k * 7 + series) % 3) })),
    }));
    const response = await fetch(`${url}/api/v1/write`, { method: 'POST', body: await compressed(messageV1(all)), headers: WRITE_HEADERS });
    if (!response.ok) throw new Error(`status ${response.status}: ${await response.text()}`);
  }
}

async function ask(path: (i: number) => string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await answered(product.url + path(i));
}

/** One request after another over one connection, with as little work on this side as can be: both share the machine. */
function answered(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.once('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${url}: status ${response.statusCode}`))));
      response.resume();
    }).once('error', reject);
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
