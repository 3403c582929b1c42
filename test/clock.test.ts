import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { startProduct, temporaryFolder } from './product.js';

const PRELOAD = fileURLToPath(new URL('fixtures/shifted-clock.mjs', import.meta.url));
const HOUR = 3600_000;

/** A target that counts how often it was asked. */
describe('the wall clock moved by an hour', () => {
  let scrapes = 0;
  const target = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(`asked_total ${++scrapes}\n`);
  });
  beforeAll(() => new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => target.close(resolve)));

  for (const [direction, offset] of [['ahead', HOUR], ['back', -HOUR]] as const) {
    it(`${direction}: scrapes, ticks and time-outs go on`, async () => {
      const folder = temporaryFolder();
      const clockFile = join(folder.path, 'clock');
      writeFileSync(clockFile, '0');
      const { port } = target.address() as AddressInfo;
      const product = await startProduct({
        config: `
storage: { out_of_order_window: 2h }
scrape_configs:
  - job_name: asked
    scrape_interval: 1s
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
`,
        env: { NODE_OPTIONS: `--import=${PRELOAD}`, SHIFTED_CLOCK_FILE: clockFile },
      });
      const shiftedNow = (): number => Date.now() + offset;
      const samplesNow = async (): Promise<number> => Number((await product.query('count_over_time(asked_total[30s])', shiftedNow())).data.result[0]?.value[1] ?? 0);
      try {
        await eventually(async () => (await product.query('asked_total')).data.result.length === 1, 'the target was scraped');
        writeFileSync(clockFile, String(offset));
        const before = scrapes;
        await eventually(() => scrapes >= before + 4, 'it is scraped on', 10);
        // One a second: neither a flood that makes up for the hour ahead, nor silence until the hour is over.
        await new Promise((resolve) => setTimeout(resolve, 3000));
        expect(scrapes - before).toBeLessThan(15);
        await eventually(async () => (await samplesNow()) >= 3, 'samples are stored at the new time', 10);
        const { data } = (await (await product.get('/api/v1/targets')).json()) as { data: { activeTargets: { scrapePool: string; health: string }[] } };
        expect(data.activeTargets.find(({ scrapePool }) => scrapePool === 'asked')?.health).toBe('up');
      } finally {
        await product.stop();
        folder.remove();
      }
      expect(await product.exited).toBe(0);
    });
  }
});
