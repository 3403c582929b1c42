import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, hasPeer } from './peer.js';
import { startProduct } from './product.js';
import type { Product } from './product.js';
import { ARTIFACTS, linesOf, openBrowser, openPage } from './window.js';

describe.skipIf(!hasPeer('chromium'))('the window', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    product = await startProduct({ config: 'global: { scrape_interval: 1s }\n' });
    browser = await openBrowser();
    await eventually(async () => (await product.query('count_over_time(up[1m])')).data.result.length > 0, 'something was scraped');
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  it('moves the home dashboard\'s lines within 30 s, without a reload', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/');
    await page.evaluate('window.stillTheSamePage = true');
    await eventually(async () => (await linesOf(page)).length >= 6, 'six panels show a chart with lines');
    const before = await linesOf(page);
    await eventually(async () => (await linesOf(page)).filter((shapes) => !before.includes(shapes)).length >= 6, 'the lines of six panels moved');
    await page.screenshot({ path: `${ARTIFACTS}home.png`, fullPage: true });
    expect(await page.evaluate('window.stillTheSamePage')).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });

  it('answers a query on the Explore page, with the query in the address', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/explore');
    await page.locator('.cm-content').click();
    await page.keyboard.type('rate(metrics_dashboard_ingest_samples_total[1m])');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.apexcharts-series path', { state: 'attached', timeout: 20_000 });
    expect(decodeURIComponent(page.url())).toContain('metrics_dashboard_ingest_samples_total');
    await page.screenshot({ path: `${ARTIFACTS}explore.png`, fullPage: true });
    expect(complaints).toEqual([]);
    await close();
  });

  it('marks the place of a mistake in an expression, and says what to do', async () => {
    const { page, close } = await openPage(browser, product, `/explore?q=${encodeURIComponent('rate(up[5m]) + ')}`);
    const alert = page.getByRole('alert');
    await alert.getByText('line 1').waitFor();
    expect(await alert.textContent()).toContain('Correct the expression');
    await close();
  });

  it('shows targets with their health and why one is down, and the same from the same address', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/targets');
    await page.getByText('metrics-dashboard', { exact: false }).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('no-such-target');
    await page.getByText('No target matches').waitFor();
    await page.reload();
    await page.getByText('No target matches').waitFor();
    await page.getByLabel('Search targets').fill('job=metrics-dashboard');
    await page.locator('.health[data-health="UP"]').first().waitFor();
    await page.screenshot({ path: `${ARTIFACTS}targets.png`, fullPage: true });
    expect(complaints).toEqual([]);
    await close();
  });

  it('asks only for what is in sight', async () => {
    const { page, live, close } = await openPage(browser, product, '/', { viewport: { width: 1440, height: 700 } });
    const isAsked = (metric: string): boolean => live().some((query) => query.includes(metric));
    await eventually(() => isAsked('storage_head_series') && !isAsked('live_viewers'), 'the panels at the top ask, those below do not');
    await page.locator('[data-panel="live"]').scrollIntoViewIfNeeded();
    await eventually(() => !isAsked('storage_head_series') && isAsked('live_viewers'), 'now it is the other way round');
    await close();
  });

  it('shows one panel alone, by key and by address, and all again', async () => {
    const { page, close } = await openPage(browser, product, '/', { viewport: { width: 1440, height: 900 } });
    await page.locator('[data-panel="memory"]').scrollIntoViewIfNeeded();
    await page.locator('[data-panel="memory"]').hover();
    await page.keyboard.press('f');
    await eventually(async () => (await page.locator('[data-panel]').count()) === 1, 'only that panel is there');
    expect(page.url()).toContain('panel=memory');
    await page.reload();
    await page.waitForSelector('[data-panel="memory"] .apexcharts-series path', { state: 'attached' });
    expect(await page.locator('[data-panel]').count()).toBe(1);
    await page.keyboard.press('Escape');
    await eventually(async () => (await page.locator('[data-panel]').count()) > 10, 'all panels are back');
    await close();
  });

  it('goes from page to page by keys, and says which there are', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/?from=now-30m');
    await page.locator('h1', { hasText: 'Home' }).waitFor();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keys and gestures' });
    await sheet.getByText('Go to Targets').waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    await page.keyboard.press('z');
    await page.waitForURL('**/?from=now-1h');
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.waitForURL('**/targets?from=now-1h');
    expect(complaints).toEqual([]);
    await close();
  });

  it('reconnects after the server was restarted, and goes on without a reload', async () => {
    const { page, close } = await openPage(browser, product, '/');
    await page.waitForSelector('.apexcharts-series path', { state: 'attached', timeout: 20_000 });
    const { port, dataDir } = product;
    await page.evaluate('window.stillTheSamePage = true');
    await product.kill();
    product = await startProduct({ port, dataDir, config: 'global: { scrape_interval: 1s }\n' });
    const before = (await linesOf(page)).join();
    await eventually(async () => (await linesOf(page)).join() !== before, 'the lines move again', 40);
    expect(await page.evaluate('window.stillTheSamePage')).toBe(true);
    await close();
  });
});
