import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Labels } from '@metrics-dashboard/sdk';
import { ManualClock, testHost } from '@metrics-dashboard/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTsdb } from './tsdb.js';
import type { Tsdb } from './tsdb.js';

const never = new AbortController().signal;
const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** What version 1 wrote: a counter and a gauge, each minute for five hours, most of it in blocks, the last half hour in the log. */
const FIXTURE = path.join(import.meta.dirname, '../fixtures/format-1');

let dataDir: string;

beforeEach(() => void (dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-format-'))));
afterEach(() => fs.rmSync(dataDir, { recursive: true }));

function open(): Promise<Tsdb> {
  const clock = new ManualClock(START + 5 * HOUR);
  const rollups = [{ resolution: 5 * MINUTE, retention: 100 * HOUR }];
  return openTsdb({ retention: 3 * HOUR, outOfOrderWindow: HOUR, rollups }, testHost({ dataDir, clock }));
}

/** Raw samples of both series, and the sums of the windows. */
async function read(storage: Tsdb): Promise<Record<string, { raw: [number, number][]; sums: [number, number][] }>> {
  const view = storage.view({ start: 0, end: 8.64e15 });
  try {
    const list = await view.find([], 10, never);
    const found: Record<string, { raw: [number, number][]; sums: [number, number][] }> = {};
    for (let i = 0; i < list.size; i++) {
      const columns = { raw: [] as [number, number][], sums: [] as [number, number][] };
      for (const level of view.levels) {
        const isRaw = level.resolution === 0;
        const set = await view.load(list, { level, columns: [isRaw ? 'value' : 'sum'], range: level.range }, never);
        const group = set.timeGroup[i] as number;
        const [times, values] = [new Float64Array(set.capacity(group)), new Float64Array(set.capacity(group))];
        const count = set.times(group, times);
        set.values(i, isRaw ? 'value' : 'sum', values);
        for (let k = 0; k < count; k++) columns[isRaw ? 'raw' : 'sums'].push([((times[k] as number) - START) / MINUTE, values[k] as number]);
      }
      found[list.labels(i).get('__name__') ?? ''] = columns;
    }
    return found;
  } finally {
    view.release();
  }
}

describe('the format of the data folder', () => {
  it('of version 1 is read to the last bit, and its blocks go on to be rolled up', async () => {
    fs.cpSync(FIXTURE, dataDir, { recursive: true });
    let storage = await open();
    expect(fs.readFileSync(path.join(dataDir, 'format'), 'utf8')).toBe('2\n');
    const { counter, gauge } = await read(storage);
    expect(counter?.raw).toEqual(Array.from({ length: 301 }, (_, minute) => [minute, minute * 3]));
    expect(gauge?.raw).toEqual(Array.from({ length: 301 }, (_, minute) => [minute, Math.sin(minute) * 100]));

    const ref = storage.index.create(Labels.of({ __name__: 'counter', job: 'fixture' }));
    storage.append({ count: 1, refs: Uint32Array.of(ref), times: Float64Array.of(START + 301 * MINUTE), values: Float64Array.of(903) });
    await storage.commit();
    await storage.flush(never);
    await storage.close();
    storage = await open();
    const after = await read(storage);
    expect(after['counter']?.raw).toEqual(Array.from({ length: 181 }, (_, i) => [121 + i, (121 + i) * 3]));
    const sums = after['counter']?.sums ?? [];
    expect(sums[0]).toEqual([0, 0]);
    expect(sums.find(([minute]) => minute === 120)).toEqual([120, 3 * (116 + 117 + 118 + 119 + 120)]);
    expect(sums.length).toBeGreaterThanOrEqual(61);
    await storage.close();
  });

  it.each([
    ['3', 'data folder of format version 3, this program reads up to 2: run the version that wrote it'],
    ['two', 'format version "two" of the data folder, expected a number'],
    ['', 'format version "" of the data folder, expected a number'],
  ])('%j is refused, and nothing is changed', async (version, message) => {
    fs.writeFileSync(path.join(dataDir, 'format'), version);
    await expect(open()).rejects.toThrow(message);
    expect(fs.readFileSync(path.join(dataDir, 'format'), 'utf8')).toBe(version);
  });
});
