import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Labels, hasIndexStatistics, isFlushable } from '@metrics-dashboard/sdk';
import type { StorageBackend } from '@metrics-dashboard/sdk';
import { openKind, testHost, testStorage } from '@metrics-dashboard/sdk/testing';
import { afterAll, describe, expect, it } from 'vitest';
import plugin from './index.js';

const folders: string[] = [];

async function open(config: unknown): Promise<{ storage: StorageBackend; dataDir: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'storage-audit-'));
  folders.push(dataDir);
  return { storage: await openKind(plugin, 'storage', config, testHost({ dataDir })), dataDir };
}

describe('the auditing storage', () => {
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  const make = async ({ outOfOrderWindow }: { outOfOrderWindow: number }): Promise<StorageBackend> =>
    (await open({ out_of_order_window: `${outOfOrderWindow}ms` })).storage;
  for (const { name, run } of testStorage(make)) it(name, run);

  it('writes a line for each commit that had samples', async () => {
    const { storage, dataDir } = await open({});
    const ref = storage.index.create(Labels.of({ __name__: 'a' }));
    storage.append({ count: 2, refs: Uint32Array.of(ref, 4_000_000), times: Float64Array.of(1, 1), values: Float64Array.of(1, 1) });
    await storage.commit();
    await storage.commit();
    await storage.close();
    const lines = readFileSync(join(dataDir, 'audit.log'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([expect.objectContaining({ offered: 2, kept: 1, refused: 1 })]);
  });

  it('keeps the inner backend\'s optional powers reachable', async () => {
    const { storage } = await open({});
    expect(isFlushable(storage)).toBe(true);
    expect(hasIndexStatistics(storage)).toBe(true);
    await storage.close();
  });

  it('says so when the inner package has no such storage', async () => {
    await expect(open({ inner: { kind: 'papyrus' } })).rejects.toThrow('@metrics-dashboard/storage-tsdb offers no storage "papyrus"');
  });
});
