import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Labels, matcher, setStale } from '@metrics-dashboard/sdk';
import type { Column, LogFields, Logger, SeriesRef, Timestamp } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, Random, testHost } from '@metrics-dashboard/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLOCK_RANGE } from './head.js';
import { openTsdb } from './tsdb.js';
import type { Tsdb } from './tsdb.js';

const never = new AbortController().signal;
const START = Date.UTC(2026, 0, 1);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const WINDOW = 5 * MINUTE;

let root: string;
let clock: ManualClock;
let opened: Tsdb[];
let lines: string[];
let metrics: Registry;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-rollups-'));
  clock = new ManualClock(START);
  opened = [];
  lines = [];
  metrics = new Registry();
});

afterEach(async () => {
  for (const storage of opened) await storage.close();
  fs.rmSync(root, { recursive: true, force: true });
});

function log(): Logger {
  const note = (message: string, fields: LogFields = {}): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { debug: note, info: note, warn: note, error: note, with: log };
}

interface Settings {
  readonly retention?: number;
  readonly rollups?: readonly { resolution: number; retention: number }[];
  readonly outOfOrderWindow?: number;
  readonly dataDir?: string;
}

async function open(settings: Settings = {}): Promise<Tsdb> {
  const {
    retention = 4 * HOUR,
    rollups = [{ resolution: WINDOW, retention: 1000 * HOUR }],
    outOfOrderWindow = 1000 * HOUR,
    dataDir = root,
  } = settings;
  const storage = await openTsdb({ retention, outOfOrderWindow, rollups }, testHost({ dataDir, clock, metrics, log: log() }));
  opened.push(storage);
  return storage;
}

/** All samples ever accepted, by series, by time. */
class Model {
  /** `undefined` for a staleness marker. */
  readonly samples = new Map<string, Map<number, number | undefined>>();

  add(series: string, time: Timestamp, value: number | undefined): void {
    const known = this.samples.get(series) ?? new Map<number, number | undefined>();
    if (!known.has(time)) known.set(time, value);
    this.samples.set(series, known);
  }

  delete(series: string, from: Timestamp, to: Timestamp): void {
    const known = this.samples.get(series);
    for (const time of known?.keys() ?? []) if (from <= time && time <= to) known?.delete(time);
  }

  /** The windows of a series by their ends, up to an end. */
  windows(series: string, until: Timestamp, resolution = WINDOW): Map<number, Record<string, number>> {
    const samples = [...(this.samples.get(series) ?? [])].sort(([a], [b]) => a - b);
    const windows = new Map<number, Record<string, number>>();
    let before: readonly [number, number] | undefined;
    for (const [time, value] of samples) {
      if (value === undefined) continue;
      const end = Math.ceil(time / resolution) * resolution;
      const rise = before === undefined || time - before[0] > HOUR ? 0 : value < before[1] ? value : value - before[1];
      const known = windows.get(end);
      windows.set(end, {
        min: Math.min(known?.['min'] ?? Infinity, value),
        max: Math.max(known?.['max'] ?? -Infinity, value),
        sum: (known?.['sum'] ?? 0) + value,
        count: (known?.['count'] ?? 0) + 1,
        first: known?.['first'] ?? value,
        firstTime: known?.['firstTime'] ?? time,
        last: value,
        lastTime: time,
        increase: (known?.['increase'] ?? 0) + rise,
        increaseWithin: (known?.['increaseWithin'] ?? 0) + (known === undefined ? 0 : rise),
      });
      before = [time, value];
    }
    for (const end of windows.keys()) if (end > until) windows.delete(end);
    return windows;
  }
}

const COLUMNS: readonly Column[] = [
  'min', 'max', 'sum', 'count', 'first', 'last', 'increase', 'increaseWithin', 'firstTime', 'lastTime',
];

type Read = Map<string, Map<number, Record<string, number>>>;

async function windowsOf(storage: Tsdb, range = { start: 0, end: 8.64e15 }, resolution = WINDOW): Promise<Read> {
  const view = storage.view(range);
  try {
    const level = view.levels.find((one) => one.resolution === resolution);
    if (level === undefined) return new Map();
    const list = await view.find([], 10_000, never);
    const set = await view.load(list, { level, columns: COLUMNS, range: level.range }, never);
    const read: Read = new Map();
    for (let i = 0; i < set.size; i++) {
      const group = set.timeGroup[i] as number;
      const room = set.capacity(group);
      const times = new Float64Array(room);
      const count = set.times(group, times);
      const windows = new Map<number, Record<string, number>>();
      for (let k = 0; k < count; k++) windows.set(times[k] as number, {});
      for (const column of COLUMNS) {
        const values = new Float64Array(room);
        expect(set.values(i, column, values)).toBe(count);
        for (let k = 0; k < count; k++) (windows.get(times[k] as number) as Record<string, number>)[column] = values[k] as number;
      }
      if (count > 0) read.set(set.labels(i).toString(), windows);
    }
    return read;
  } finally {
    view.release();
  }
}

async function rawTimes(storage: Tsdb): Promise<number[]> {
  const view = storage.view({ start: 0, end: 8.64e15 });
  try {
    const level = view.levels[0];
    if (level === undefined) throw new Error('no level');
    const set = await view.load(await view.find([], 10_000, never), { level, columns: ['value'], range: { start: 0, end: 8.64e15 } }, never);
    const all: number[] = [];
    for (let i = 0; i < set.size; i++) {
      const times = new Float64Array(set.capacity(set.timeGroup[i] as number));
      all.push(...times.subarray(0, set.times(set.timeGroup[i] as number, times)));
    }
    return all;
  } finally {
    view.release();
  }
}

function rawStart(storage: Tsdb): number {
  const view = storage.view({ start: 0, end: 8.64e15 });
  view.release();
  return view.levels[0]?.range.start ?? NaN;
}

function coveredTo(storage: Tsdb, resolution = WINDOW): number {
  const view = storage.view({ start: 0, end: 8.64e15 });
  view.release();
  return view.levels.find((one) => one.resolution === resolution)?.range.end ?? -Infinity;
}

function agree(read: Read, model: Model, until: number, resolution = WINDOW): void {
  for (const series of model.samples.keys()) {
    const expected = model.windows(series, until, resolution);
    const got = read.get(series) ?? new Map<number, Record<string, number>>();
    expect([...got.keys()], series).toEqual([...expected.keys()]);
    for (const [end, columns] of expected) {
      for (const column of COLUMNS) {
        const a = got.get(end)?.[column] as number;
        const b = columns[column] as number;
        expect(Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b)), `${series} ${column} of ${(end - START) / MINUTE}: ${a}, expected ${b}`).toBe(true);
      }
    }
  }
}

class Source {
  readonly #values = new Map<string, number>();
  readonly names: readonly string[];
  readonly #dice: Random;

  constructor(dice: Random, series: number) {
    this.#dice = dice;
    this.names = Array.from({ length: series }, (_, i) => Labels.of({ __name__: i % 2 === 0 ? 'c_total' : 'g', i: String(i) }).toString());
  }

  /** Offers one scrape of all series at a time, some with resets, some with staleness markers. */
  scrape(storage: Tsdb, model: Model, time: number): void {
    const refs: number[] = [];
    const values: number[] = [];
    const stale: number[] = [];
    this.names.forEach((name, i) => {
      if (this.#dice.chance(0.02)) return;
      refs.push(this.ref(storage, i));
      const before = this.#values.get(name) ?? 0;
      const isReset = this.#dice.chance(0.01);
      const value = i % 2 === 0 ? (isReset ? this.#dice.below(5) : before + this.#dice.below(1000) / 8) : this.#dice.below(100_000) / 100 - 300;
      this.#values.set(name, value);
      const isEnd = this.#dice.chance(0.01);
      values.push(value);
      if (isEnd) stale.push(values.length - 1);
      model.add(name, time, isEnd ? undefined : value);
    });
    const column = Float64Array.from(values);
    for (const row of stale) setStale(column, row);
    storage.append({
      count: refs.length,
      refs: Uint32Array.from(refs),
      times: new Float64Array(refs.length).fill(time),
      values: column,
    });
  }

  ref(storage: Tsdb, i: number): SeriesRef {
    const labels = Labels.of({ __name__: i % 2 === 0 ? 'c_total' : 'g', i: String(i) });
    return storage.index.create(labels);
  }
}

function offer(storage: Tsdb, ref: SeriesRef, time: number, value: number): readonly string[] {
  return storage.append({ count: 1, refs: Uint32Array.of(ref), times: Float64Array.of(time), values: Float64Array.of(value) }).verdicts;
}

describe('rollups', () => {
  it.each([1, 2, 3])('agree with a plain model while raw samples come and go, seed %i', async (seed) => {
    const dice = new Random(seed);
    const model = new Model();
    const source = new Source(dice, 8);
    let storage = await open({ retention: 2 * HOUR });
    for (let hour = 0; hour < 12; hour++) {
      for (let i = 0; i < 60; i++) {
        const at = START + hour * HOUR + i * MINUTE + (dice.chance(0.5) ? 0 : dice.below(30_000));
        source.scrape(storage, model, at);
        await storage.commit();
      }
      await clock.advance(HOUR);
      // Late samples of all ages of raw samples.
      for (let i = 0; i < 5; i++) {
        const series = dice.below(8);
        const at = Math.max(rawStart(storage) + 1, clock.now() - dice.below(3 * HOUR)) + dice.below(999);
        const value = dice.below(1000);
        if (model.samples.get(source.names[series] as string)?.has(at) === true) continue;
        offer(storage, source.ref(storage, series), at, value);
        model.add(source.names[series] as string, at, value);
      }
      await storage.commit();
      if (dice.chance(0.6)) await storage.flush(never);
      if (dice.chance(0.3)) {
        await storage.close();
        storage = await open({ retention: 2 * HOUR });
      }
    }
    await storage.flush(never);
    agree(await windowsOf(storage), model, coveredTo(storage));
    expect(coveredTo(storage)).toBeGreaterThan(START + 11.9 * HOUR);
    const oldest = Math.min(...(await rawTimes(storage)));
    expect(oldest).toBeGreaterThan(clock.now() - 2 * HOUR);
    expect(lines.filter((line) => line.includes('background work'))).toEqual([]);
    await storage.close();
    storage = await open({ retention: 2 * HOUR });
    agree(await windowsOf(storage), model, coveredTo(storage));
  });

  it('are of every resolution, and of a part of the time the same as of all of it', async () => {
    const rollups = [{ resolution: HOUR, retention: 1000 * HOUR }, { resolution: WINDOW, retention: 1000 * HOUR }];
    const model = new Model();
    const source = new Source(new Random(7), 4);
    const storage = await open({ rollups });
    for (let i = 0; i < 9 * 60; i++) source.scrape(storage, model, START + i * MINUTE);
    await storage.commit();
    await clock.advance(9 * HOUR);
    await storage.flush(never);
    agree(await windowsOf(storage, undefined, HOUR), model, coveredTo(storage, HOUR), HOUR);
    const all = await windowsOf(storage);
    agree(all, model, coveredTo(storage));
    const part = await windowsOf(storage, { start: START + 3.01 * HOUR, end: START + 5 * HOUR });
    for (const [series, windows] of part) for (const [end, window] of windows) expect(window).toEqual(all.get(series)?.get(end));
    expect(Math.min(...[...part.values()].flatMap((windows) => [...windows.keys()]))).toBe(START + 3 * HOUR + WINDOW);
    const view = storage.view({ start: 0, end: 8.64e15 });
    expect(view.levels.map(({ resolution }) => resolution)).toEqual([0, WINDOW, HOUR]);
    view.release();
  });

  it('meet raw samples without a gap', async () => {
    const model = new Model();
    const source = new Source(new Random(8), 2);
    const storage = await open({ retention: 2 * HOUR });
    for (let i = 0; i < 8 * 60; i++) source.scrape(storage, model, START + i * MINUTE);
    await storage.commit();
    await clock.advance(8 * HOUR);
    await storage.flush(never);
    const start = rawStart(storage) - 1;
    expect(start % WINDOW).toBe(0);
    expect(start).toBeLessThanOrEqual(coveredTo(storage));
    expect(Math.min(...(await rawTimes(storage)))).toBe(start + MINUTE);
  });

  it('take what comes after the raw samples of its time were given up', async () => {
    const model = new Model();
    const storage = await open({ retention: 2 * HOUR });
    const labels = Labels.of({ __name__: 'c_total' });
    const ref = storage.index.create(labels);
    for (let i = 0; i < 8 * 60; i += 2) {
      offer(storage, ref, START + i * MINUTE, i);
      model.add(labels.toString(), START + i * MINUTE, i);
    }
    const other = Labels.of({ __name__: 'other_total' });
    await storage.commit();
    await clock.advance(8 * HOUR);
    await storage.flush(never);
    for (let i = 1; i < 3 * 60; i += 2) {
      // One between those that are there, and a series that is new.
      expect(offer(storage, ref, START + i * MINUTE, i)).toEqual([]);
      model.add(labels.toString(), START + i * MINUTE, i);
      // Its last sample being so old, it leaves the head as soon as it is sealed.
      expect(offer(storage, storage.index.create(other), START + i * MINUTE, i * 2)).toEqual([]);
      model.add(other.toString(), START + i * MINUTE, i * 2);
      if (i % 20 !== 1) continue;
      await storage.commit();
      await storage.flush(never);
    }
    await storage.commit();
    await storage.flush(never);
    await storage.flush(never);
    agree(await windowsOf(storage), model, coveredTo(storage));
    expect(Math.min(...(await rawTimes(storage)))).toBeGreaterThan(clock.now() - 2 * HOUR);
  });

  it.each([1, 2, 3, 4, 5, 6])('survive a crash at any moment of a flush, seed %i', async (seed) => {
    const dice = new Random(seed);
    const model = new Model();
    const source = new Source(dice, 4);
    let dataDir = path.join(root, 'data-0');
    let storage = await open({ retention: 2 * HOUR, dataDir });
    for (let life = 0; life < 6; life++) {
      for (let i = 0; i < 120; i++) source.scrape(storage, model, START + (life * 120 + i) * MINUTE);
      if (life > 2) {
        const at = START + dice.below(60 * life) * MINUTE + 1;
        if (model.samples.get(source.names[0] as string)?.has(at) === false) {
          // A gauge, whatever its name: the increase of what comes so late is not exact where a counter falls.
          const last = Labels.of({ __name__: 'late', life: String(life) });
          offer(storage, storage.index.create(last), at, 5);
          model.add(last.toString(), at, 5);
        }
      }
      await storage.commit();
      await clock.advance(2 * HOUR);
      const flushing = storage.flush(never);
      for (let i = dice.below(60); i > 0; i--) await new Promise((resolve) => setTimeout(resolve, 1));
      const next = path.join(root, `data-${life + 1}`);
      fs.cpSync(dataDir, next, { recursive: true });
      await flushing;
      await storage.close();
      dataDir = next;
      storage = await open({ retention: 2 * HOUR, dataDir });
    }
    await storage.flush(never);
    agree(await windowsOf(storage), model, coveredTo(storage));
    expect(Math.min(...(await rawTimes(storage)))).toBeGreaterThan(clock.now() - 2 * HOUR);
  });

  it('are made a day before the raw samples are given up, and not sooner', async () => {
    const model = new Model();
    const source = new Source(new Random(4), 2);
    const storage = await open({ retention: 34 * HOUR });
    for (let i = 0; i < 8 * 60; i++) source.scrape(storage, model, START + i * MINUTE);
    await storage.commit();
    await clock.advance(8 * HOUR);
    await storage.flush(never);
    expect(await windowsOf(storage)).toEqual(new Map());
    expect(storage.stats().details['rollupBlocks']).toBe(0);
    await clock.advance(4 * HOUR);
    await storage.flush(never);
    agree(await windowsOf(storage), model, coveredTo(storage));
    expect(coveredTo(storage)).toBe(START + 2 * HOUR);
  });

  it('keep raw samples while they can not be made', async () => {
    const model = new Model();
    const source = new Source(new Random(3), 2);
    let fails = true;
    const host = testHost({ dataDir: root, clock });
    const workers = {
      run: (task: Parameters<typeof host.workers.run>[0], signal: AbortSignal): Promise<never> =>
        fails ? Promise.reject(new Error('no room')) : host.workers.run(task, signal),
    };
    const storage = await openTsdb(
      { retention: 2 * HOUR, outOfOrderWindow: HOUR, rollups: [{ resolution: WINDOW, retention: 100 * HOUR }] },
      { ...host, dataDir: root, workers },
    );
    opened.push(storage);
    for (let i = 0; i < 6 * 60; i++) source.scrape(storage, model, START + i * MINUTE);
    await storage.commit();
    await clock.advance(6 * HOUR);
    await expect(storage.flush(never)).rejects.toThrow('no room');
    expect(Math.min(...(await rawTimes(storage)))).toBe(START);
    fails = false;
    await storage.flush(never);
    expect(Math.min(...(await rawTimes(storage)))).toBeGreaterThan(clock.now() - 2 * HOUR);
    agree(await windowsOf(storage), model, coveredTo(storage));
  });

  it('are kept for their own retention, and merged into larger blocks', async () => {
    const storage = await open({ retention: 2 * HOUR, rollups: [{ resolution: WINDOW, retention: 240 * HOUR }] });
    const ref = storage.index.create(Labels.of({ __name__: 'g' }));
    for (let hour = 0; hour < 96; hour++) {
      for (let i = 0; i < 60; i += 5) offer(storage, ref, START + hour * HOUR + i * MINUTE, i);
      await storage.commit();
      await clock.advance(HOUR);
      if (hour % 8 === 7) await storage.flush(never);
    }
    expect(storage.stats().details['rollupBlocks']).toBeLessThan(10);
    expect((await windowsOf(storage)).get('g')?.size).toBe(96 * 12);
    const told = await metrics.metrics();
    const valueOf = (name: string): number => Number(new RegExp(`^metrics_dashboard_storage_${name} (.*)$`, 'm').exec(told)?.[1]);
    expect(valueOf('rollup_ranges_total')).toBeGreaterThanOrEqual(48);
    expect(valueOf('rollup_waiting_ranges')).toBe(0);
    expect(valueOf('compactions_total')).toBeGreaterThan(5);
    for (const kind of ['merge', 'rollup']) {
      expect(valueOf(`compaction_samples_total{kind="${kind}"}`)).toBeGreaterThan(0);
      expect(valueOf(`compaction_bytes_total{kind="${kind}"}`)).toBeGreaterThan(0);
    }
    expect([valueOf('compactions_running'), valueOf('maintenance_failures_total')]).toEqual([0, 0]);
    await clock.advance(400 * HOUR);
    await storage.flush(never);
    expect(storage.stats().details['rollupBlocks']).toBe(0);
  });
});

describe('deletion', () => {
  it.each([1, 2, 3])('takes samples of head and blocks at once, and windows with them, seed %i', async (seed) => {
    const dice = new Random(seed);
    const model = new Model();
    const source = new Source(dice, 6);
    let storage = await open({ retention: 20 * HOUR });
    for (let i = 0; i < 7 * 60; i++) {
      source.scrape(storage, model, START + i * MINUTE);
      if (i === 250) {
        await storage.commit();
        await clock.advance(250 * MINUTE);
        await storage.flush(never);
      }
    }
    await storage.commit();
    await clock.advance(170 * MINUTE);
    const kept = storage.view({ start: 0, end: 8.64e15 });
    for (let round = 0; round < 4; round++) {
      const series = dice.below(6);
      const from = START + dice.below(400) * MINUTE;
      const to = from + dice.below(150) * MINUTE;
      const matchers = [matcher('i', '=', String(series))];
      await storage.deleteSeries(matchers, { start: from, end: to }, never);
      model.delete(source.names[series] as string, from, to);
      const raw = (await rawTimes(storage)).length;
      expect(raw).toBe([...model.samples.values()].reduce((sum, samples) => sum + samples.size, 0));
      agree(await windowsOf(storage), model, coveredTo(storage));
      if (round === 1) {
        await storage.close();
        storage = await open({ retention: 20 * HOUR });
      }
      if (round === 2) await storage.cleanTombstones(never);
    }
    kept.release();
    await storage.cleanTombstones(never);
    agree(await windowsOf(storage), model, coveredTo(storage));
    const files = fs.readdirSync(root, { recursive: true }).map(String);
    expect(files.filter((file) => file.endsWith('tombstones'))).toEqual([]);
  });

  it('does not show in a view that was open before', async () => {
    const storage = await open();
    const ref = storage.index.create(Labels.of({ __name__: 'a' }));
    for (let i = 0; i < 30; i++) offer(storage, ref, START + i * MINUTE, i);
    await storage.commit();
    await storage.flush(never);
    const view = storage.view({ start: 0, end: 8.64e15 });
    await storage.deleteSeries([matcher('__name__', '=', 'a')], { start: 0, end: 8.64e15 }, never);
    const level = view.levels[0];
    if (level === undefined) throw new Error('no level');
    const set = await view.load(await view.find([], 10, never), { level, columns: ['value'], range: level.range }, never);
    expect(set.times(0, new Float64Array(set.capacity(0)))).toBe(30);
    view.release();
    const after = storage.view({ start: 0, end: 8.64e15 });
    expect((await after.find([], 10, never)).size).toBe(0);
    expect(await after.labelValues('__name__', [], 10, never)).toEqual([]);
    after.release();
    // What is deleted can be stored again.
    expect(offer(storage, ref, START + 5 * MINUTE, 77)).toEqual([]);
    expect(offer(storage, ref, START + 29 * MINUTE, 29)).toEqual([]);
    await storage.commit();
    expect(await rawTimes(storage)).toEqual([START + 5 * MINUTE, START + 29 * MINUTE]);
  });

  it('takes the windows that it touches when their raw samples are gone', async () => {
    const storage = await open({ retention: 2 * HOUR });
    const ref = storage.index.create(Labels.of({ __name__: 'a' }));
    for (let i = 1; i <= 8 * 60; i++) offer(storage, ref, START + i * MINUTE, i);
    await storage.commit();
    await clock.advance(8 * HOUR);
    await storage.flush(never);
    await storage.deleteSeries([matcher('__name__', '=', 'a')], { start: START + 61 * MINUTE, end: START + 67 * MINUTE }, never);
    const ends = [...((await windowsOf(storage)).get('a')?.keys() ?? [])];
    expect(ends).not.toContain(START + 65 * MINUTE);
    expect(ends).not.toContain(START + 70 * MINUTE);
    expect(ends).toContain(START + 60 * MINUTE);
    expect(ends).toContain(START + 75 * MINUTE);
    await storage.cleanTombstones(never);
    expect([...((await windowsOf(storage)).get('a')?.keys() ?? [])]).toEqual(ends);
    expect(BLOCK_RANGE).toBe(2 * HOUR);
  });
});
