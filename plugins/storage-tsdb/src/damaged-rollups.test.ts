import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Labels, matcher } from '@metrics-dashboard/sdk';
import type { Column, Level, LogFields, Logger, StorageView } from '@metrics-dashboard/sdk';
import { ManualClock, Random, testHost } from '@metrics-dashboard/sdk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTsdb } from './tsdb.js';
import type { Tsdb } from './tsdb.js';

const never = new AbortController().signal;
const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = START + 9 * HOUR;
const SERIES = 6;
const POSITIONS = Number(process.env['DAMAGE_POSITIONS'] ?? 60);
const SEED = Number(process.env['DAMAGE_SEED'] ?? 20_260_101);
const COLUMNS: readonly Column[] = ['min', 'max', 'sum', 'count', 'first', 'last', 'increaseWithin', 'firstTime', 'lastTime'];

/** Raw samples and windows by series and time, as the text of their columns. */
interface Contents {
  readonly raw: ReadonlyMap<string, string>;
  readonly windows: ReadonlyMap<string, string>;
}

let root: string;
let whole: string;
let intact: Contents;

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-damaged-rollups-'));
  whole = path.join(root, 'whole');
  const dice = new Random(SEED);
  const storage = await open(whole, [], START);
  const refs = Array.from({ length: SERIES }, (_, i) => storage.index.create(Labels.of({ __name__: 'c_total', i: String(i) })));
  for (let minute = 1; minute < 9 * 60; minute++) {
    storage.append({
      count: SERIES,
      refs: Uint32Array.from(refs),
      times: new Float64Array(SERIES).fill(START + minute * MINUTE),
      values: Float64Array.from(refs, () => minute * 10 + dice.below(10)),
    });
  }
  await storage.commit();
  await storage.close();
  const later = await open(whole, [], NOW);
  await later.flush(never);
  // Tombstones on samples, and on windows alone.
  await later.deleteSeries([matcher('i', '=', '1')], { start: NOW - HOUR, end: NOW - 50 * MINUTE }, never);
  await later.deleteSeries([matcher('i', '=', '2')], { start: START + HOUR, end: START + 2 * HOUR }, never);
  intact = await read(later);
  await later.close();
});

afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

async function open(dataDir: string, lines: string[], now: number): Promise<Tsdb> {
  const note = (message: string, fields: LogFields = {}): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Logger = { debug: () => undefined, info: note, warn: note, error: note, with: () => log };
  fs.mkdirSync(dataDir, { recursive: true });
  const config = { retention: 2 * HOUR, outOfOrderWindow: 1000 * HOUR, rollups: [{ resolution: 5 * MINUTE, retention: 1000 * HOUR }] };
  return openTsdb(config, testHost({ dataDir, clock: new ManualClock(now), log }));
}

async function read(storage: Tsdb): Promise<Contents> {
  const view = storage.view({ start: 0, end: 8.64e15 });
  try {
    const [raw, windows] = view.levels;
    return { raw: raw === undefined ? new Map() : await readLevel(view, raw, ['value']), windows: windows === undefined ? new Map() : await readLevel(view, windows, COLUMNS) };
  } finally {
    view.release();
  }
}

async function readLevel(view: StorageView, level: Level, columns: readonly Column[]): Promise<Map<string, string>> {
  const set = await view.load(await view.find([], 100, never), { level, columns, range: level.range }, never);
  const found = new Map<string, string>();
  for (let i = 0; i < set.size; i++) {
    const room = set.capacity(set.timeGroup[i] as number);
    const times = new Float64Array(room);
    const count = set.times(set.timeGroup[i] as number, times);
    const values = columns.map((column) => {
      const into = new Float64Array(room);
      set.values(i, column, into);
      return into;
    });
    for (let k = 0; k < count; k++) found.set(`${set.labels(i).toString()} ${times[k]}`, values.map((one) => one[k]).join(' '));
  }
  return found;
}

function filesBelow(folder: string): readonly string[] {
  return fs.readdirSync(folder, { recursive: true }).map(String).filter((name) => fs.statSync(path.join(folder, name)).isFile());
}

/** Flips a bit, or cuts the file there. */
function damage(file: string, dice: Random): string {
  const bytes = fs.readFileSync(file);
  const at = dice.below(bytes.length);
  if (dice.chance(0.25)) {
    fs.truncateSync(file, at);
    return `cut at ${at} of ${bytes.length}`;
  }
  const bit = dice.below(8);
  bytes[at] = (bytes[at] as number) ^ (1 << bit);
  fs.writeFileSync(file, bytes);
  return `bit ${bit} of byte ${at} of ${bytes.length}`;
}

function assertPart(got: ReadonlyMap<string, string>, all: ReadonlyMap<string, string>): void {
  for (const [key, value] of got) expect([key, value]).toEqual([key, all.get(key)]);
}

describe('a flipped bit or a cut in rollups, tombstones, or what says how far raw samples go', () => {
  it(`gives no wrong value, takes nothing but its own block, and brings back nothing deleted, ${POSITIONS} times`, async () => {
    const dice = new Random(SEED + 1);
    const files = filesBelow(whole).filter((name) => name.startsWith('rollups') || name.endsWith('tombstones'));
    expect(files.filter((name) => name.endsWith('tombstones')).length).toBeGreaterThanOrEqual(2);
    for (let i = 0; i < POSITIONS; i++) {
      const name = files[dice.below(files.length)] as string;
      const folder = path.join(root, `damaged-${i}`);
      fs.cpSync(whole, folder, { recursive: true });
      const what = `${name}: ${damage(path.join(folder, name), dice)}, seed ${SEED}`;
      const lines: string[] = [];
      const storage = await open(folder, lines, NOW);
      try {
        const found = await read(storage);
        assertPart(found.raw, intact.raw);
        assertPart(found.windows, intact.windows);
        if (!name.includes('blocks')) expect(found.raw.size, what).toBe(intact.raw.size);
        if (!name.startsWith('rollups/5m')) expect(found.windows.size, what).toBe(intact.windows.size);
        const isSaid = lines.some((line) => line.includes('damaged'));
        expect(isSaid || found.windows.size === intact.windows.size, what).toBe(true);
        // It goes on with what is left.
        await storage.flush(never);
        const later = await read(storage);
        assertPart(later.raw, intact.raw);
        assertPart(later.windows, intact.windows);
        expect(later.raw.size, what).toBe(found.raw.size);
      } catch (error) {
        throw new Error(what, { cause: error });
      } finally {
        await storage.close();
        fs.rmSync(folder, { recursive: true });
      }
    }
  }, 120_000);
});
