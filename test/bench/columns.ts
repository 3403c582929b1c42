// `npx tsc -b test && node test/dist/bench/columns.js`. What an answer of 1,000 series × 360 points
// takes on the wire and of the server's processors: as JSON of the Prometheus HTTP API, as GraphQL with JSON numbers, and with packed columns.
import { readFileSync, readdirSync } from 'node:fs';
import { startProduct } from '../product.js';
import type { Product } from '../product.js';
import { WRITE_HEADERS, writeRequest } from '../remote-writer.js';

const SERIES = 1000;
const STEPS = 360;
const INTERVAL = 15_000;
const ROUNDS = 15;
const START = Math.floor(Date.now() / INTERVAL) * INTERVAL - STEPS * INTERVAL;
const END = START + (STEPS - 1) * INTERVAL;

/** Like panels have them: a counter, a percentage of two decimals, and what a division gives. */
const VALUES: readonly ((series: number, step: number) => number)[] = [
  (series, step) => 1e6 + step * (1 + (series % 50)),
  (series, step) => Math.round(5000 + 3000 * Math.sin(series + step / 20)) / 100,
  (series, step) => Math.sin(series + step / 9) / 3,
];

const product = await startProduct({ config: 'self_scrape: false\n' });
try {
  for (let step = 0; step < STEPS; step += 10) await fill(product, step);
  for (const [name, query] of [['counters, percentages and fractions', 'panel_value'], ['rates of counters', 'rate(panel_value{kind="0"}[5m]) or panel_value{kind!="0"} / 7']] as const) {
    console.log(`\n${name}\n\n| | bytes | bytes a point | CPU ms |\n| --- | ---: | ---: | ---: |`);
    await row('Prometheus HTTP API', () => prometheus(product, query));
    await row('GraphQL, times and values', () => graphql(product, query, 'labels times values'));
    await row('GraphQL, packed', () => graphql(product, query, 'labels packed'));
  }
} finally {
  await product.stop();
}

async function fill({ url }: Product, first: number): Promise<void> {
  const samples = Array.from({ length: SERIES * 10 }, (_, i) => {
    const [series, step] = [i % SERIES, first + Math.floor(i / SERIES)];
    const kind = series % VALUES.length;
    const labels = { __name__: 'panel_value', instance: `host-${series}:9100`, job: 'bench', kind: String(kind) };
    return { labels, value: VALUES[kind]?.(series, step) ?? NaN, at: START + step * INTERVAL };
  });
  const response = await fetch(`${url}/api/v1/write`, { method: 'POST', body: await writeRequest(samples), headers: WRITE_HEADERS });
  if (!response.ok) throw new Error(`remote write: ${response.status} ${await response.text()}`);
}

function prometheus({ url }: Product, query: string): Promise<Response> {
  return fetch(`${url}/api/v1/query_range?query=${encodeURIComponent(query)}&start=${START / 1000}&end=${END / 1000}&step=15`);
}

function graphql({ url }: Product, expression: string, fields: string): Promise<Response> {
  const query = `query ($q: String!) { range(query: $q, start: ${START}, end: ${END}, step: ${INTERVAL}, limit: 2000) { start step steps frames { ${fields} } } }`;
  const body = JSON.stringify({ query, variables: { q: expression } });
  return fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

async function row(name: string, ask: () => Promise<Response>): Promise<void> {
  const costs: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS + 3; round++) {
    const before = cpuMilliseconds(product.pid);
    const response = await ask();
    bytes = (await response.arrayBuffer()).byteLength;
    if (!response.ok || bytes < 10_000) throw new Error(`${name}: status ${response.status}, ${bytes} bytes`);
    if (round >= 3) costs.push(cpuMilliseconds(product.pid) - before);
  }
  const median = costs.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN;
  console.log(`| ${name} | ${bytes.toLocaleString('en-US')} | ${(bytes / SERIES / STEPS).toFixed(1)} | ${median.toFixed(0)} |`);
}

/** Of all threads, as the operating system counts it. */
function cpuMilliseconds(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce((sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]), 0) / 1e6;
}
