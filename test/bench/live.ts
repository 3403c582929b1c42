// `npx tsc -b test && LIVE_MINUTES=3 node test/dist/bench/live.js`. What viewers of live queries cost: 20 queries at 5 s with one viewer each, then with 500 in all, two of which
// stop reading. LIVE_MINUTES is the time of each of the two parts.
import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { startProduct } from '../product.js';
import type { Product } from '../product.js';
import { cpuSeconds } from './processor.js';

const MINUTES = Number(process.env['LIVE_MINUTES'] ?? 3);
const QUERIES = 20;
const TICK = 5000;
/** So long after a tick's step the server asks. */
const DELAY = 500;
const LIVE = `subscription ($query: String!) { live(query: $query, window: "1h", interval: "5s", maxPoints: 721) { __typename
  ... on LiveSnapshot { sequence start end step series { id labels } columns { series packed } }
  ... on LiveDelta { sequence start from end added { id labels } removed columns { series packed } }
  ... on LiveError { message } } }`;

const queryOf = (i: number): string => `sum by (thread) (rate(process_cpu_seconds_total[${60 + (i % QUERIES)}s])) or metrics_dashboard_heap_used_bytes / ${1 + (i % QUERIES)}`;

const product = await startProduct({ config: 'global: { scrape_interval: 5s }\n' });
const leaving: (() => unknown)[] = [];
/** Of deltas, from the tick to the viewer. */
const delays: number[] = [];
try {
  await pause(10_000);
  console.log('| viewers | evaluations a tick | deltas delivered | p50 ms after the tick | p99 ms | CPU, % of one | RSS at first, MB | RSS at last, MB |\n| --- |' + ' ---: |'.repeat(7));
  watch(QUERIES);
  await measured(`${QUERIES}`);
  watch(500 - QUERIES - 2);
  stall(2);
  await measured('500, two of them stalled');
} finally {
  for (const leave of leaving) await leave();
  await product.stop();
}

/** Viewers, ten to a socket. */
function watch(viewers: number): void {
  for (let first = 0; first < viewers; first += 10) {
    const client = createClient({ url: `${product.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, lazy: false });
    leaving.push(() => client.dispose());
    for (let i = first; i < Math.min(viewers, first + 10); i++) {
      client.subscribe<{ live: { __typename: string } }>(
        { query: LIVE, variables: { query: queryOf(i) } },
        { next: ({ data }) => void (data?.live.__typename === 'LiveDelta' && delays.push((Date.now() - DELAY) % TICK)), error: console.error, complete: () => undefined },
      );
    }
  }
}

/** Viewers that subscribe and never read again. */
function stall(viewers: number): void {
  for (let i = 0; i < viewers; i++) {
    const socket = new WebSocket(`${product.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.once('message', () => {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: LIVE, variables: { query: queryOf(i) } } }));
      socket.pause();
    });
    leaving.push(() => socket.terminate());
  }
}

async function measured(name: string): Promise<void> {
  await pause(15_000);
  delays.length = 0;
  const before = { evaluations: await evaluationsOf(product), cpu: cpuSeconds(product.pid), memory: memoryOf(product.pid), at: Date.now() };
  await pause(MINUTES * 60_000);
  const seconds = (Date.now() - before.at) / 1000;
  const evaluations = ((await evaluationsOf(product)) - before.evaluations) / (seconds / (TICK / 1000));
  const sorted = [...delays].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? NaN;
  const cpu = ((cpuSeconds(product.pid) - before.cpu) / seconds) * 100;
  console.log(`| ${name} | ${evaluations.toFixed(1)} | ${sorted.length} | ${at(0.5)} | ${at(0.99)} | ${cpu.toFixed(1)} | ${before.memory.toFixed(0)} | ${memoryOf(product.pid).toFixed(0)} |`);
}

async function evaluationsOf(of: Product): Promise<number> {
  const text = await (await of.get('/metrics')).text();
  return [...text.matchAll(/^metrics_dashboard_live_evaluations_total\{.*\} (\S+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
