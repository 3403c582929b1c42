import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, hasPeer } from './peer.js';
import { startProduct } from './product.js';
import type { Product } from './product.js';

const ARTIFACTS = fileURLToPath(new URL('artifacts/', import.meta.url));

/** In the page: the shapes of the lines that each panel with a chart draws. */
const LINES = `[...document.querySelectorAll('.panel[data-face="content"]')]
  .map((panel) => [...panel.querySelectorAll('.apexcharts-series path')].map((path) => path.getAttribute('d')).join(' '))
  .filter((shapes) => shapes !== '')`;

/** Everything a page did that it should not have. */
interface Watched {
  readonly page: Page;
  readonly complaints: string[];
}

describe.skipIf(!hasPeer('chromium'))('the window', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(ARTIFACTS, { recursive: true });
    product = await startProduct({ config: 'global: { scrape_interval: 1s }\n' });
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    await eventually(async () => (await product.query('count_over_time(up[1m])')).data.result.length > 0, 'something was scraped');
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  /** Tall enough that every panel is in sight: what is not asks for nothing. */
  async function open(path: string): Promise<Watched> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 2400 } });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol !== 'data:' && protocol !== 'blob:' && host !== `127.0.0.1:${product.port}`) complaints.push(`request to ${request.url()}`);
    });
    await page.goto(product.url + path);
    return { page, complaints };
  }

  it('moves the home dashboard\'s lines within 30 s, without a reload', async () => {
    const { page, complaints } = await open('/');
    await page.evaluate('window.stillTheSamePage = true');
    const lines = (): Promise<string[]> => page.evaluate<string[]>(LINES);
    await eventually(async () => (await lines()).length >= 6, 'six panels show a chart with lines');
    const before = await lines();
    await eventually(async () => (await lines()).filter((shapes) => !before.includes(shapes)).length >= 6, 'the lines of six panels moved');
    await page.screenshot({ path: `${ARTIFACTS}home.png`, fullPage: true });
    expect(await page.evaluate('window.stillTheSamePage')).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('answers a query on the Explore page, with the query in the address', async () => {
    const { page, complaints } = await open('/explore');
    await page.locator('.cm-content').click();
    await page.keyboard.type('rate(metrics_dashboard_ingest_samples_total[1m])');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.apexcharts-series path', { state: 'attached', timeout: 20_000 });
    expect(decodeURIComponent(page.url())).toContain('metrics_dashboard_ingest_samples_total');
    await page.screenshot({ path: `${ARTIFACTS}explore.png`, fullPage: true });
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows targets with their health, and a second view from the same address', async () => {
    const { page, complaints } = await open('/targets');
    await page.getByText('metrics-dashboard', { exact: false }).first().waitFor();
    await page.getByText(/up/i).first().waitFor();
    await page.screenshot({ path: `${ARTIFACTS}targets.png`, fullPage: true });
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('reconnects after the server was restarted, and goes on without a reload', async () => {
    const { page } = await open('/');
    await page.waitForSelector('.apexcharts-series path', { state: 'attached', timeout: 20_000 });
    const { port, dataDir } = product;
    await page.evaluate('window.stillTheSamePage = true');
    await product.kill();
    product = await startProduct({ port, dataDir, config: 'global: { scrape_interval: 1s }\n' });
    const lines = async (): Promise<string> => (await page.evaluate<string[]>(LINES)).join();
    const before = await lines();
    await eventually(async () => (await lines()) !== before, 'the lines move again', 40);
    expect(await page.evaluate('window.stillTheSamePage')).toBe(true);
    await page.close();
  });
});
