import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Labels } from '@metrics-dashboard/sdk';
import type { LogFields, Logger, StorageBackend } from '@metrics-dashboard/sdk';
import { ManualClock, Random, testHost } from '@metrics-dashboard/sdk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTsdb } from './tsdb.js';
import type { Tsdb } from './tsdb.js';

const never = new AbortController().signal;
const START = Date.UTC(2026, 0, 1) + 1000;
const SERIES = 12;
const POSITIONS = Number(process.env['DAMAGE_POSITIONS'] ?? 100);
const SEED = Number(process.env['DAMAGE_SEED'] ?? 20_260_101);

/** A part of the data folder in which damage stays: a segment of the log, or a block. */
type Part = string;

let root: string;
/** A folder as a crash leaves it: two blocks, three segments of the log, deletions, checkpoints. */
let whole: string;
/** The value of each sample, by labels and time, and the part that holds it. */
const model = new Map<string, { readonly bits: bigint; readonly part: Part }>();

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-damage-'));
  whole = path.join(root, 'whole');
  const random = new Random(SEED);
  for (const [life, hours] of [0.1, 2.1, 4.1, 4.5, 5].entries()) {
    const storage = await open(whole, []);
    const from = START + hours * 3600_000;
    const written = await write(storage, from, random);
    if (life < 2) await storage.flush(never);
    const folder = life < 2 ? 'blocks' : 'wal';
    const newest = fs.readdirSync(path.join(whole, folder)).filter((name) => /^\d+$/.test(name)).sort().at(-1) ?? '';
    for (const [key, bits] of written) model.set(key, { bits, part: path.join(folder, newest) });
    await storage.close();
  }
});

afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

describe('a flipped bit or a cut at any position of any file', () => {
  it(`loses nothing that is not in the same segment or block, says what is lost, and gives no wrong value, ${POSITIONS} times`, async () => {
    const random = new Random(SEED + 1);
    const files = filesBelow(whole).filter((file) => /^(wal|blocks)/.test(file));
    const weights = files.map((file) => fs.statSync(path.join(whole, file)).size);
    for (let i = 0; i < POSITIONS; i++) {
      // Half of the positions by size, half by file: small files matter as much.
      const file = random.chance(0.5) ? files[random.below(files.length)] : pick(random, files, weights);
      if (file === undefined) continue;
      const size = fs.statSync(path.join(whole, file)).size;
      const at = random.below(size);
      const bit = random.chance(0.75) ? random.below(8) : undefined;
      const what = `${file} of ${size} bytes, ${bit === undefined ? `cut at ${at}` : `bit ${bit} of byte ${at}`}, seed ${SEED}`;
      const folder = path.join(root, `damaged-${i}`);
      fs.cpSync(whole, folder, { recursive: true });
      damage(path.join(folder, file), at, bit);
      // Where the last segment ends, nothing can tell: no byte was written after it.
      const isUnknowable = bit === undefined && file === files.findLast((one) => /^wal.\d+$/.test(one));
      await expectIntactRest(folder, { damaged: partOf(file), isUnknowable }, what);
      fs.rmSync(folder, { recursive: true });
    }
  }, Math.max(600_000, POSITIONS * 1000));
});

async function expectIntactRest(folder: string, { damaged, isUnknowable }: { damaged: Part; isUnknowable: boolean }, what: string): Promise<void> {
  const lines: string[] = [];
  const storage = await open(folder, lines);
  const found = await everything(storage, what);
  let lost = 0;
  for (const [key, { bits, part }] of model) {
    const met = found.get(key);
    if (met === undefined) {
      lost++;
      expect(part, `${key} is lost: ${what}`).toBe(damaged);
    } else {
      expect(met, `${key}: ${what}`).toBe(bits);
    }
  }
  expect(found.size, `samples that never were: ${what}`).toBe(model.size - lost);
  if (lost > 0 && !isUnknowable) expect(lines.length, `silent loss of ${lost} samples: ${what}`).toBeGreaterThan(0);
  await storage.close();
}

/** Some samples of each series, a part of them late. Answers what was stored. */
async function write(storage: Tsdb, from: number, random: Random): Promise<Map<string, bigint>> {
  const written = new Map<string, bigint>();
  for (let step = 0; step < 25; step++) {
    for (let i = 0; i < SERIES; i++) {
      const labels = Labels.of({ __name__: `metric_${i % 3}`, instance: `host-${i}`, region: 'a' });
      const time = from + step * 15_000 - (random.chance(0.1) ? 7000 + i : 0);
      const value = random.below(1000) / 8;
      const refs = Uint32Array.of(storage.index.create(labels));
      storage.append({ count: 1, refs, times: Float64Array.of(time), values: Float64Array.of(value) });
      written.set(`${String(labels)} ${time}`, bitsOf(value));
    }
    if (step % 3 === 0) await storage.commit();
  }
  await storage.commit();
  return written;
}

function damage(file: string, at: number, bit: number | undefined): void {
  if (bit === undefined) return fs.truncateSync(file, at);
  const bytes = fs.readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
  fs.writeFileSync(file, bytes);
}

async function open(dataDir: string, lines: string[]): Promise<Tsdb> {
  const host = testHost({ dataDir, clock: new ManualClock(START + 6 * 3600_000), log: collecting(lines) });
  return openTsdb({ retention: 86_400_000, outOfOrderWindow: 600_000, rollups: [] }, host);
}

/** The bits of every sample, by labels and time. */
async function everything(storage: StorageBackend, what: string): Promise<Map<string, bigint>> {
  const range = { start: 0, end: 8.64e15 };
  const view = storage.view(range);
  try {
    const list = await view.find([], Infinity, never);
    const [level] = view.levels;
    const all = new Map<string, bigint>();
    if (level === undefined) return all;
    const set = await view.load(list, { level, columns: ['value'], range }, never);
    for (let i = 0; i < set.size; i++) {
      const group = set.timeGroup[i] ?? 0;
      const times = new Float64Array(set.capacity(group));
      const values = new Float64Array(set.capacity(group));
      set.times(group, times);
      const bits = new BigUint64Array(values.buffer);
      for (let k = 0, count = set.values(i, 'value', values); k < count; k++) {
        const key = `${String(set.labels(i))} ${times[k]}`;
        expect(all.has(key), `${key} twice: ${what}`).toBe(false);
        all.set(key, bits[k] ?? 0n);
      }
    }
    return all;
  } finally {
    view.release();
  }
}

function collecting(lines: string[]): Logger {
  const note = (message: string, fields: LogFields = {}): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { debug: () => undefined, info: () => undefined, warn: note, error: note, with: () => collecting(lines) };
}

function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile() && fs.statSync(path.join(folder, name)).size > 0)
    .sort();
}

function pick(random: Random, files: readonly string[], weights: readonly number[]): string | undefined {
  let at = random.below(weights.reduce((sum, weight) => sum + weight, 0));
  return files.find((_, i) => (at -= weights[i] ?? 0) < 0);
}

function partOf(file: string): Part {
  return file.startsWith('blocks') ? path.dirname(file) : file;
}

function bitsOf(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n;
}
