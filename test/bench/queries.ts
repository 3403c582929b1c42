// `npm run bench -- queries`: what wide and long queries take of the built product.
//
// CPU is the run time of all threads of the server's process, as the operating system counts it; the least and the median
// of ROUNDS runs after two to warm up. The first part, `many`, has 10,000 counters of 1,440 samples, six hours at 15 seconds, the
// second, `year`, 100 counters and 100 gauges of a year in windows of five minutes, whose raw samples are gone. The year takes nine
// minutes to write and roll up, about a second and a half a day: a day is sealed to 12 blocks, whose windows a worker of its own makes.
import { startProduct } from '../product.js';
import type { Product } from '../product.js';
import { WRITE_HEADERS, compressed, messageV1 } from '../remote-writer.js';
import { cpuSeconds } from './processor.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 9);
const WARM_UP = 2;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Samples in one body. */
const PER_BODY = 100_000;
/** Steps between two flushes of the year. */
const PER_FLUSH = 8000;

interface Written {
  readonly names: readonly string[];
  readonly series: number;
  readonly steps: number;
  readonly interval: number;
}

const DAY_OF_MANY: Written = { names: ['bench_total'], series: 10_000, steps: 1440, interval: 15 * SECOND };
const YEAR_OF_FEW: Written = { names: ['bench_total', 'bench_level'], series: 100, steps: (365 * DAY) / (5 * MINUTE), interval: 5 * MINUTE };

interface Question {
  readonly query: string;
  readonly step: number;
  readonly goal: string;
  /** From the milliseconds of CPU and of the clock. */
  readonly value: (cpu: Milliseconds, wall: Milliseconds) => string;
}

interface Milliseconds {
  readonly least: number;
  readonly median: number;
}

const SAMPLES = DAY_OF_MANY.series * DAY_OF_MANY.steps;
const perSample = ({ least, median }: Milliseconds): string => `${((least / SAMPLES) * 1e6).toFixed(1)} to ${((median / SAMPLES) * 1e6).toFixed(1)} ns of CPU a sample`;
const both = (cpu: Milliseconds, wall: Milliseconds): string => `${cpu.least.toFixed(0)} to ${cpu.median.toFixed(0)} ms of CPU, ${wall.least.toFixed(0)} ms by the clock`;

console.log('| what | goal | measured |\n| --- | --- | --- |');
const wanted = process.argv[2];
if (wanted !== 'year') await part('self_scrape: false\nlimits: { query_samples: 100000000 }\n', DAY_OF_MANY, [
  { query: 'sum by (region) (rate(bench_total[5m]))', step: 15 * SECOND, goal: '20 ns a sample', value: perSample },
  { query: 'sum by (region) (rate(bench_total[5m]))', step: MINUTE, goal: '', value: perSample },
  { query: 'count(bench_total)', step: MINUTE, goal: '', value: perSample },
]);
if (wanted !== 'many') await part('self_scrape: false\nstorage: { retention: 2h, rollups: [{ resolution: 5m, retention: 2y }] }\n', YEAR_OF_FEW, [
  { query: 'rate(bench_total[12h])', step: 12 * HOUR, goal: '200 ms', value: both },
  { query: 'max_over_time(bench_level[12h])', step: 12 * HOUR, goal: '200 ms', value: both },
  { query: 'avg_over_time(bench_level[12h])', step: 12 * HOUR, goal: '200 ms', value: both },
  { query: 'sum by (region) (increase(bench_total[1h]))', step: HOUR, goal: '200 ms', value: both },
]);

/** Writes what is asked about, asks, and prints a line for each question. */
async function part(config: string, written: Written, questions: readonly Question[]): Promise<void> {
  const product = await startProduct({ config });
  try {
    const end = Math.floor(Date.now() / (5 * MINUTE)) * 5 * MINUTE;
    const start = end - written.steps * written.interval;
    await write(product, written, start);
    for (const question of questions) {
      const { cpu, wall } = await measure(product, question, start + question.step, end);
      console.log(`| ${written.series.toLocaleString('en')} series × ${written.steps.toLocaleString('en')}: \`${question.query}\`, a step of ${question.step / SECOND} s | ${question.goal} | ${question.value(cpu, wall)} |`);
    }
  } finally {
    await product.kill();
  }
}

async function write(product: Product, { names, series, steps, interval }: Written, start: number): Promise<void> {
  const each = PER_BODY / (names.length * series);
  for (let from = 0; from < steps; from += each) {
    const times = Array.from({ length: Math.min(each, steps - from) }, (_, k) => from + k);
    const all = names.flatMap((name) =>
      Array.from({ length: series }, (_, i) => ({
        labels: Object.entries({ __name__: name, instance: `i-${i}`, region: `r-${i % 20}` }),
        samples: times.map((k) => ({ at: start + k * interval, value: name === 'bench_total' ? k * (1 + (i % 7)) + ((k * 7 + i) % 3) : Math.round(50 + 40 * Math.sin((k + i * 31) / 90)) / 2 })),
      })),
    );
    await post(product, '/api/v1/write', await compressed(messageV1(all)));
    if (from % PER_FLUSH === 0 && from > 0) await post(product, '/api/v1/admin/flush');
  }
  await post(product, '/api/v1/admin/flush');
}

async function post(product: Product, path: string, body?: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(product.url + path, { method: 'POST', ...(body && { body, headers: WRITE_HEADERS }) });
  if (!response.ok) throw new Error(`${path}: status ${response.status}: ${await response.text()}`);
}

async function measure(product: Product, { query, step }: Question, start: number, end: number): Promise<{ cpu: Milliseconds; wall: Milliseconds }> {
  const url = `/api/v1/query_range?query=${encodeURIComponent(query)}&start=${start / SECOND}&end=${end / SECOND}&step=${step / SECOND}`;
  const cpu: number[] = [];
  const wall: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const [before, begun] = [cpuSeconds(product.pid), performance.now()];
    const response = await product.get(url);
    const text = await response.text();
    if (!response.ok || text.length < 1000) throw new Error(`${query}: status ${response.status}: ${text.slice(0, 300)}`);
    if (round < 0) continue;
    wall.push(performance.now() - begun);
    cpu.push((cpuSeconds(product.pid) - before) * 1000);
  }
  return { cpu: summary(cpu), wall: summary(wall) };
}

function summary(values: readonly number[]): Milliseconds {
  const sorted = [...values].sort((a, b) => a - b);
  return { least: sorted[0] ?? NaN, median: sorted[sorted.length >> 1] ?? NaN };
}
