import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemoteWriter } from './remote-writer.js';
import { startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 12);
const SERIES = 50;

/** Two writers write as fast as they are answered, and are killed in the middle; what was acknowledged must be there. */
describe('kill -9 under load', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => void (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  it(`loses no acknowledged sample and doubles none, ${ROUNDS} times at random moments`, async () => {
    const start = Date.now() - 3600_000;
    const writers = [0, 1].map((id) => new RemoteWriter(`writer-${id}`, SERIES, start));
    for (let round = 0; round < ROUNDS; round++) {
      const product = await startProduct({ dataDir: `${folder.path}/data`, config: 'self_scrape: false\n' });
      await expectAllThere(product, writers);
      const stopWriting = new AbortController();
      const writing = Promise.allSettled(writers.map((writer) => writer.writeUntil(product.url, stopWriting.signal)));
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 400));
      await product.kill();
      stopWriting.abort();
      await writing;
    }
    const product = await startProduct({ dataDir: `${folder.path}/data`, config: 'self_scrape: false\n' });
    await expectAllThere(product, writers);
    expect(writers.every((writer) => writer.acknowledged > 0)).toBe(true);
    await product.stop();
  }, Math.max(180_000, ROUNDS * 20_000));
});

/** Every acknowledged step is stored with its value; at most the one in flight is there as well. */
async function expectAllThere(product: Product, writers: readonly RemoteWriter[]): Promise<void> {
  for (const writer of writers) {
    const { data } = await product.query(`crash_test{writer="${writer.name}"}[2h]`, writer.timeOf(writer.sent));
    if (writer.acknowledged === 0 && data.result.length === 0) {
      writer.resumeAt(0);
      continue;
    }
    expect(data.result).toHaveLength(SERIES);
    for (const { values, metric } of data.result) {
      const stored = values.map(([at, value]) => [Math.round(at * 1000), Number(value)]);
      const series = Number(metric['series']);
      const wanted = Array.from({ length: stored.length }, (_, step) => [writer.timeOf(step), writer.valueOf(series, step)]);
      expect(stored).toEqual(wanted);
      expect(stored.length).toBeGreaterThanOrEqual(writer.acknowledged);
    }
    writer.resumeAt(data.result[0]?.values.length ?? 0);
  }
}
