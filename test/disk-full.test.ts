import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';
import { RemoteWriter, WRITE_HEADERS, writeRequest } from './remote-writer.js';

const SERIES = 100;
const DISK_BYTES = 48 << 20;
/** What is left for the log when the rest of the disk is taken by somebody else. */
const LEFT_BYTES = 1 << 20;

const folder = temporaryFolder();
const disk = join(folder.path, 'disk');
mkdirSync(disk);
const canMount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk]).status === 0;
if (canMount) spawnSync('umount', [disk]);

let running: Product[] = [];

beforeEach(() => {
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk]);
});

afterEach(async () => {
  for (const product of running) await product.kill();
  running = [];
  spawnSync('umount', [disk]);
  rmSync(folder.path, { recursive: true, force: true });
});

/** Needs the right to mount a small disk, which only an administrator has. */
describe.skipIf(!canMount)('a disk that is full', () => {
  it('makes ingest answer 503 while queries go on; it resumes by itself, and nothing acknowledged is lost', async () => {
    const ballast = join(disk, 'ballast');
    const dataDir = join(disk, 'data');
    const product = await startProduct({ dataDir, config: 'self_scrape: false\n' });
    running.push(product);
    const writer = new RemoteWriter('writer', SERIES, Date.now() - 3600_000);
    await writeUntilRefused(product, writer, 50);
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - LEFT_BYTES));

    await writeUntilRefused(product, writer, Infinity);
    const whenFull = writer.acknowledged;
    expect(whenFull).toBeGreaterThan(50);
    const refused = await fetch(`${product.url}/api/v1/write`, { method: 'POST', headers: WRITE_HEADERS, body: await bodyOf(1000) });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect((await fetch(`${product.url}/api/v1/admin/flush`, { method: 'POST' })).status).toBe(503);
    await expectAllThere(product, writer);

    rmSync(ballast);
    await eventually(async () => (await send(product, 1)) === 204 || (await send(product, 1)) === 200, 'samples are taken again');
    await writeUntilRefused(product, writer, whenFull + 50);
    await product.kill();
    const again = await startProduct({ dataDir, config: 'self_scrape: false\n' });
    running.push(again);
    await expectAllThere(again, writer);
    await again.stop();
  }, 90_000);
});

/** Until so many steps are acknowledged, or one is not. */
async function writeUntilRefused(product: Product, writer: RemoteWriter, steps: number): Promise<void> {
  const enough = new AbortController();
  const watch = setInterval(() => {
    if (writer.acknowledged >= steps) enough.abort();
  }, 1);
  await writer.writeUntil(product.url, enough.signal).catch(() => undefined);
  clearInterval(watch);
  // The step under way may be stored or not; it is sent again with the same values.
  writer.resumeAt(writer.acknowledged);
}

async function send(product: Product, samples: number): Promise<number> {
  return (await fetch(`${product.url}/api/v1/write`, { method: 'POST', headers: WRITE_HEADERS, body: await bodyOf(samples) })).status;
}

/** Series of their own, with long names: more bytes than are left in any corner of the disk. */
function bodyOf(samples: number): Promise<Uint8Array<ArrayBuffer>> {
  const long = Array.from({ length: 60 }, () => Math.random().toString(36)).join('');
  return writeRequest(Array.from({ length: samples }, (_, i) => ({ labels: { __name__: 'filler', i: `${i}${long}` }, value: i, at: Date.now() })));
}

/** Every acknowledged step is stored with its value; at most the one in flight is there as well. */
async function expectAllThere(product: Product, writer: RemoteWriter): Promise<void> {
  const { data } = await product.query(`crash_test{writer="${writer.name}"}[2h]`, writer.timeOf(writer.sent));
  expect(data.result).toHaveLength(SERIES);
  for (const { values, metric } of data.result) {
    const stored = values.map(([at, value]) => [Math.round(at * 1000), Number(value)]);
    expect(stored).toEqual(stored.map((_, step) => [writer.timeOf(step), writer.valueOf(Number(metric['series']), step)]));
    expect(stored.length).toBeGreaterThanOrEqual(writer.acknowledged);
  }
}
