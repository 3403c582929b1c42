// `npm run bench -- node-exporter`: bytes a sample of a node_exporter, by the Gorilla codec alone and as they are stored.
//
// It is scraped NODE_EXPORTER_SCRAPES times, each NODE_EXPORTER_SECONDS after the one before, by default 120 times a second
// apart; the samples are stored as if it had been 15 seconds, exactly. With 15 seconds it takes half an hour, and they are.
import { hasPeer, startPeer } from '../peer.js';
import { freePort } from '../product.js';
import { gorillaBytes } from './gorilla.js';
import { storedBytes } from './stored-bytes.js';

const SCRAPES = Number(process.env['NODE_EXPORTER_SCRAPES'] ?? 120);
const SECONDS = Number(process.env['NODE_EXPORTER_SECONDS'] ?? 1);
/** 2026-01-01 00:00 UTC and one millisecond: the first time of a block's range. */
const START = Date.UTC(2026, 0, 1) + 1;

if (!hasPeer('prometheus-node-exporter')) throw new Error('there is nothing to scrape');
const values = await scrape();
const times = Float64Array.from({ length: SCRAPES }, (_, i) => START + i * 15_000);
const samples = values.length * SCRAPES;
const gorilla = values.reduce((sum, column) => sum + gorillaBytes(times, column), 0) / samples;
const stored = (await storedBytes({ times, values })) / samples;
console.log(`${values.length} series × ${SCRAPES} samples, ${SECONDS} s of change from one to the next: Gorilla ${gorilla.toFixed(2)}, stored ${stored.toFixed(2)} bytes a sample`);

/** The values of the series that every scrape has. */
async function scrape(): Promise<Float64Array[]> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/metrics`;
  const exporter = await startPeer('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${port}`], async () => (await fetch(url)).ok);
  try {
    const columns = new Map<string, number[]>();
    for (let i = 0; i < SCRAPES; i++) {
      const next = new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
      for (const [series, value] of samplesOf(await (await fetch(url)).text())) {
        columns.set(series, [...(columns.get(series) ?? []), value]);
      }
      await next;
    }
    return [...columns.values()].filter((column) => column.length === SCRAPES).map((column) => Float64Array.from(column));
  } finally {
    await exporter.stop();
  }
}

function samplesOf(page: string): (readonly [series: string, value: number])[] {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1).replace('Inf', 'Infinity'))]);
}
