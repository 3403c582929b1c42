import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { startProduct } from './product.js';
import type { Product } from './product.js';
import { RemoteWriter } from './remote-writer.js';

const UNRULY = fileURLToPath(new URL('fixtures/unruly-plugin.mjs', import.meta.url));

/** The data plane's thread can die; the process, its pages and its notifications go on, and nothing acknowledged is lost. */
describe('the engine thread', () => {
  let product: Product;
  beforeEach(async () => {
    product = await startProduct({ config: `self_scrape: false\nplugins: [{ package: ${UNRULY} }]\n` });
  });
  afterEach(() => product.stop());

  const CASES = [
    ['throws', 'explode', /boom from unruly/],
    ['runs out of memory', 'devour', /memory/i],
  ] as const;

  for (const [what, aggregation, reason] of CASES) {
    it(`${what}: named in the log, 503 meanwhile, replayed, nothing acknowledged lost`, async () => {
      const writer = new RemoteWriter('steady', 20, Date.now() - 60_000);
      const stopWriting = new AbortController();
      const writing = writer.writeUntil(product.url, stopWriting.signal).catch((error: unknown) => String(error));
      await eventually(() => writer.acknowledged > 20, 'some samples are acknowledged');

      const asked = await product.get(`/api/v1/query?query=${aggregation}(vector(1))`);
      if (aggregation === 'devour') expect(asked.status).toBe(503);
      expect(await writing).toMatch(/status 503/);
      const { acknowledged } = writer;

      await eventually(async () => (await product.get('/-/ready')).status === 200, 'the engine is back', 60);
      const { data } = await product.query('count_over_time(crash_test{writer="steady"}[1h])', writer.timeOf(writer.sent));
      expect(data.result).toHaveLength(20);
      for (const { value } of data.result) expect(Number(value[1])).toBeGreaterThanOrEqual(acknowledged);
      expect(product.log()).toMatch(reason);
      if (aggregation === 'explode') expect(product.log()).toMatch(/"plugin":"unruly".*boom/);
      expect(await product.graphql('{ status { engineRestarts } }')).toEqual({ status: { engineRestarts: 1 } });

      writer.resumeAt(Number(data.result[0]?.value[1]));
      const again = new AbortController();
      const writingAgain = writer.writeUntil(product.url, again.signal).catch(() => undefined);
      await eventually(() => writer.acknowledged > acknowledged + 5, 'samples are taken again');
      again.abort();
      await writingAgain;
    });
  }
});
