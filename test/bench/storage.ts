// `npm run bench -- storage`: what the store takes, beside VictoriaMetrics and Prometheus where they are installed: memory
// a series, CPU of remote write, bytes a sample, and how a server comes back after `kill -9`.
//
// STORAGE_SERIES and STORAGE_STEPS are 100,000 and 120: twelve million samples. 480 steps are two hours. STORAGE_SYSTEMS
// names some of the servers, with commas. CPU is what counts: other times mean little on a machine that does something else.
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { temporaryFolder } from '../product.js';
import { INTERVAL, Sender } from './load.js';
import { cpuSeconds, memoryOf } from './process-cost.js';
import { stores } from './stores.js';
import type { Store } from './stores.js';

const SERIES = Number(process.env['STORAGE_SERIES'] ?? 100_000);
const STEPS = Number(process.env['STORAGE_STEPS'] ?? 120);
const SYSTEMS = process.env['STORAGE_SYSTEMS']?.split(',');
/** After so many steps memory is measured for the first time. */
const FIRST_STEPS = Math.min(10, STEPS);
const START = Math.floor((Date.now() - STEPS * INTERVAL) / INTERVAL) * INTERVAL;

type Figures = Readonly<Record<string, string>>;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const results = new Map<string, Figures>();
for (const [name, start] of stores()) {
  if (SYSTEMS !== undefined && !SYSTEMS.includes(name)) continue;
  results.set(name, await measure(name, start));
}
print(results);

async function measure(name: string, start: (folder: string) => Promise<Store>): Promise<Figures> {
  const folder = temporaryFolder();
  try {
    const killed = inFolder(folder.path, `${name}-killed`);
    const store = await start(killed);
    const figures = await fill(store);
    await store.kill();
    const spawned = performance.now();
    const again = await start(killed);
    const ready = `${(performance.now() - spawned).toFixed(0)} ms, ${cpuSeconds(again.pid).toFixed(2)} CPU s`;
    const lost = SERIES * STEPS - (await countOf(again));
    // What has lost samples can't be asked how many bytes they take: another one is.
    const whole = lost === 0 ? again : await start(inFolder(folder.path, `${name}-whole`));
    if (lost > 0) {
      await again.stop();
      await fill(whole);
    }
    const bytes = await whole.settled();
    await whole.stop();
    return { ...figures, 'ready after kill -9': ready, 'acknowledged samples lost': lost.toLocaleString('en'), 'bytes a sample on disk': (bytes / (SERIES * STEPS)).toFixed(3) };
  } finally {
    folder.remove();
  }
}

function inFolder(path: string, name: string): string {
  mkdirSync(join(path, name));
  return join(path, name);
}

/** Sends all samples to a server that is empty; when that fails, the server is killed. */
async function fill(store: Store): Promise<Figures> {
  try {
    await pause(4000);
    const empty = memoryOf(store.pid, 'VmRSS');
    const sender = new Sender({ series: SERIES, start: START, steps: STEPS }, store.url);
    const before = cpuSeconds(store.pid);
    await sender.send(0, FIRST_STEPS);
    const first = memoryOf(store.pid, 'VmRSS');
    await sender.send(FIRST_STEPS, STEPS);
    const cpu = cpuSeconds(store.pid) - before;
    const last = memoryOf(store.pid, 'VmRSS');
    return {
      'memory when empty': `${(empty / 1e6).toFixed(0)} MB`,
      [`bytes of memory a series above that, ${FIRST_STEPS} samples each`]: ((first - empty) / SERIES).toFixed(0),
      [`the same, ${STEPS} samples each`]: ((last - empty) / SERIES).toFixed(0),
      'remote write, CPU s per million samples': (cpu / ((SERIES * STEPS) / 1e6)).toFixed(2),
    };
  } catch (error) {
    await store.kill();
    throw error;
  }
}

/** How many samples a server finds. */
async function countOf(store: Store): Promise<number> {
  const end = (START + STEPS * INTERVAL) / 1000;
  const query = `sum(count_over_time({job="load"}[${(STEPS * INTERVAL) / 1000 + 60}s]))`;
  const answer = await fetch(`${store.url}/api/v1/query?query=${encodeURIComponent(query)}&time=${end}`);
  const { data } = (await answer.json()) as { data: { result: readonly { value: readonly [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

function print(all: ReadonlyMap<string, Figures>): void {
  const names = [...all.keys()];
  console.log(`${SERIES.toLocaleString('en')} series, ${(SERIES * STEPS).toLocaleString('en')} samples\n`);
  console.log(`| | ${names.join(' | ')} |\n| --- |${' ---: |'.repeat(names.length)}`);
  for (const row of Object.keys(all.get(names[0] ?? '') ?? {})) {
    console.log(`| ${row} | ${names.map((name) => all.get(name)?.[row] ?? '').join(' | ')} |`);
  }
}
