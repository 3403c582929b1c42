import { createHash } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DASHBOARD, saveDashboard } from './fixtures/dashboard.js';
import { eventually, hasPeer } from './peer.js';
import { startProduct } from './product.js';
import type { Product } from './product.js';
import { ARTIFACTS, linesOf, openBrowser, openPage } from './window.js';

/** Every page, and what is there once it has come up. */
const PAGES: readonly { name: string; path: string; ready: string }[] = [
  { name: 'home', path: '/?', ready: '.apexcharts-series path' },
  { name: 'panel', path: '/?panel=memory&', ready: '.apexcharts-series path' },
  { name: 'dashboards', path: '/dashboards?', ready: '.folder li' },
  { name: 'all-kinds', path: '/dashboards/all-kinds?', ready: '[data-panel="lag"] .apexcharts-series path' },
  { name: 'explore', path: '/explore?', ready: '.cm-content' },
  { name: 'explore-range', path: '/explore?q=up&', ready: '.apexcharts-series path' },
  { name: 'explore-instant', path: '/explore?q=up&mode=instant&', ready: 'tbody tr' },
  { name: 'explore-mistake', path: '/explore?q=rate(up&', ready: '[role="alert"]' },
  { name: 'explore-two', path: '/explore?q=up&q2=scrape_duration_seconds&past=1h&', ready: '.apexcharts-series path' },
  { name: 'cardinality', path: '/cardinality?', ready: '.tables tbody tr' },
  { name: 'machines', path: '/dashboards/node-exporter?', ready: '[data-panel="processors"]' },
  { name: 'targets', path: '/targets?', ready: '.health[data-health="DOWN"]' },
  { name: 'status', path: '/status?', ready: '.facts' },
  { name: 'no-dashboard', path: '/dashboards/none?', ready: '[data-face="empty"]' },
  { name: 'nowhere', path: '/nowhere?', ready: '[data-face="empty"]' },
];
const SIZES = [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, { width: 390, height: 844 }];
const CONFIG = `
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: down
    static_configs: [{ targets: ['127.0.0.1:1'] }]
`;

describe.skipIf(!hasPeer('chromium'))('every page of the window', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    product = await startProduct({ config: CONFIG });
    browser = await openBrowser();
    await saveDashboard(product, DASHBOARD);
    await eventually(async () => (await product.query('count(count_over_time(up[1m]))')).data.result[0]?.value[1] === '2', 'both targets were scraped');
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  describe.each(['dark', 'light'])('in the %s theme', (theme) => {
    it.each(PAGES)('$name: nothing for axe to object to, no error, no foreign host, at three widths', async ({ name, path, ready }) => {
      const { page, complaints, close } = await openPage(browser, product, `${path}theme=${theme}`, { viewport: SIZES[0] ?? null });
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await page.waitForSelector(ready, { state: 'attached' });
        expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), `wider than ${size.width} px`).toBe(false);
        await page.screenshot({ path: `${ARTIFACTS}${name}-${theme}-${size.width}.png` });
      }
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    });
  });
});

describe.skipIf(!hasPeer('chromium'))('a window to a server that knows its viewers', () => {
  const token = 'a-token-of-the-test';
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    const hash = createHash('sha256').update(token).digest('hex');
    product = await startProduct({ config: `auth:\n  anonymous: none\n  tokens: [{ name: ada, role: viewer, hash: 'sha256:${hash}' }]\n` });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  it('asks who they are, lets the right ones in, and forgets them when told to', async () => {
    const { page, close } = await openPage(browser, product, '/');
    const field = page.getByLabel('Token', { exact: true });
    const signIn = page.getByRole('main').getByRole('button', { name: 'Sign in' });
    await field.fill('wrong');
    await signIn.click();
    await page.getByRole('alert').getByText('unknown token').waitFor();
    await field.fill(token);
    await signIn.click();
    await eventually(async () => (await linesOf(page)).length >= 6, 'the panels draw lines: queries and subscriptions are let in');
    await page.reload();
    await eventually(async () => (await linesOf(page)).length >= 6, 'a reload asks for nothing');
    expect(page.url()).not.toContain('token');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await field.waitFor();
    await page.reload();
    await field.waitFor();
    await close();
  });
});
