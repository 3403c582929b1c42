import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Labels } from '@metrics-dashboard/sdk';
import { testHost } from '@metrics-dashboard/sdk/testing';
import { tsdb } from '@metrics-dashboard/storage-tsdb';
import { temporaryFolder } from '../product.js';

type Storage = Awaited<ReturnType<typeof tsdb.open>>;

/** Series that have a sample at each of some times. */
export interface Data {
  readonly times: Float64Array;
  readonly values: readonly Float64Array[];
}

/**
 * The bytes of the chunks files, times included, after a flush of a database that has nothing but the data.
 * Rejects when not every sample comes back with the bits that it had.
 */
export async function storedBytes(data: Data): Promise<number> {
  const folder = temporaryFolder();
  try {
    const config = tsdb.config['~standard'].validate({ retention: '1000y' });
    if (config instanceof Promise || config.issues !== undefined) throw new Error('the configuration is refused');
    const storage = await tsdb.open(config.value, testHost({ dataDir: folder.path }));
    await write(storage, data);
    await storage.flush(new AbortController().signal);
    await check(storage, data);
    await storage.close();
    const blocks = join(folder.path, 'blocks');
    return readdirSync(blocks).reduce((sum, block) => sum + statSync(join(blocks, block, 'chunks')).size, 0);
  } finally {
    folder.remove();
  }
}

async function write(storage: Storage, { times, values }: Data): Promise<void> {
  const refs = Uint32Array.from(values, (_, i) => storage.index.create(Labels.from([['__name__', 'bench'], ['series', String(i)]])));
  for (const [step, time] of times.entries()) {
    const row = Float64Array.from(values, (column) => column[step] ?? NaN);
    const report = storage.append({ count: refs.length, refs, times: new Float64Array(refs.length).fill(time), values: row });
    if (report.rejected.length > 0) throw new Error(`sample refused: ${report.verdicts[0] ?? ''}`);
    if (step % 40 === 39) await storage.commit();
  }
}

/** Throws when not every sample comes back with the bits it had. */
async function check(storage: Storage, { times, values }: Data): Promise<void> {
  const { signal } = new AbortController();
  const range = { start: times[0] ?? 0, end: times.at(-1) ?? 0 };
  const view = storage.view(range);
  const list = await view.find([], Infinity, signal);
  const [level] = view.levels;
  if (level === undefined || list.size !== values.length) throw new Error(`${list.size} series come back of ${values.length}`);
  const set = await view.load(list, { level, columns: ['value'], range }, signal);
  for (let i = 0; i < set.size; i++) {
    const into = new Float64Array(set.capacity(set.timeGroup[i] ?? 0));
    const count = set.values(i, 'value', into);
    const stored = Buffer.from(into.buffer, 0, count * 8);
    const wanted = values[Number(set.labels(i).get('series'))];
    if (wanted === undefined || !stored.equals(Buffer.from(wanted.buffer))) throw new Error(`series ${i} comes back with other bits`);
  }
  view.release();
}
