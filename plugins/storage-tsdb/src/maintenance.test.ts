import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Labels } from '@metrics-dashboard/sdk';
import type { LogFields, Logger, SeriesRef, StorageView } from '@metrics-dashboard/sdk';
import { ManualClock, Random, settle, testHost } from '@metrics-dashboard/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeMeta, encodeMeta } from './block-meta.js';
import { BLOCK_RANGE } from './head.js';
import { openTsdb } from './tsdb.js';
import type { Tsdb } from './tsdb.js';

const never = new AbortController().signal;
const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let root: string;
let clock: ManualClock;
let lines: string[];
let opened: Tsdb[];

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-maintenance-'));
  clock = new ManualClock(START);
  lines = [];
  opened = [];
});

afterEach(async () => {
  for (const storage of opened) await storage.close();
  fs.rmSync(root, { recursive: true, force: true });
});

async function open(retention = 24 * HOUR): Promise<Tsdb> {
  const storage = await openTsdb(
    { retention, outOfOrderWindow: 10 * MINUTE, rollups: [] },
    testHost({ dataDir: root, clock, log: collecting() }),
  );
  opened.push(storage);
  return storage;
}

function collecting(): Logger {
  const note = (message: string, fields: LogFields = {}): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { debug: note, info: note, warn: note, error: note, with: collecting };
}

const up = (instance: string): Labels => Labels.of({ __name__: 'up', instance });

/** A scrape of some series at the clock's time, each with the minute since the start as its value. */
async function scrape(storage: Tsdb, refs: readonly SeriesRef[]): Promise<void> {
  const count = refs.length;
  storage.append({
    count,
    refs: Uint32Array.from(refs),
    times: new Float64Array(count).fill(clock.now()),
    values: new Float64Array(count).fill((clock.now() - START) / MINUTE),
  });
  await storage.commit();
}

/** Scrapes every minute, the background work running beside. */
async function scrapeFor(storage: Tsdb, minutes: number, refs: readonly SeriesRef[]): Promise<void> {
  for (let i = 0; i < minutes; i++) {
    await clock.advance(MINUTE);
    await scrape(storage, refs);
  }
}

/** Lets the background work come round until something is true; it waits for files, so the clock is moved slowly. */
async function rest(done: () => boolean): Promise<void> {
  for (let i = 0; i < 100_000 && !done(); i++) {
    if (i % 2000 === 1999) await clock.advance(MINUTE / 2);
    else await settle();
  }
  expect(done(), lines.join('\n')).toBe(true);
}

/** The times and values of a series, and the number of time groups beside. */
async function read(view: StorageView, labels: Labels): Promise<{ minutes: number[]; groups: number }> {
  const list = await view.find([], 1000, never);
  const level = view.levels[0];
  if (level === undefined) throw new Error('no level');
  const set = await view.load(list, { level, columns: ['value'], range: level.range }, never);
  const minutes: number[] = [];
  for (let i = 0; i < set.size; i++) {
    if (!set.labels(i).equals(labels)) continue;
    const group = set.timeGroup[i] as number;
    const times = new Float64Array(set.capacity(group));
    const values = new Float64Array(set.capacity(group));
    const count = set.times(group, times);
    set.values(i, 'value', values);
    for (let k = 0; k < count; k++) {
      expect(values[k]).toBe(((times[k] as number) - START) / MINUTE);
      minutes.push(values[k] as number);
    }
  }
  return { minutes, groups: set.groups };
}

const range = { start: 0, end: 8.64e15 };
const minutes = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('sealing', () => {
  it('turns a range into a block an hour after its end, while samples go on coming', async () => {
    const storage = await open();
    const refs = ['a', 'b', 'c'].map((instance) => storage.index.create(up(instance)));
    const before = storage.view(range);
    await scrapeFor(storage, 185, refs);
    await rest(() => storage.stats().blocks === 1);
    await rest(() => storage.stats().headRange.start > START + BLOCK_RANGE);
    expect(storage.stats().headSamples).toBe(3 * (185 - 120));
    expect((await read(before, up('a'))).minutes).toEqual([]);
    before.release();
    const view = storage.view(range);
    expect(await read(view, up('b'))).toEqual({ minutes: minutes(1, 185), groups: 1 });
    view.release();
    expect(storage.stats().details['walSegments']).toBeGreaterThan(0);
  });

  it('keeps what a view saw while it is open', async () => {
    const storage = await open();
    const refs = ['a', 'b'].map((instance) => storage.index.create(up(instance)));
    await scrapeFor(storage, 150, refs);
    const view = storage.view(range);
    await scrapeFor(storage, 60, refs);
    await rest(() => storage.stats().blocks === 1);
    await storage.flush(never);
    await storage.flush(never);
    expect((await read(view, up('a'))).minutes).toEqual(minutes(1, 150));
    view.release();
    const later = storage.view(range);
    expect((await read(later, up('a'))).minutes).toEqual(minutes(1, 210));
    later.release();
  });

  it('merges what is flushed again and again into one block for each range', async () => {
    const storage = await open();
    const refs = [storage.index.create(up('a'))];
    for (let i = 0; i < 10; i++) {
      await scrapeFor(storage, 30, refs);
      await storage.flush(never);
    }
    expect(storage.stats().blocks).toBe(3);
    expect(storage.stats().details['blockSamples']).toBe(300);
    const view = storage.view(range);
    expect((await view.find([], 10, never)).blocks).toBe(3);
    expect((await read(view, up('a'))).minutes).toEqual(minutes(1, 300));
    view.release();
    await storage.close();
    expect(fs.readdirSync(path.join(root, 'blocks'))).toHaveLength(3);
  });

  it('still refuses and knows samples that are in blocks', async () => {
    const storage = await open();
    const ref = storage.index.create(up('a'));
    await scrapeFor(storage, 30, [ref]);
    await storage.flush(never);
    const offer = (minute: number, value: number): readonly string[] =>
      storage.append({
        count: 1,
        refs: Uint32Array.of(ref),
        times: Float64Array.of(START + minute * MINUTE),
        values: Float64Array.of(value),
      }).verdicts;
    expect(offer(30, 30)).toEqual([]);
    expect(offer(30, 31)).toEqual(['duplicate']);
    expect(offer(25, 25)).toEqual([]);
    expect(offer(25, 24)).toEqual(['duplicate']);
    expect(offer(25.5, 25.5)).toEqual([]);
    expect(offer(19, 19)).toEqual(['too-old']);
    await storage.commit();
    const view = storage.view(range);
    expect((await read(view, up('a'))).minutes).toEqual([...minutes(1, 25), 25.5, ...minutes(26, 30)]);
    view.release();
  });

  it('knows after a restart how far the series of the newest blocks went', async () => {
    const first = await open();
    await scrapeFor(first, 30, [first.index.create(up('a'))]);
    await first.flush(never);
    await first.close();
    const storage = await open();
    const ref = storage.index.create(up('a'));
    const report = storage.append({
      count: 3,
      refs: Uint32Array.of(ref, ref, ref),
      times: Float64Array.of(START + 5 * MINUTE, START + 30 * MINUTE, START + 31 * MINUTE),
      values: Float64Array.of(5, 7, 31),
    });
    expect(report.verdicts).toEqual(['too-old', 'duplicate']);
  });
});

describe('what came after a flush', () => {
  it('is there after two restarts, with no segment of the log left from before', async () => {
    let storage = await open();
    await scrapeFor(storage, 30, [storage.index.create(up('a'))]);
    await storage.flush(never);
    await storage.close();
    storage = await open();
    await scrapeFor(storage, 10, [storage.index.create(up('a'))]);
    await storage.close();
    storage = await open();
    const view = storage.view(range);
    expect((await read(view, up('a'))).minutes).toEqual(minutes(1, 40));
    view.release();
  });
});

describe('retention', () => {
  it('deletes blocks when all of their samples are too old, and old samples of the head with them', async () => {
    const storage = await open(4 * HOUR);
    const ref = storage.index.create(up('a'));
    await scrapeFor(storage, 30, [ref]);
    await storage.flush(never);
    await scrapeFor(storage, 30, [ref]);
    expect(storage.stats()).toMatchObject({ blocks: 1, headSamples: 30 });
    await clock.advance(7 * HOUR);
    await rest(() => storage.stats().blocks === 0 && storage.stats().headSamples === 0);
    await storage.flush(never);
    expect(storage.stats().diskBytes).toBe(0);
    expect(fs.readdirSync(path.join(root, 'blocks'))).toEqual([]);
  });
});

describe('series that ended', () => {
  it('leave the head when nothing of them is in it, and their refs are not used again', async () => {
    const storage = await open();
    const gone: number[] = [];
    storage.index.onRemoved((refs) => gone.push(...refs));
    const old = storage.index.create(up('old'));
    const young = storage.index.create(up('young'));
    await scrapeFor(storage, 5, [old, young]);
    await scrapeFor(storage, 200, [young]);
    await rest(() => gone.length > 0);
    expect(gone).toEqual([old]);
    expect(storage.index.find(up('old'))).toBeUndefined();
    expect(storage.index.labels(old)).toBeUndefined();
    expect([...storage.index.activeByMetric()]).toEqual([['up', 1]]);
    expect(storage.append({ count: 1, refs: Uint32Array.of(old), times: Float64Array.of(clock.now()), values: Float64Array.of(1) }).verdicts).toEqual(['unknown-series']);
    const again = storage.index.create(up('old'));
    expect(again).toBeGreaterThan(young);
    await scrapeFor(storage, 1, [again]);
    const view = storage.view(range);
    expect((await read(view, up('old'))).minutes).toEqual([...minutes(1, 5), (clock.now() - START) / MINUTE]);
    view.release();
  });

  it('stay while a view may look for them', async () => {
    const storage = await open();
    const old = storage.index.create(up('old'));
    const young = storage.index.create(up('young'));
    await scrapeFor(storage, 5, [old, young]);
    const view = storage.view(range);
    await scrapeFor(storage, 200, [young]);
    await rest(() => storage.stats().blocks === 1);
    expect(storage.index.find(up('old'))).toBe(old);
    expect((await read(view, up('old'))).minutes).toEqual(minutes(1, 5));
    view.release();
    await clock.advance(MINUTE);
    await rest(() => storage.index.find(up('old')) === undefined);
  });
});

describe('a damaged block', () => {
  async function twoBlocks(): Promise<string[]> {
    const storage = await open();
    await scrapeFor(storage, 130, [storage.index.create(up('a'))]);
    await storage.flush(never);
    expect(storage.stats().blocks).toBe(2);
    await storage.close();
    return fs.readdirSync(path.join(root, 'blocks')).sort();
  }

  it.each(['chunks', 'index', 'meta.json'])('is set aside when a bit of %s is flipped, and the others serve', async (name) => {
    const [first = '', second = ''] = await twoBlocks();
    const file = path.join(root, 'blocks', first, name);
    const bytes = fs.readFileSync(file);
    const half = bytes.length >> 1;
    bytes[half] = (bytes[half] as number) ^ 0x80;
    fs.writeFileSync(file, bytes);
    lines = [];
    const storage = await open();
    expect(lines.filter((line) => line.includes('damaged block is set aside') && line.includes(first))).toHaveLength(1);
    const view = storage.view(range);
    expect((await read(view, up('a'))).minutes).toEqual(minutes(121, 130));
    view.release();
    expect(fs.readdirSync(path.join(root, 'blocks')).sort()).toEqual([`${first}.damaged`, second]);
  });

  it.each([1, 2, 3])('never gives a wrong value, whichever bit is flipped, seed %i', async (seed) => {
    const [first = ''] = await twoBlocks();
    const folder = path.join(root, 'blocks', first);
    const intact = path.join(root, 'intact');
    fs.cpSync(folder, intact, { recursive: true });
    const dice = new Random(seed);
    for (let round = 0; round < 25; round++) {
      const name = dice.pick(['chunks', 'index', 'meta.json']);
      const bytes = fs.readFileSync(path.join(intact, name));
      const at = dice.below(bytes.length);
      bytes[at] = (bytes[at] as number) ^ (1 << dice.below(8));
      if (dice.chance(0.2)) fs.writeFileSync(path.join(folder, name), bytes.subarray(0, at));
      else fs.writeFileSync(path.join(folder, name), bytes);
      const storage = await open();
      const view = storage.view(range);
      const isServed = storage.stats().blocks === 2;
      expect((await read(view, up('a'))).minutes).toEqual(isServed ? minutes(1, 130) : minutes(121, 130));
      view.release();
      await storage.close();
      fs.rmSync(`${folder}.damaged`, { recursive: true, force: true });
      fs.rmSync(folder, { recursive: true, force: true });
      fs.cpSync(intact, folder, { recursive: true });
    }
  });

  it('that goes bad under a running server fails the query once and is set aside', async () => {
    await twoBlocks();
    const storage = await open();
    const [first = ''] = fs.readdirSync(path.join(root, 'blocks')).sort();
    const file = path.join(root, 'blocks', first, 'chunks');
    fs.writeFileSync(file, Buffer.alloc(fs.statSync(file).size, 1));
    const view = storage.view(range);
    await expect(read(view, up('a'))).rejects.toThrow(/checksum/);
    view.release();
    const next = storage.view(range);
    expect((await read(next, up('a'))).minutes).toEqual(minutes(121, 130));
    next.release();
  });

  it('leftovers of a crash are deleted, and a replaced block with them', async () => {
    const [first = '', second = ''] = await twoBlocks();
    const blocks = path.join(root, 'blocks');
    fs.mkdirSync(path.join(blocks, '0000000099.tmp'));
    fs.mkdirSync(path.join(blocks, '0000000098.deleted'));
    const meta = path.join(blocks, second, 'meta.json');
    const said = decodeMeta(fs.readFileSync(meta, 'utf8'));
    if (said === undefined) throw new Error('no meta data');
    fs.writeFileSync(meta, encodeMeta({ ...said, replaces: [first] }));
    await open();
    expect(fs.readdirSync(blocks)).toEqual([second]);
  });
});
