// `npm run bench -- compression`: bytes a sample on disk, for kinds of data and intervals between samples, as a table.
// Every sample is read back and compared, bit for bit.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Labels } from '@metrics-dashboard/sdk';
import { testHost } from '@metrics-dashboard/sdk/testing';
import { tsdb } from '@metrics-dashboard/storage-tsdb';
import { temporaryFolder } from '../product.js';
import { dataKinds, intervals } from './compression-data.js';
import type { DataKind, Interval } from './compression-data.js';
import { gorillaBytes } from './gorilla.js';
import { seededRandom } from './random.js';

const SERIES = 140;
const SAMPLES = 480;
/** 2026-01-01 00:00 UTC and one millisecond: the first time of a block's range. */
const START = Date.UTC(2026, 0, 1) + 1;

type Storage = Awaited<ReturnType<typeof tsdb.open>>;

interface Data {
  readonly times: Float64Array;
  readonly values: readonly Float64Array[];
}

const samples = SERIES * SAMPLES;
console.log(`Bytes a sample of ${SERIES} series × ${SAMPLES} samples, one scrape of all of them at a time.\n`);
console.log(`| | ${intervals.map(({ name }) => `Gorilla, ${name}`).join(' | ')} | ${intervals.map(({ name }) => `stored, ${name}`).join(' | ')} |`);
console.log(`| --- |${' ---: |'.repeat(intervals.length * 2)}`);
for (const kind of dataKinds) {
  const sets = intervals.map((interval) => makeData(kind, interval));
  const gorilla = sets.map(({ times, values }) => values.reduce((sum, column) => sum + gorillaBytes(times, column), 0));
  const stored: number[] = [];
  for (const set of sets) stored.push(await storedBytes(set));
  console.log(`| ${kind.name} | ${[...gorilla, ...stored].map((bytes) => (bytes / samples).toFixed(2)).join(' | ')} |`);
  const worst = Math.max(...stored) / samples;
  if (worst >= 2 && kind.isNoise !== true) throw new Error(`${kind.name}: ${worst.toFixed(2)} bytes a sample, expected less than 2`);
}

function makeData(kind: DataKind, interval: Interval): Data {
  const random = seededRandom(dataKinds.indexOf(kind) * 10 + intervals.indexOf(interval));
  const times = new Float64Array(SAMPLES);
  for (let step = 0, at = START; step < SAMPLES; at += interval.next(random), step++) times[step] = at;
  const values = Array.from({ length: SERIES }, (_, index) => Float64Array.from(times, makeValue(kind.series(random, index))));
  return { times, values };
}

function makeValue(next: (step: number) => number): (time: number, step: number) => number {
  return (_, step) => next(step);
}

/** The bytes of the chunks files, times included, after a flush of a database that has nothing but the data. */
async function storedBytes(data: Data): Promise<number> {
  const folder = temporaryFolder();
  try {
    const config = tsdb.config['~standard'].validate({ retention: '1000y' });
    if (config instanceof Promise || config.issues !== undefined) throw new Error('the configuration is refused');
    const storage = await tsdb.open(config.value, testHost({ dataDir: folder.path }));
    await write(storage, data);
    await storage.flush(new AbortController().signal);
    await check(storage, data);
    await storage.close();
    const blocks = join(folder.path, 'blocks');
    return readdirSync(blocks).reduce((sum, block) => sum + statSync(join(blocks, block, 'chunks')).size, 0);
  } finally {
    folder.remove();
  }
}

async function write(storage: Storage, { times, values }: Data): Promise<void> {
  const refs = Uint32Array.from(values, (_, i) => storage.index.create(Labels.from([['__name__', 'bench'], ['series', String(i)]])));
  for (const [step, time] of times.entries()) {
    const row = Float64Array.from(values, (column) => column[step] ?? NaN);
    const report = storage.append({ count: refs.length, refs, times: new Float64Array(refs.length).fill(time), values: row });
    if (report.rejected.length > 0) throw new Error(`sample refused: ${report.verdicts[0] ?? ''}`);
    if (step % 40 === 39) await storage.commit();
  }
}

/** Throws when not every sample comes back with the bits it had. */
async function check(storage: Storage, { times, values }: Data): Promise<void> {
  const { signal } = new AbortController();
  const range = { start: times[0] ?? 0, end: times.at(-1) ?? 0 };
  const view = storage.view(range);
  const list = await view.find([], Infinity, signal);
  const [level] = view.levels;
  if (level === undefined || list.size !== values.length) throw new Error(`${list.size} series come back of ${values.length}`);
  const set = await view.load(list, { level, columns: ['value'], range }, signal);
  for (let i = 0; i < set.size; i++) {
    const into = new Float64Array(set.capacity(set.timeGroup[i] ?? 0));
    const count = set.values(i, 'value', into);
    const stored = Buffer.from(into.buffer, 0, count * 8);
    const wanted = values[Number(set.labels(i).get('series'))];
    if (wanted === undefined || !stored.equals(Buffer.from(wanted.buffer))) throw new Error(`series ${i} comes back with other bits`);
  }
  view.release();
}
