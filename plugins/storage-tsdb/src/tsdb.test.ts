import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ManualClock, testHost, testStorage } from '@metrics-dashboard/sdk/testing';
import { afterAll, describe, it } from 'vitest';
import { openTsdb } from './tsdb.js';
import type { Tsdb } from './tsdb.js';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-contract-'));
const folders = new WeakMap<object, { dataDir: string; outOfOrderWindow: number }>();
let made = 0;

afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

async function open(dataDir: string, outOfOrderWindow: number): Promise<Tsdb> {
  const host = testHost({ dataDir, clock: new ManualClock() });
  const storage = await openTsdb({ retention: 100 * 365 * 86_400_000, outOfOrderWindow, rollups: [] }, host);
  folders.set(storage, { dataDir, outOfOrderWindow });
  return storage;
}

describe('the storage contract', () => {
  const tests = testStorage(({ outOfOrderWindow }) => open(path.join(root, String(made++)), outOfOrderWindow), {
    reopen: async (storage) => {
      const known = folders.get(storage);
      if (known === undefined) throw new Error('an unknown storage');
      // A crash: what is on the disk at this moment is all there is.
      const copy = path.join(root, String(made++));
      fs.cpSync(known.dataDir, copy, { recursive: true });
      await storage.close();
      return open(copy, known.outOfOrderWindow);
    },
  });
  for (const one of tests) it(one.name, () => one.run());
});
