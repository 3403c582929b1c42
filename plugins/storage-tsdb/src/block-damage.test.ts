import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Labels, StorageError, matcher } from '@metrics-dashboard/sdk';
import { ManualClock, testHost } from '@metrics-dashboard/sdk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BlockReader } from './block-reader.js';
import { openTsdb } from './tsdb.js';

const never = new AbortController().signal;
const START = Date.UTC(2026, 0, 1) + 1000;

let root: string;
/** A small block with every file that a block can have. */
let block: string;

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-block-damage-'));
  const storage = await openTsdb(
    { retention: 86_400_000, outOfOrderWindow: 600_000, rollups: [] },
    testHost({ dataDir: root, clock: new ManualClock(START + 3600_000) }),
  );
  const refs = Uint32Array.from([1, 2, 3], (i) => storage.index.create(Labels.of({ __name__: 'up', instance: `host-${i}` })));
  for (let step = 0; step < 20; step++) {
    storage.append({ count: 3, refs, times: new Float64Array(3).fill(START + step * 15_000), values: Float64Array.of(step, step / 8, Math.sin(step)) });
  }
  await storage.commit();
  await storage.flush(never);
  await storage.deleteSeries([matcher('instance', '=', 'host-2')], { start: START, end: START + 60_000 }, never);
  await storage.close();
  const blocks = path.join(root, 'blocks');
  block = path.join(blocks, fs.readdirSync(blocks).find((name) => /^\d+$/.test(name)) ?? '');
});

afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

describe('a block with damage at any byte of any of its files', () => {
  it('is refused', async () => {
    const files = fs.readdirSync(block).sort();
    expect(files).toEqual(['chunks', 'index', 'meta.json', 'tombstones']);
    const accepted: string[] = [];
    for (const name of files) {
      const file = path.join(block, name);
      const whole = fs.readFileSync(file);
      for (let at = 0; at < whole.length; at++) {
        const flipped = Buffer.from(whole);
        flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at & 7)), at);
        for (const damaged of [flipped, whole.subarray(0, at)]) {
          fs.writeFileSync(file, damaged);
          const outcome = await opened().catch((error: unknown) => error);
          if (!(outcome instanceof StorageError)) accepted.push(`${name} ${damaged === flipped ? 'flipped' : 'cut'}, ${whole.length - at} before its end`);
        }
      }
      fs.writeFileSync(file, whole);
    }
    // The end of the last line of a text says nothing.
    expect(accepted).toEqual(['meta.json cut, 1 before its end']);
    await opened();
  }, 60_000);
});

async function opened(): Promise<void> {
  const reader = await BlockReader.open(block);
  await reader.close();
}
