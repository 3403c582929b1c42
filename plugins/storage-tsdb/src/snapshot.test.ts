import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Labels, matcher } from '@metrics-dashboard/sdk';
import { ManualClock, testHost } from '@metrics-dashboard/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTsdb } from './tsdb.js';
import type { Tsdb } from './tsdb.js';

const never = new AbortController().signal;
const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ALWAYS = { start: 0, end: 8.64e15 };

let root: string;
let clock: ManualClock;
let opened: Tsdb[];

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-snapshot-'));
  clock = new ManualClock(START);
  opened = [];
});

afterEach(async () => {
  for (const storage of opened) await storage.close();
  fs.rmSync(root, { recursive: true, force: true });
});

async function open(name: string): Promise<Tsdb> {
  const dataDir = path.join(root, name);
  fs.mkdirSync(dataDir, { recursive: true });
  const config = { retention: 2 * HOUR, outOfOrderWindow: HOUR, rollups: [{ resolution: 5 * MINUTE, retention: 100 * HOUR }] };
  const storage = await openTsdb(config, testHost({ dataDir, clock }));
  opened.push(storage);
  return storage;
}

const NAMES = ['a', 'b', 'c'];

/** Each minute a sample of each series, with the minute as its value. */
async function fill(storage: Tsdb, from: number, to: number): Promise<void> {
  const refs = NAMES.map((name) => storage.index.create(Labels.of({ __name__: name })));
  for (let minute = from; minute <= to; minute++) {
    storage.append({
      count: refs.length,
      refs: Uint32Array.from(refs),
      times: new Float64Array(refs.length).fill(START + minute * MINUTE),
      values: new Float64Array(refs.length).fill(minute),
    });
  }
  await storage.commit();
  await clock.advance((to - from + 1) * MINUTE);
}

/** The values of a series, by level. */
async function read(storage: Tsdb, name: string): Promise<number[][]> {
  const view = storage.view(ALWAYS);
  try {
    const list = await view.find([matcher('__name__', '=', name)], 10, never);
    const all: number[][] = [];
    for (const level of view.levels) {
      const column = level.resolution === 0 ? 'value' : 'last';
      const set = await view.load(list, { level, columns: [column], range: level.range }, never);
      const values = new Float64Array(list.size === 0 ? 0 : set.capacity(0));
      all.push(list.size === 0 ? [] : [...values.subarray(0, set.values(0, column, values))]);
    }
    return all;
  } finally {
    view.release();
  }
}

const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a snapshot', () => {
  it('has what was committed before, in blocks, windows and the log, and nothing of what came after', async () => {
    const storage = await open('data');
    await fill(storage, 1, 400);
    await storage.flush(never);
    await fill(storage, 401, 430);
    await storage.snapshot(path.join(root, 'copy'), { withHead: true }, never);
    const before = await read(storage, 'a');
    await fill(storage, 431, 900);
    await storage.deleteSeries([matcher('__name__', '=', 'b')], ALWAYS, never);
    await storage.flush(never);
    const copy = await open('copy');
    for (const name of NAMES) expect(await read(copy, name)).toEqual(before);
    expect(before[0]?.at(-1)).toBe(430);
    expect(before[1]?.slice(0, 3)).toEqual([5, 10, 15]);
    // It is a storage like any other.
    await fill(copy, 901, 910);
    await copy.flush(never);
    await copy.close();
    expect((await read(await open('copy'), 'c'))[0]?.at(-1)).toBe(910);
    expect(await read(storage, 'b')).toEqual([[], []]);
  });

  it('without the head has what is in blocks, and no log', async () => {
    const storage = await open('data');
    await fill(storage, 1, 100);
    await storage.flush(never);
    await fill(storage, 101, 110);
    await storage.deleteSeries([matcher('__name__', '=', 'c')], { start: START, end: START + 20 * MINUTE }, never);
    await fill(storage, 111, 120);
    await storage.snapshot(path.join(root, 'copy'), { withHead: false }, never);
    expect(fs.existsSync(path.join(root, 'copy', 'wal'))).toBe(false);
    const copy = await open('copy');
    // A deletion seals the head.
    expect((await read(copy, 'a'))[0]).toEqual(upTo(1, 110));
    expect((await read(copy, 'c'))[0]).toEqual(upTo(21, 110));
  });

  it('of an empty storage is an empty storage', async () => {
    const storage = await open('data');
    await storage.snapshot(path.join(root, 'copy'), { withHead: true }, never);
    expect((await read(await open('copy'), 'a'))[0]).toEqual([]);
  });

  it('that can not be made leaves nothing', async () => {
    const storage = await open('data');
    await fill(storage, 1, 10);
    await expect(storage.snapshot(path.join(root, 'nowhere', 'copy'), { withHead: true }, never)).rejects.toThrow('no such file');
    const aborted = AbortSignal.abort(new Error('changed my mind'));
    await expect(storage.snapshot(path.join(root, 'copy'), { withHead: true }, aborted)).rejects.toThrow('changed my mind');
    expect(fs.readdirSync(root)).toEqual(['data']);
  });

  it('shares the bytes of blocks with the storage', async () => {
    const storage = await open('data');
    await fill(storage, 1, 100);
    await storage.flush(never);
    await storage.snapshot(path.join(root, 'copy'), { withHead: true }, never);
    const files = fs.readdirSync(path.join(root, 'copy', 'blocks'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const { parentPath, name } of files) expect(fs.statSync(path.join(parentPath, name)).nlink).toBe(2);
  });
});
