import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { runCommand, startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';
import { RemoteWriter } from './remote-writer.js';

const SERIES = 50;
const QUIET = 'self_scrape: false\n';

let folder: ReturnType<typeof temporaryFolder>;
let running: Product[];

beforeEach(() => {
  folder = temporaryFolder();
  running = [];
});

afterEach(async () => {
  for (const product of running) await product.kill();
  folder.remove();
});

async function start(dataDir: string): Promise<Product> {
  const product = await startProduct({ dataDir, config: QUIET });
  running.push(product);
  return product;
}

/** How many samples of each series of a writer are there, one after another from the first on, each with its value. */
async function stepsOf(product: Product, writer: RemoteWriter): Promise<number> {
  const { data } = await product.query(`crash_test{writer="${writer.name}"}[2h]`, writer.timeOf(writer.sent));
  expect(data.result).toHaveLength(SERIES);
  const counts = data.result.map(({ values, metric }) => {
    const stored = values.map(([at, value]) => [Math.round(at * 1000), Number(value)]);
    expect(stored).toEqual(stored.map((_, step) => [writer.timeOf(step), writer.valueOf(Number(metric['series']), step)]));
    return stored.length;
  });
  return Math.min(...counts);
}

const post = (product: Product, path: string): Promise<Response> => fetch(product.url + path, { method: 'POST' });

describe('a backup of a running server', () => {
  it('has every sample that was acknowledged before, and can be restored elsewhere', async () => {
    const product = await start(join(folder.path, 'data'));
    const writer = new RemoteWriter('writer', SERIES, Date.now() - 3600_000);
    const stopWriting = new AbortController();
    const writing = Promise.allSettled([writer.writeUntil(product.url, stopWriting.signal)]);
    await eventually(() => writer.acknowledged > 60, 'some samples are there');
    expect((await post(product, '/api/v1/admin/flush')).status).toBe(200);
    const before = writer.acknowledged;
    const backup = join(folder.path, 'backup');
    const made = await runCommand(['backup', backup, '--url', product.url]);
    expect(made).toMatchObject({ code: 0 });
    const after = writer.acknowledged;
    expect(after).toBeGreaterThan(before);
    stopWriting.abort();
    await writing;

    const data = join(folder.path, 'elsewhere');
    expect(await runCommand(['restore', backup, '--data', data])).toMatchObject({ code: 0 });
    expect(existsSync(join(data, 'state.db'))).toBe(true);
    const restored = await start(data);
    expect(await stepsOf(restored, writer)).toBeGreaterThanOrEqual(before);
    expect(await stepsOf(product, writer)).toBeGreaterThanOrEqual(after);
    expect((await runCommand(['restore', backup, '--data', data])).output).toContain('is not empty');
  }, 60_000);
});

describe('the storage of a running server', () => {
  it('gives snapshots that a server starts with, deletes series, and gives back their room', async () => {
    const product = await start(join(folder.path, 'data'));
    const writers = ['kept', 'deleted'].map((name) => new RemoteWriter(name, SERIES, Date.now() - 3600_000));
    const stopWriting = new AbortController();
    const writing = Promise.allSettled(writers.map((writer) => writer.writeUntil(product.url, stopWriting.signal)));
    await eventually(() => writers.every(({ acknowledged }) => acknowledged > 20), 'some samples are there');
    stopWriting.abort();
    await writing;
    const [kept, deleted] = writers as [RemoteWriter, RemoteWriter];
    const { data } = (await (await post(product, '/api/v1/admin/tsdb/snapshot')).json()) as { data: { name: string } };
    expect(data.name).toMatch(/^\d{8}T\d{6}Z-[0-9a-f]{16}$/);

    expect((await post(product, `/api/v1/admin/tsdb/delete_series?match[]=${encodeURIComponent('crash_test{writer="deleted"}')}`)).status).toBe(204);
    expect((await post(product, '/api/v1/admin/tsdb/clean_tombstones')).status).toBe(204);
    expect(await stepsOf(product, kept)).toBeGreaterThanOrEqual(kept.acknowledged);
    expect((await product.query('crash_test{writer="deleted"}[2h]')).data.result).toEqual([]);
    expect((await (await product.get('/api/v1/label/writer/values')).json()) as object).toMatchObject({ data: ['kept'] });
    await product.kill();

    const again = await start(product.dataDir);
    expect((await again.query('crash_test{writer="deleted"}[2h]')).data.result).toEqual([]);
    expect(await stepsOf(again, kept)).toBeGreaterThanOrEqual(kept.acknowledged);
    const snapshot = await start(join(product.dataDir, 'snapshots', data.name));
    for (const writer of [kept, deleted]) expect(await stepsOf(snapshot, writer)).toBeGreaterThanOrEqual(writer.acknowledged);
  }, 60_000);
});
