import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { startProduct, temporaryFolder } from './product.js';
import type { Product, ProductOptions } from './product.js';

const SLOW = fileURLToPath(new URL('fixtures/slow-plugin.mjs', import.meta.url));

/** A process that is told to stop leaves nothing behind, whenever it is told. */
describe('signals', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let product: Product | undefined;
  beforeEach(() => void (folder = temporaryFolder()));
  afterEach(async () => {
    await product?.kill();
    folder.remove();
  });

  const start = async (options: ProductOptions = {}): Promise<Product> => {
    product = await startProduct({ dataDir: join(folder.path, 'data'), ...options });
    return product;
  };

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`${signal} while a plugin takes its time stops the start at once`, async () => {
      const starting = await start({ config: `plugins: [{ package: ${SLOW}, config: { start: slowly } }]\n`, waitUntilReady: false });
      await eventually(() => starting.log().includes('slow is thinking'), 'the start is under way');
      const told = Date.now();
      process.kill(starting.pid, signal);
      expect(await starting.exited).toBe(0);
      expect(Date.now() - told).toBeLessThan(3000);
      expect(starting.log()).toContain('stopped');
      expect(existsSync(join(folder.path, 'data', 'lock'))).toBe(false);
    });
  }

  it('SIGTERM at any moment of the start ends it and locks nobody out', async () => {
    for (const delay of [0, 150, 300, 350, 400, 450, 500, 600]) {
      const { pid, exited } = await start({ waitUntilReady: false });
      await new Promise((resolve) => setTimeout(resolve, delay));
      process.kill(pid, 'SIGTERM');
      // Before there is anything to stop, the signal itself ends the process.
      expect([0, null]).toContain(await exited);
    }
    const last = await start();
    await last.stop();
    expect(await last.exited).toBe(0);
    expect(last.log()).toContain('"stopped"');
  });

  it('a second SIGINT ends a stop that takes too long', async () => {
    const job = `scrape_configs: [{ job_name: a, scraper: { kind: stubborn }, static_configs: [{ targets: ['127.0.0.1:1'] }] }]`;
    const stubborn = await start({ config: `plugins: [{ package: ${SLOW} }]\n${job}\n` });
    process.kill(stubborn.pid, 'SIGINT');
    await eventually(() => stubborn.log().includes('"stopping"'), 'it stops');
    process.kill(stubborn.pid, 'SIGINT');
    expect(await stubborn.exited).toBe(130);
  });
});
