// `npm run bench -- large`: a day of samples every 15 seconds, through remote write, sealed and compacted as it goes.
// `LARGE_SCALE=1` is all of it, 100,000 series and 576 million samples; a hundredth by default, a thousand series. Tells the
// most memory the server took, the time, the bytes on disk, and what queries over the result cost.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compress } from 'snappy';
import { startProduct } from '../product.js';
import type { Product } from '../product.js';
import { WRITE_HEADERS } from '../remote-writer.js';

const SCALE = Number(process.env['LARGE_SCALE'] ?? 0.01);
const SERIES = Math.max(100, Math.round(100_000 * SCALE));
const INTERVAL = 15_000;
const DAY = 86_400_000;
const STEPS = DAY / INTERVAL;
/** Samples in one request, as far as one step has so many. */
const PER_BODY = 10_000;
const START = Math.floor((Date.now() - DAY) / INTERVAL) * INTERVAL;
/** Requests under way at once. */
const CONNECTIONS = 2;

const CONFIG = `self_scrape: false
limits: { series_per_metric: 1000000, query_series: 1000000, query_samples: 1000000000 }
`;

/** The samples of one step of some series, with room for their values. */
class Body {
  readonly #bytes: Buffer;
  /** Where the value of each series is, and behind it, after one byte, its time. */
  readonly #places: readonly number[];
  readonly #first: number;

  constructor(first: number, count: number) {
    const messages = Array.from({ length: count }, (_, i) => timeSeries(first + i));
    let at = 0;
    this.#places = messages.map((message) => (at += message.length) - 8 - 1 - TIME_BYTES);
    this.#bytes = Buffer.concat(messages);
    this.#first = first;
  }

  async at(step: number): Promise<Uint8Array<ArrayBuffer>> {
    const time = varint(START + step * INTERVAL);
    this.#places.forEach((place, i) => {
      this.#bytes.writeDoubleLE(valueOf(this.#first + i, step), place);
      time.copy(this.#bytes, place + 8 + 1);
    });
    return new Uint8Array(await compress(this.#bytes));
  }
}

/** Of four series two are counters, one faster than the other, one a gauge with two decimals, and one hardly ever changes. */
function valueOf(series: number, step: number): number {
  const noise = Math.imul((series + 1) ^ Math.imul(step + 1, 2_654_435_761), 1_597_334_677) >>> 16;
  switch (series % 4) {
    case 0:
      return step * (1 + (series % 50)) + (noise & 7);
    case 1:
      return step * 4096 * (1 + (series % 9)) + (noise & 255) * 64;
    case 2:
      return Math.round((50 + 40 * Math.sin((step + series) / 300)) * 100 + (noise & 127)) / 100;
    default:
      return step < series % STEPS ? 0 : 1;
  }
}

const KINDS = ['requests_total', 'received_bytes_total', 'load_percent', 'state'];
/** A time of this century takes so many bytes. */
const TIME_BYTES = 6;

/** A `TimeSeries` message whose value is 0, with its sample at its end. */
function timeSeries(series: number): Buffer {
  const labels = { __name__: `large_${KINDS[series % 4]}`, instance: `host-${Math.floor(series / 40) % 2500}:9100`, job: 'large', part: String(Math.floor(series / 4) % 10), region: `region-${series % 7}`, series: String(series) };
  const pairs = Object.entries(labels).map(([name, value]) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])));
  const sample = Buffer.concat([Buffer.from([0x09]), Buffer.alloc(8), Buffer.from([0x10]), varint(START)]);
  return field(1, Buffer.concat([...pairs, field(2, sample)]));
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

async function post(product: Product, body: Uint8Array<ArrayBuffer>): Promise<void> {
  for (;;) {
    const answer = await fetch(`${product.url}/api/v1/write`, { method: 'POST', body, headers: WRITE_HEADERS });
    await answer.arrayBuffer();
    if (answer.ok) return;
    if (answer.status !== 503 && answer.status !== 429) throw new Error(`remote write: status ${answer.status}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Sends everything, step by step: no series is ahead of the others. */
async function fill(product: Product): Promise<void> {
  const bodies: Body[] = [];
  for (let first = 0; first < SERIES; first += PER_BODY) bodies.push(new Body(first, Math.min(PER_BODY, SERIES - first)));
  const underWay = new Set<Promise<void>>();
  for (let step = 0; step < STEPS; step++) {
    for (const body of bodies) {
      const sending = post(product, await body.at(step)).finally(() => underWay.delete(sending));
      underWay.add(sending);
      if (underWay.size >= CONNECTIONS) await Promise.race(underWay);
    }
    // The next step's samples come after all of this one's.
    await Promise.all(underWay);
    if (step % (STEPS / 24) === 0) console.error(`hour ${step / (STEPS / 24)}: ${megabytes(product, 'VmRSS')} MB`);
  }
}

function megabytes({ pid }: Product, what: 'VmRSS' | 'VmHWM'): number {
  const match = new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round((Number(match?.[1]) * 1024) / 1e6);
}

/** CPU of all threads that live, in seconds; what ended with its thread is not in it. */
function cpuSeconds({ pid }: Product): number {
  const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? [];
  return (user + system) / 100;
}

function bytesBelow(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

async function ask(product: Product, query: string, hours: number): Promise<string> {
  const end = (START + (STEPS - 1) * INTERVAL) / 1000;
  const before = cpuSeconds(product);
  const answer = await product.get(`/api/v1/query_range?query=${encodeURIComponent(query)}&start=${end - hours * 3600}&end=${end}&step=${hours * 30}`);
  const text = await answer.text();
  if (!answer.ok || !text.includes('"values"')) throw new Error(`${query}: status ${answer.status}: ${text.slice(0, 300)}`);
  return `${(cpuSeconds(product) - before).toFixed(2)} CPU s`;
}

const product = await startProduct({ config: CONFIG });
try {
  const began = performance.now();
  await fill(product);
  const ingested = (performance.now() - began) / 1000;
  const cpu = cpuSeconds(product);
  const flushing = performance.now();
  const answer = await fetch(`${product.url}/api/v1/admin/flush`, { method: 'POST' });
  if (!answer.ok) throw new Error(`flush: status ${answer.status}`);
  const flushed = (performance.now() - flushing) / 1000;
  const samples = SERIES * STEPS;
  const bytes = bytesBelow(join(product.dataDir, 'tsdb'));
  const rows: readonly (readonly [string, string])[] = [
    ['series', SERIES.toLocaleString('en')],
    ['samples', samples.toLocaleString('en')],
    ['ingest', `${ingested.toFixed(0)} s, ${((cpu / samples) * 1e6).toFixed(2)} CPU s per million samples, compaction included`],
    ['flush at the end', `${flushed.toFixed(1)} s`],
    ['bytes on disk', `${(bytes / 1e6).toFixed(1)} MB, ${(bytes / samples).toFixed(3)} a sample`],
    ['sum by (region) (rate) over the last hour, 120 steps', await ask(product, 'sum by (region) (rate(large_requests_total[5m]))', 1)],
    ['one series over the day, 120 steps', await ask(product, 'large_requests_total{series="40"}', 24)],
    ['a tenth of the counters over the day, 120 steps', await ask(product, 'sum(rate(large_requests_total{part="3"}[5m]))', 24)],
    ['most memory', `${megabytes(product, 'VmHWM')} MB`],
  ];
  console.log(`| | |\n| --- | --- |\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}`);
} finally {
  await product.stop();
}
