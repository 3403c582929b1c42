import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Counter, Gauge, Histogram, Registry } from './index.js';

const THREADS = 100;
/** `METRICS_TEST_UPDATES=100000` for the long form. */
const TIMES = Number(process.env['METRICS_TEST_UPDATES'] ?? 10_000);

/** What each thread runs: it declares everything itself, waits for the others, and counts. */
const SCRIPT = (door: string): string => `
  const { workerData, parentPort } = require('node:worker_threads');
  import(${JSON.stringify(door)}).then(({ attachRegistry, Counter, Gauge, Histogram }) => {
    const { handle, gate, index, times } = workerData;
    const registers = [attachRegistry(handle)];
    const total = new Counter({ name: 'events_total', help: 'Events.', registers });
    const busy = new Gauge({ name: 'busy', help: 'Busy.', registers });
    const sizes = new Histogram({ name: 'sizes', help: 'Sizes.', buckets: [1, 2, 3], registers });
    const shared = new Counter({ name: 'by_parity_total', help: 'By parity.', labelNames: ['parity'], registers });
    const own = new Counter({ name: 'by_thread_total', help: 'By thread.', labelNames: ['thread'], registers });
    parentPort.postMessage('ready');
    Atomics.wait(gate, 0, 0);
    const parity = shared.labels(String(index % 2));
    for (let i = 0; i < times; i++) {
      total.inc();
      busy.inc(3);
      busy.dec(2);
      sizes.observe(i % 5);
      parity.inc(0.5);
      own.inc({ thread: index });
    }
    parentPort.postMessage('done');
  });
`;

describe('a registry shared by worker threads', () => {
  let folder = '';
  let door = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sdk-threads-'));
    door = transpile(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(`counts ${TIMES} updates each exactly in ${THREADS} threads, and shows each label set once`, { timeout: 600_000 }, async () => {
    const registry = new Registry();
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const threads = Array.from({ length: THREADS }, (_, index) => {
      const workerData = { handle: registry.share(), gate, index, times: TIMES };
      return new Worker(SCRIPT(door), { eval: true, workerData, env: {} });
    });
    await Promise.all(threads.map(nextMessage));
    const done = threads.map(nextMessage);
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    await Promise.all(done);
    await Promise.all(threads.map((thread) => thread.terminate()));

    const lines = (await registry.metrics()).trim().split('\n');
    const all = THREADS * TIMES;
    expect(lines).toEqual(expect.arrayContaining([`events_total ${all}`, `busy ${all}`]));
    expect(lines.filter((line) => line.startsWith('sizes'))).toEqual([
      `sizes_bucket{le="1"} ${(all * 2) / 5}`,
      `sizes_bucket{le="2"} ${(all * 3) / 5}`,
      `sizes_bucket{le="3"} ${(all * 4) / 5}`,
      `sizes_bucket{le="+Inf"} ${all}`,
      `sizes_sum ${all * 2}`,
      `sizes_count ${all}`,
    ]);
    expect(lines.filter((line) => line.startsWith('by_parity_total{')).sort()).toEqual([
      `by_parity_total{parity="0"} ${all / 4}`,
      `by_parity_total{parity="1"} ${all / 4}`,
    ]);
    const expected = Array.from({ length: THREADS }, (_, i) => `by_thread_total{thread="${i}"} ${TIMES}`);
    expect(lines.filter((line) => line.startsWith('by_thread_total{')).sort()).toEqual(expected.sort());
    expect(lines.filter((line) => line.startsWith('# TYPE'))).toHaveLength(5);
  });

  it('keeps what a thread counted that was stopped in the middle', async () => {
    const registry = new Registry();
    const gate = new Int32Array(new SharedArrayBuffer(4)).fill(1);
    const workerData = { handle: registry.share(), gate, index: 0, times: 1e12 };
    const thread = new Worker(SCRIPT(door), { eval: true, workerData, env: {} });
    await nextMessage(thread);
    const total = new Counter({ name: 'events_total', help: 'Events.', registers: [registry] });
    await expect.poll(() => registry.metrics(), { timeout: 15_000 }).toMatch(/^events_total \d{3}/m);
    await thread.terminate();
    const before = await registry.metrics();
    total.inc();
    new Counter({ name: 'more_total', help: 'More.', registers: [registry] }).inc();
    new Gauge({ name: 'busy', help: 'Busy.', registers: [registry] }).set(7);
    new Histogram({ name: 'sizes', help: 'Sizes.', buckets: [1, 2, 3], registers: [registry] }).observe(1);
    const after = await registry.metrics();
    expect(valueOf(after, 'events_total')).toBe(valueOf(before, 'events_total') + 1);
    expect(valueOf(after, 'sizes_count')).toBe(valueOf(before, 'sizes_count') + 1);
    expect(after).toContain('busy 7\n');
    expect(after).toContain('more_total 1\n');
  });
});

function valueOf(text: string, name: string): number {
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
}

function nextMessage(thread: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
}

const compilerOptions: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2022,
  verbatimModuleSyntax: true,
  useDefineForClassFields: false,
  experimentalDecorators: true,
};

/** A thread of the test runner's can't read TypeScript: the sources become JavaScript in a folder of their own. */
function transpile(into: string): string {
  const source = dirname(dirname(fileURLToPath(import.meta.url)));
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!/^(metrics|model|errors)\b.*\.ts$/.test(file) || file.endsWith('.test.ts')) continue;
    const target = join(into, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, ts.transpileModule(readFileSync(join(source, file), 'utf8'), { compilerOptions }).outputText);
  }
  writeFileSync(join(into, 'package.json'), '{ "type": "module" }');
  return pathToFileURL(join(into, 'metrics/index.js')).href;
}
