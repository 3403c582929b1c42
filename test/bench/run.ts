// `npm run bench`: what the built product takes, beside Prometheus where it is installed, as a table.
//
// CPU is the run time of all threads of the server's process, as the operating system counts it; wall-clock figures
// say little on a machine that does something else. Every figure is the median of ROUNDS runs on fresh data folders.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasPeer, startPeer } from '../peer.js';
import { freePort, startProduct, temporaryFolder } from '../product.js';
import { WRITE_HEADERS, writeRequest } from '../remote-writer.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const SERIES = 10_000;
const STEPS = 60;
const PER_BODY = 2000;
const INTERVAL = 15_000;
const START = Math.floor(Date.now() / INTERVAL) * INTERVAL - STEPS * INTERVAL;

/** A running server that takes remote write and answers the Prometheus HTTP API. */
interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Figures of one run, in the order in which they are printed. */
interface Figures {
  readonly 'ready after start, ms': number;
  readonly 'idle memory, MB': number;
  readonly 'remote write, CPU-s per million samples': number;
  readonly 'memory after ingest, MB': number;
  readonly 'sum by (rate) over 10,000 series × 60 steps, CPU ms': number;
  readonly 'one series × 60 steps, CPU ms': number;
}

const bodies = await makeBodies();
const systems: Record<string, () => Promise<Server>> = { 'metrics-dashboard': startOurs };
if (hasPeer('prometheus')) systems['prometheus'] = startPrometheus;

const results = new Map<string, Figures[]>();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, start] of Object.entries(systems)) {
    results.set(name, [...(results.get(name) ?? []), await measure(start)]);
  }
}
print(results);

async function measure(start: () => Promise<Server>): Promise<Figures> {
  const spawned = performance.now();
  const server = await start();
  try {
    const readyAfter = performance.now() - spawned;
    await pause(3000);
    const idle = memoryOf(server.pid);
    const ingest = await cpuOf(server, async () => {
      for (const body of bodies) await post(server, body);
    });
    const afterIngest = memoryOf(server.pid);
    const aggregate = await queryCost(server, 'sum by (region) (rate(bench_total[1m]))');
    const single = await queryCost(server, 'bench_total{series="7"}');
    return {
      'ready after start, ms': readyAfter,
      'idle memory, MB': idle,
      'remote write, CPU-s per million samples': (ingest / (SERIES * STEPS)) * 1e6,
      'memory after ingest, MB': afterIngest,
      'sum by (rate) over 10,000 series × 60 steps, CPU ms': aggregate * 1000,
      'one series × 60 steps, CPU ms': single * 1000,
    };
  } finally {
    await server.stop();
  }
}

/** The median CPU seconds of five runs, after one to warm up. */
async function queryCost(server: Server, query: string): Promise<number> {
  const end = (START + (STEPS - 1) * INTERVAL) / 1000;
  const url = `${server.url}/api/v1/query_range?query=${encodeURIComponent(query)}&start=${START / 1000}&end=${end}&step=15`;
  const ask = async (): Promise<void> => {
    const response = await fetch(url);
    const text = await response.text();
    if (!response.ok || text.length < 200) throw new Error(`query ${query}: status ${response.status}: ${text.slice(0, 300)}`);
  };
  await ask();
  const costs: number[] = [];
  for (let i = 0; i < 5; i++) costs.push(await cpuOf(server, ask));
  return median(costs);
}

async function cpuOf(server: Server, work: () => Promise<void>): Promise<number> {
  const before = cpuSeconds(server.pid);
  await work();
  return cpuSeconds(server.pid) - before;
}

async function post(server: Server, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(`${server.url}/api/v1/write`, { method: 'POST', body, headers: WRITE_HEADERS });
  if (!response.ok) throw new Error(`remote write: status ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

async function startOurs(): Promise<Server> {
  const product = await startProduct({ config: 'limits: { series_per_metric: 1000000 }\n' });
  return { url: product.url, pid: product.pid, stop: () => product.stop() };
}

async function startPrometheus(): Promise<Server> {
  const folder = temporaryFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder.path, 'prometheus.yml');
  writeFileSync(config, `scrape_configs: [{ job_name: self, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }]\n`);
  const args = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder.path, 'data')}`, `--web.listen-address=127.0.0.1:${port}`, '--web.enable-remote-write-receiver'];
  const peer = await startPeer('prometheus', args, async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    pid: peer.pid,
    stop: async () => {
      await peer.stop();
      folder.remove();
    },
  };
}

/** The whole load: every step of every series, a few thousand samples a body, one connection. */
async function makeBodies(): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const made: Uint8Array<ArrayBuffer>[] = [];
  for (let step = 0; step < STEPS; step++) {
    for (let first = 0; first < SERIES; first += PER_BODY) {
      const samples = Array.from({ length: PER_BODY }, (_, i) => {
        const series = first + i;
        const labels = { __name__: 'bench_total', instance: `host-${series % 100}:9100`, job: 'bench', region: `region-${series % 7}`, series: String(series) };
        return { labels, value: step * (1 + (series % 50)) + (series % 3), at: START + step * INTERVAL };
      });
      made.push(await writeRequest(samples));
    }
  }
  return made;
}

function print(all: ReadonlyMap<string, readonly Figures[]>): void {
  const names = [...all.keys()];
  const rows = Object.keys(all.values().next().value?.[0] ?? {}) as (keyof Figures)[];
  console.log(`| | ${names.join(' | ')} |\n| --- |${' ---: |'.repeat(names.length)}`);
  for (const row of rows) {
    const cells = names.map((name) => Number(median((all.get(name) ?? []).map((figures) => figures[row])).toPrecision(3)));
    console.log(`| ${row} | ${cells.join(' | ')} |`);
  }
}

/** Time on a processor of all threads, in nanoseconds at the source: the first field of schedstat, one file a thread. */
function cpuSeconds(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce((sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]), 0) / 1e9;
}

function memoryOf(pid: number): number {
  return (Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
