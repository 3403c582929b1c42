import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Labels, matcher } from '@metrics-dashboard/sdk';
import type { LogFields, Logger, SampleVerdict, StorageView } from '@metrics-dashboard/sdk';
import { ManualClock, Random, testHost } from '@metrics-dashboard/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTsdb } from './tsdb.js';
import type { Tsdb } from './tsdb.js';

const never = new AbortController().signal;
const START = Date.UTC(2026, 0, 1);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const WINDOW = 5 * MINUTE;
const ALWAYS = { start: 0, end: 8.64e15 };
const SERIES = 7;
const STEPS = 60;
/** `MODEL_SEEDS=100` looks longer. */
const SEEDS = Array.from({ length: Number(process.env['MODEL_SEEDS'] ?? 5) }, (_, i) => i + 1);

let root: string;
let clock: ManualClock;
let opened: Tsdb[];
let lines: string[];

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-model-'));
  clock = new ManualClock(START);
  opened = [];
  lines = [];
});

afterEach(async () => {
  for (const storage of opened) await storage.close();
  fs.rmSync(root, { recursive: true, force: true });
});

function log(): Logger {
  const note = (message: string, fields: LogFields = {}): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { debug: () => undefined, info: () => undefined, warn: note, error: note, with: log };
}

async function open(dataDir: string): Promise<Tsdb> {
  const config = { retention: 20 * HOUR, outOfOrderWindow: 1000 * HOUR, rollups: [{ resolution: WINDOW, retention: 1000 * HOUR }] };
  const storage = await openTsdb(config, testHost({ dataDir, clock, log: log() }));
  opened.push(storage);
  return storage;
}

const labelsOf = (series: number): Labels => Labels.of({ __name__: series % 2 === 0 ? 'even' : 'odd', i: String(series) });

/** A value as its bits. */
function bitsOf(values: Float64Array, i: number): bigint {
  return new BigUint64Array(values.buffer, values.byteOffset, values.length)[i] as bigint;
}

type Contents = ReadonlyMap<string, ReadonlyMap<number, bigint>>;

/** All that was accepted and not deleted, by series and time, as bits. */
class Model {
  readonly #samples = new Map<string, Map<number, bigint>>();

  offer(series: string, time: number, bits: bigint): SampleVerdict | undefined {
    const known = this.#samples.get(series) ?? new Map<number, bigint>();
    this.#samples.set(series, known);
    const before = known.get(time);
    if (before !== undefined) return before === bits ? undefined : 'duplicate';
    known.set(time, bits);
    return undefined;
  }

  delete(pattern: (series: string) => boolean, from: number, to: number): void {
    for (const [series, samples] of this.#samples) {
      if (!pattern(series)) continue;
      for (const time of [...samples.keys()]) if (from <= time && time <= to) samples.delete(time);
    }
  }

  /** A copy, without series that have nothing, in order of time. */
  get contents(): Contents {
    const copied = [...this.#samples].map(([series, samples]) => [series, new Map([...samples].sort(([a], [b]) => a - b))] as const);
    return new Map(copied.filter(([, samples]) => samples.size > 0));
  }
}

async function rawOf(view: StorageView): Promise<Contents> {
  const level = view.levels[0];
  if (level === undefined) throw new Error('no level');
  const list = await view.find([], 1000, never);
  const set = await view.load(list, { level, columns: ['value'], range: level.range }, never);
  const contents = new Map<string, Map<number, bigint>>();
  for (let i = 0; i < set.size; i++) {
    const room = set.capacity(set.timeGroup[i] as number);
    const [times, values] = [new Float64Array(room), new Float64Array(room)];
    const count = set.times(set.timeGroup[i] as number, times);
    expect(set.values(i, 'value', values)).toBe(count);
    const samples = new Map<number, bigint>();
    for (let k = 0; k < count; k++) samples.set(times[k] as number, bitsOf(values, k));
    expect(samples.size).toBe(count);
    expect(contents.has(set.labels(i).toString())).toBe(false);
    if (count > 0) contents.set(set.labels(i).toString(), samples);
  }
  return contents;
}

/** The counts and last values of the windows that a view offers, up to where they are complete. */
async function windowsOf(view: StorageView): Promise<{ until: number; windows: Map<string, string> }> {
  const windows = new Map<string, string>();
  const level = view.levels[1];
  if (level === undefined) return { until: -Infinity, windows };
  const list = await view.find([], 1000, never);
  const set = await view.load(list, { level, columns: ['count', 'last'], range: level.range }, never);
  for (let i = 0; i < set.size; i++) {
    const room = set.capacity(set.timeGroup[i] as number);
    const [times, counts, lasts] = [new Float64Array(room), new Float64Array(room), new Float64Array(room)];
    const count = set.times(set.timeGroup[i] as number, times);
    set.values(i, 'count', counts);
    set.values(i, 'last', lasts);
    for (let k = 0; k < count; k++) windows.set(`${set.labels(i).toString()} ${times[k]}`, `${counts[k]} ${bitsOf(lasts, k)}`);
  }
  return { until: level.range.end, windows };
}

const STALE = 0x7ff0000000000002n;

function expectedWindows(contents: Contents, until: number): Map<string, string> {
  const windows = new Map<string, { count: number; last: bigint }>();
  for (const [series, samples] of contents) {
    for (const [time, last] of samples) {
      const end = Math.ceil(time / WINDOW) * WINDOW;
      if (end > until || last === STALE) continue;
      const key = `${series} ${end}`;
      windows.set(key, { count: (windows.get(key)?.count ?? 0) + 1, last });
    }
  }
  return new Map([...windows].map(([key, { count, last }]) => [key, `${count} ${last}`]));
}

/** One life of a storage beside the model, step by step. */
class Walk {
  readonly #dice: Random;
  readonly #model = new Model();
  readonly #views: { readonly view: StorageView; readonly contents: Contents }[] = [];
  #storage: Tsdb;
  #folder: string;
  #lives = 0;
  #newest = START;
  #isFlushed = false;

  private constructor(dice: Random, storage: Tsdb, folder: string) {
    this.#dice = dice;
    this.#storage = storage;
    this.#folder = folder;
  }

  static async begin(dice: Random): Promise<Walk> {
    const folder = path.join(root, 'life-0');
    fs.mkdirSync(folder);
    return new Walk(dice, await open(folder), folder);
  }

  async step(): Promise<string> {
    const choice = this.#dice.below(100);
    if (choice < 50) return this.#append();
    if (choice < 62) return this.#flush();
    if (choice < 68) return this.#advance();
    if (choice < 76) return this.#delete();
    if (choice < 79) return this.#clean();
    if (choice < 84) return this.#reopen();
    if (choice < 92) return this.#crash();
    return this.#look();
  }

  /** Compares the samples, and the windows too when nothing came since they were made. */
  async check(): Promise<void> {
    const view = this.#storage.view(ALWAYS);
    try {
      const { contents } = this.#model;
      expect(await rawOf(view)).toEqual(contents);
      if (!this.#isFlushed) return;
      const { until, windows } = await windowsOf(view);
      expect(windows).toEqual(expectedWindows(contents, until));
    } finally {
      view.release();
    }
  }

  async end(): Promise<void> {
    await this.#closeViews();
    await this.#flush();
    await this.#storage.cleanTombstones(never);
    await this.check();
    expect(lines).toEqual([]);
  }

  async #append(): Promise<string> {
    this.#isFlushed = false;
    const scrapes = 1 + this.#dice.below(30);
    for (let i = 0; i < scrapes && this.#newest < START + 15 * HOUR; i++) {
      this.#newest += this.#dice.pick([15 * SECOND, MINUTE, 2 * MINUTE]) + (this.#dice.chance(0.1) ? this.#dice.below(999) : 0);
      const all = Array.from({ length: SERIES }, (_, series) => series).filter(() => this.#dice.chance(0.9));
      this.#offer(all.map((series) => [series, this.#newest] as const));
    }
    // Some that come late, and some of these for a time that is taken.
    const late = Array.from({ length: this.#dice.below(8) }, () => {
      const time = START + Math.floor(this.#dice.below(this.#newest - START + 1) / (15 * SECOND)) * 15 * SECOND;
      return [this.#dice.below(SERIES), time] as const;
    });
    this.#offer(late);
    await this.#storage.commit();
    return `append ${scrapes} scrapes up to ${(this.#newest - START) / MINUTE}`;
  }

  #offer(samples: readonly (readonly [series: number, time: number])[]): void {
    const values = Float64Array.from(samples, () => this.#value());
    const bits = new BigUint64Array(values.buffer);
    samples.forEach((_, i) => {
      if (this.#dice.chance(0.03)) bits[i] = this.#dice.pick([STALE, 0x7ff8000000000123n, 0x8000000000000000n]);
    });
    const expected = samples.map(([series, time], i) => this.#model.offer(labelsOf(series).toString(), time, bitsOf(values, i)));
    const report = this.#storage.append({
      count: samples.length,
      refs: Uint32Array.from(samples, ([series]) => this.#storage.index.create(labelsOf(series))),
      times: Float64Array.from(samples, ([, time]) => time),
      values,
    });
    const verdicts = samples.map((_, i) => report.verdicts[report.rejected.indexOf(i)]);
    expect(verdicts).toEqual(expected);
  }

  #value(): number {
    return this.#dice.pick([this.#dice.below(100), this.#dice.below(1e6) / 100, Math.sqrt(this.#dice.below(1e9)), 0, Infinity]);
  }

  async #flush(): Promise<string> {
    await this.#storage.flush(never);
    this.#isFlushed = true;
    return 'flush';
  }

  async #advance(): Promise<string> {
    const by = Math.max(0, this.#newest - clock.now()) + this.#dice.below(10) * MINUTE;
    await clock.advance(Math.min(by, Math.max(0, START + 16 * HOUR - clock.now())));
    return `the clock goes on to ${(clock.now() - START) / MINUTE}`;
  }

  async #delete(): Promise<string> {
    const deletion = this.#deletion();
    await deletion.run(this.#storage);
    return deletion.what;
  }

  #deletion(): { what: string; run: (storage: Tsdb) => Promise<void> } {
    const series = this.#dice.below(SERIES);
    const name = this.#dice.pick(['even', 'odd']);
    const isOne = this.#dice.chance(0.7);
    const from = START + this.#dice.below(this.#newest - START + HOUR) - HOUR;
    const to = this.#dice.chance(0.1) ? ALWAYS.end : from + this.#dice.below(3 * HOUR);
    const matchers = isOne ? [matcher('i', '=', String(series))] : [matcher('__name__', '=', name)];
    const isMeant = (text: string): boolean => (isOne ? text === labelsOf(series).toString() : text.startsWith(`${name}{`));
    this.#model.delete(isMeant, from, to);
    return {
      what: `delete ${isOne ? labelsOf(series).toString() : name} from ${(from - START) / MINUTE} to ${(to - START) / MINUTE}`,
      run: (storage) => storage.deleteSeries(matchers, { start: from, end: to }, never),
    };
  }

  async #clean(): Promise<string> {
    await this.#storage.cleanTombstones(never);
    return 'clean tombstones';
  }

  async #reopen(): Promise<string> {
    await this.#closeViews();
    await this.#storage.close();
    this.#storage = await open(this.#folder);
    return 'reopen';
  }

  /** What is on disk at a moment of some work is what the next life begins with. */
  async #crash(): Promise<string> {
    await this.#closeViews();
    const deletion = this.#dice.chance(0.3) ? this.#deletion() : undefined;
    const working = deletion === undefined ? this.#storage.flush(never) : deletion.run(this.#storage);
    for (let i = this.#dice.below(40); i > 0; i--) await new Promise((resolve) => setImmediate(resolve));
    const next = path.join(root, `life-${++this.#lives}`);
    copyAsItIs(this.#folder, next);
    await working;
    await this.#storage.close();
    this.#folder = next;
    this.#isFlushed = false;
    this.#storage = await open(next);
    // A deletion that was not answered may have been done in part.
    await deletion?.run(this.#storage);
    return `crash during ${deletion?.what ?? 'a flush'}`;
  }

  async #look(): Promise<string> {
    if (this.#views.length < 3) this.#views.push({ view: this.#storage.view(ALWAYS), contents: this.#model.contents });
    for (const { view, contents } of this.#views) expect(await rawOf(view)).toEqual(contents);
    if (this.#dice.chance(0.3)) await this.#closeViews();
    return 'look';
  }

  async #closeViews(): Promise<void> {
    for (const { view, contents } of this.#views.splice(0)) {
      expect(await rawOf(view)).toEqual(contents);
      view.release();
    }
  }
}

/** Files that are deleted while they are copied are not there. */
function copyAsItIs(from: string, to: string): void {
  fs.mkdirSync(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) copyAsItIs(path.join(from, entry.name), path.join(to, entry.name));
    else if (fs.existsSync(path.join(from, entry.name))) fs.copyFileSync(path.join(from, entry.name), path.join(to, entry.name));
  }
}

describe('appends, flushes, deletions, compactions, restarts and crashes in any order', () => {
  it.each(SEEDS)('leave what a plain model has, seed %i', async (seed) => {
    const walk = await Walk.begin(new Random(seed));
    const steps: string[] = [];
    try {
      for (let i = 0; i < STEPS; i++) {
        steps.push(await walk.step());
        if (i % 5 === 4) await walk.check();
      }
      await walk.end();
    } catch (error) {
      throw new Error(`seed ${seed}, after:\n${steps.join('\n')}\n${lines.join('\n')}`, { cause: error });
    }
  }, 60_000);
});
