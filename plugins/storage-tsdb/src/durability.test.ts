import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Labels, StorageError } from '@metrics-dashboard/sdk';
import type { Matcher, SeriesRef, StorageBackend } from '@metrics-dashboard/sdk';
import { ManualClock, Random, testHost } from '@metrics-dashboard/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disk } from './disk.js';
import { realDisk } from './disk.js';
import { openTsdb } from './tsdb.js';
import type { Tsdb } from './tsdb.js';

const never = new AbortController().signal;
const START = Date.UTC(2026, 0, 1);
const ALL: readonly Matcher[] = [];

let root: string;
let opened: StorageBackend[];

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-durability-'));
  opened = [];
});

afterEach(async () => {
  for (const storage of opened) await storage.close();
  fs.rmSync(root, { recursive: true, force: true });
});

async function open(dataDir: string, disk: Disk = realDisk): Promise<Tsdb> {
  const host = testHost({ dataDir, clock: new ManualClock(START) });
  const storage = await openTsdb({ retention: 86_400_000, outOfOrderWindow: 600_000, rollups: [] }, host, disk);
  opened.push(storage);
  return storage;
}

function offer(storage: StorageBackend, ref: SeriesRef, time: number, value: number): boolean {
  const report = storage.append({
    count: 1,
    refs: Uint32Array.of(ref),
    times: Float64Array.of(time),
    values: Float64Array.of(value),
  });
  return report.accepted === 1;
}

/** Every sample, `labels time` to the value's bits. */
async function everything(storage: StorageBackend): Promise<Map<string, bigint>> {
  const range = { start: 0, end: 8.64e15 };
  const view = storage.view(range);
  try {
    const list = await view.find(ALL, 1e9, never);
    const level = view.levels[0];
    if (level === undefined) throw new Error('no level');
    const set = await view.load(list, { level, columns: ['value'], range }, never);
    const all = new Map<string, bigint>();
    for (let i = 0; i < set.size; i++) {
      const room = set.capacity(set.timeGroup[i] as number);
      const times = new Float64Array(room);
      const values = new Float64Array(room);
      const count = set.times(set.timeGroup[i] as number, times);
      expect(set.values(i, 'value', values)).toBe(count);
      const bits = new BigUint64Array(values.buffer);
      for (let k = 0; k < count; k++) {
        const key = `${String(set.labels(i))} ${times[k]}`;
        expect(all.has(key)).toBe(false);
        all.set(key, bits[k] as bigint);
      }
    }
    return all;
  } finally {
    view.release();
  }
}

function bitsOf(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0] as bigint;
}

describe('a crash', () => {
  it.each([1, 2, 3, 4])('at a random moment loses nothing acknowledged, seed %i', async (seed) => {
    const dice = new Random(seed);
    let folder = path.join(root, 'data-0');
    let storage = await open(folder);
    const model = new Map<string, bigint>();
    const newest = new Map<string, number>();
    for (let life = 0; life < 4; life++) {
      for (let round = 0; round < 25; round++) {
        const base = START + (life * 25 + round) * 120_000;
        const accepted: (readonly [string, bigint])[] = [];
        for (let i = 1 + dice.below(20); i > 0; i--) {
          const labels = Labels.of({ __name__: 'm', i: String(dice.below(8)) });
          const name = labels.toString();
          const time = dice.chance(0.8) ? base : Math.max(0, (newest.get(name) ?? base) - dice.below(600) * 1000);
          const value = dice.below(4) / 3;
          if (!offer(storage, storage.index.create(labels), time, value)) continue;
          newest.set(name, Math.max(newest.get(name) ?? 0, time));
          const key = `${name} ${time}`;
          if (!model.has(key)) accepted.push([key, bitsOf(value)]);
          if (!model.has(key)) model.set(key, bitsOf(value));
          else expect(model.get(key), key).toBe(bitsOf(value));
        }
        await storage.commit();
        if (dice.chance(0.06)) await storage.flush(never);
      }
      expect(await everything(storage), `before crash ${life}`).toEqual(model);
      // The disk as it is while a flush may be under way.
      const flushing = dice.chance(0.5) ? storage.flush(never) : undefined;
      for (let i = dice.below(12); i > 0; i--) await new Promise((resolve) => setImmediate(resolve));
      const next = path.join(root, `data-${life + 1}`);
      fs.cpSync(folder, next, { recursive: true });
      await flushing;
      await storage.close();
      folder = next;
      storage = await open(folder);
      expect(await everything(storage), `after crash ${life}`).toEqual(model);
    }
  });

  it('leaves a folder that serves what is in blocks when the log is not copied with it', async () => {
    const storage = await open(path.join(root, 'a'));
    const ref = storage.index.create(Labels.of({ __name__: 'up' }));
    offer(storage, ref, START, 1);
    await storage.flush(never);
    offer(storage, ref, START + 1000, 2);
    await storage.commit();
    fs.cpSync(path.join(root, 'a'), path.join(root, 'b'), { recursive: true });
    fs.rmSync(path.join(root, 'b', 'wal'), { recursive: true });
    expect(await everything(await open(path.join(root, 'b')))).toEqual(new Map([[`up ${START}`, bitsOf(1)]]));
  });
});

describe('a disk that fails', () => {
  function failing(): { disk: Disk; fail: { sync?: Error; write?: Error; create?: Error } } {
    const fail: { sync?: Error; write?: Error; create?: Error } = {};
    const disk: Disk = {
      ...realDisk,
      create: (file) => {
        if (fail.create !== undefined) throw fail.create;
        return realDisk.create(file);
      },
      write: (fd, bytes) => {
        if (fail.write !== undefined) {
          realDisk.write(fd, bytes.subarray(0, bytes.length >> 1));
          throw fail.write;
        }
        realDisk.write(fd, bytes);
      },
      sync: (fd) => (fail.sync === undefined ? realDisk.sync(fd) : Promise.reject(fail.sync)),
    };
    return { disk, fail };
  }

  it.each(['sync', 'write', 'create'] as const)('at %s is never taken for success', async (call) => {
    const { disk, fail } = failing();
    const folder = path.join(root, 'data');
    const storage = await open(folder, disk);
    const ref = storage.index.create(Labels.of({ __name__: 'up' }));
    if (call !== 'create') {
      offer(storage, ref, START, 1);
      await storage.commit();
    }
    fail[call] = new Error('no space left on device');
    offer(storage, ref, START + 1000, 2);
    const first = storage.commit();
    // Judged while the other is under way: it repeats a sample that will be lost.
    offer(storage, ref, START + 1000, 2);
    const second = storage.commit();
    const error = await first.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StorageError);
    expect(error instanceof StorageError && error.retryable).toBe(true);
    await expect(second).rejects.toThrow(StorageError);
    const before = call === 'create' ? new Map() : new Map([[`up ${START}`, bitsOf(1)]]);
    expect(await everything(storage)).toEqual(before);
    delete fail[call];
    // The sender tries again, with another value even: nothing of the first attempt is left.
    expect(offer(storage, ref, START + 1000, 3)).toBe(true);
    await storage.commit();
    const after = new Map([...before, [`up ${START + 1000}`, bitsOf(3)]]);
    expect(await everything(storage)).toEqual(after);
    await storage.close();
    expect(await everything(await open(folder))).toEqual(after);
  });

  it('does not lose what was appended and not yet committed by somebody else', async () => {
    const { disk, fail } = failing();
    const storage = await open(path.join(root, 'data'), disk);
    const a = storage.index.create(Labels.of({ __name__: 'a' }));
    const b = storage.index.create(Labels.of({ __name__: 'b' }));
    fail.sync = new Error('i/o error');
    offer(storage, a, START, 1);
    const lost = storage.commit();
    offer(storage, b, START, 2);
    await expect(lost).rejects.toThrow(StorageError);
    delete fail.sync;
    await storage.commit();
    expect(await everything(storage)).toEqual(new Map([[`b ${START}`, bitsOf(2)]]));
  });

  it('in a seal leaves everything where it was', async () => {
    const { disk, fail } = failing();
    const folder = path.join(root, 'data');
    const storage = await open(folder, disk);
    const ref = storage.index.create(Labels.of({ __name__: 'up' }));
    offer(storage, ref, START, 1);
    await storage.commit();
    fail.create = new Error('no space left on device');
    await expect(storage.flush(never)).rejects.toThrow(/write block/);
    const all = new Map([[`up ${START}`, bitsOf(1)]]);
    expect(await everything(storage)).toEqual(all);
    delete fail.create;
    await storage.flush(never);
    expect(await everything(storage)).toEqual(all);
    expect(storage.stats()).toMatchObject({ blocks: 1, headSamples: 0 });
  });
});

describe('commits', () => {
  it('that come at any moment of another are all answered', async () => {
    const storage = await open(path.join(root, 'data'));
    const ref = storage.index.create(Labels.of({ __name__: 'up' }));
    let time = START;
    for (let ticks = 0; ticks < 12; ticks++) {
      offer(storage, ref, time++, 1);
      const first = storage.commit();
      let isDone = false;
      void first.then(() => (isDone = true));
      while (!isDone) await Promise.race([first, new Promise((resolve) => setImmediate(resolve))]);
      for (let i = 0; i < ticks; i++) await Promise.resolve();
      offer(storage, ref, time++, 1);
      await storage.commit();
      await Promise.all([storage.flush(never), storage.commit()]);
    }
    expect((await everything(storage)).size).toBe(24);
  });

  it('of many senders share a sync', async () => {
    let syncs = 0;
    const counting: Disk = {
      ...realDisk,
      sync: (fd) => {
        syncs++;
        return realDisk.sync(fd);
      },
    };
    const storage = await open(path.join(root, 'data'), counting);
    const refs = Array.from({ length: 50 }, (_, i) => storage.index.create(Labels.of({ __name__: 'up', i: String(i) })));
    await storage.commit();
    syncs = 0;
    await Promise.all(
      refs.map((ref) => {
        offer(storage, ref, START, 1);
        return storage.commit();
      }),
    );
    expect(syncs).toBe(1);
    expect((await everything(storage)).size).toBe(50);
  });
});
