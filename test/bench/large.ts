// `npm run bench -- large`: a day of samples every 15 seconds, through remote write, sealed and compacted as it goes.
// `LARGE_SCALE=1` is all of it, 100,000 series and 576 million samples; a hundredth by default, a thousand series. Tells the
// most memory the server took, the time, the bytes on disk, and what queries over the result cost.
import { join } from 'node:path';
import { startProduct } from '../product.js';
import type { Product } from '../product.js';
import { INTERVAL, Sender } from './load.js';
import { bytesBelow, cpuSeconds, memoryOf } from './process-cost.js';

const SCALE = Number(process.env['LARGE_SCALE'] ?? 0.01);
const SERIES = Math.max(100, Math.round(100_000 * SCALE));
const DAY = 86_400_000;
const STEPS = DAY / INTERVAL;
const START = Math.floor((Date.now() - DAY) / INTERVAL) * INTERVAL;
const CONFIG = `self_scrape: false
limits: { series_per_metric: 1000000, query_series: 1000000, query_samples: 1000000000 }
`;

/** Sends everything, hour by hour. */
async function fill(product: Product): Promise<void> {
  const sender = new Sender({ series: SERIES, start: START, steps: STEPS }, product.url);
  for (let hour = 0; hour < 24; hour++) {
    console.error(`hour ${hour}: ${megabytes(memoryOf(product.pid, 'VmRSS'))}`);
    await sender.send((hour * STEPS) / 24, ((hour + 1) * STEPS) / 24);
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

async function ask(product: Product, query: string, hours: number): Promise<string> {
  const end = (START + (STEPS - 1) * INTERVAL) / 1000;
  const before = cpuSeconds(product.pid);
  const answer = await product.get(`/api/v1/query_range?query=${encodeURIComponent(query)}&start=${end - hours * 3600}&end=${end}&step=${hours * 30}`);
  const text = await answer.text();
  if (!answer.ok || !text.includes('"values"')) throw new Error(`${query}: status ${answer.status}: ${text.slice(0, 300)}`);
  return `${(cpuSeconds(product.pid) - before).toFixed(2)} CPU s`;
}

const product = await startProduct({ config: CONFIG });
try {
  const began = performance.now();
  await fill(product);
  const ingested = (performance.now() - began) / 1000;
  const cpu = cpuSeconds(product.pid);
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
    ['sum by (region) (rate) over the last hour, 120 steps', await ask(product, 'sum by (region) (rate(load_requests_total[5m]))', 1)],
    ['one series over the day, 120 steps', await ask(product, 'load_requests_total{series="40"}', 24)],
    ['a tenth of the counters over the day, 120 steps', await ask(product, 'sum(rate(load_requests_total{part="3"}[5m]))', 24)],
    ['most memory', megabytes(memoryOf(product.pid, 'VmHWM'))],
  ];
  console.log(`| | |\n| --- | --- |\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}`);
} finally {
  await product.stop();
}
