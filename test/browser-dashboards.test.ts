import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DASHBOARD, saveDashboard } from './fixtures/dashboard.js';
import { eventually, hasPeer } from './peer.js';
import { startProduct } from './product.js';
import type { Product } from './product.js';
import { openBrowser, openPage } from './window.js';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function rename(page: Page, title: string): Promise<void> {
  await button(page, 'Settings').click();
  await page.locator('dialog[open] input').first().fill(title);
  await page.keyboard.press('Escape');
}

async function save(page: Page, message: string): Promise<void> {
  await button(page, 'Save').click();
  await page.locator('dialog[open]').getByLabel('What changed').fill(message);
  await page.locator('dialog[open]').getByRole('button', { name: 'Save', exact: true }).click();
}

describe.skipIf(!hasPeer('chromium'))('dashboards in the window', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    product = await startProduct({ config: 'global: { scrape_interval: 1s }\n' });
    browser = await openBrowser();
    await saveDashboard(product, DASHBOARD);
    await eventually(async () => (await product.query('count_over_time(up[1m]) > 2')).data.result.length > 0, 'the server scraped itself');
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  it('draw a panel of every kind, and take nothing in a text for more than text', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/dashboards/all-kinds');
    for (const id of ['stat', 'gauge', 'bar', 'lag', 'axes', 'heat', 'table', 'text']) await page.waitForSelector(`[data-panel="${id}"] [data-face="content"]`);
    expect(await page.locator('[data-panel="text"]').textContent()).toContain('<img src=x');
    expect(await page.locator('[data-panel="text"] img, [data-panel="text"] a').count()).toBe(0);
    await button(page, 'Numbers').click();
    expect(await page.locator('[data-panel="stat"]').count()).toBe(0);
    expect(await page.locator('[data-panel="lag"]').count()).toBe(1);
    expect(complaints).toEqual([]);
    await close();
  });

  it('ask again, when a variable changes, only what uses it', async () => {
    const { page, live, close } = await openPage(browser, product, '/dashboards/all-kinds');
    await page.waitForSelector('[data-panel="lag"] .apexcharts-series path', { state: 'attached' });
    const asked: string[] = [];
    page.on('websocket', () => asked.push('socket'));
    const others = live().filter((query) => !query.includes('$fold'));
    await page.goto(`${product.url}/dashboards/all-kinds?var-fold=max&var-thread=main`);
    await eventually(async () => (await page.locator('[data-panel="lag"] h2').textContent()) === 'Lag of main', 'the title says what is chosen');
    await eventually(async () => (await page.locator('[data-panel="lag"] .legend tbody tr').count()) === 1, 'one thread is left');
    expect(live().filter((query) => !query.includes('$fold')).sort()).toEqual(others.sort());
    await page.getByLabel('fold', { exact: true }).click();
    await page.getByText('average', { exact: true }).last().click();
    await page.waitForURL(/var-fold=avg/);
    await close();
  });

  it('are made, arranged, edited, undone and saved, and remember what they were', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/dashboards', { viewport: { width: 1440, height: 1000 } });
    await button(page, 'New dashboard').click();
    await page.getByLabel('Title').fill('My board');
    await button(page, 'Create').click();
    await page.waitForURL(/dashboards\/my-board/);
    await button(page, 'Edit').click();
    await button(page, 'Add').click();
    await page.getByText('Time series:', { exact: false }).click();
    await page.getByLabel('Title').fill('Is it up?');
    await page.locator('.cm-content').click();
    await page.keyboard.type('up');
    await page.waitForSelector('.preview .apexcharts-series path', { state: 'attached' });
    await button(page, 'Done').click();

    const place = () => page.locator('.grid-stack-item').getAttribute('gs-y');
    await page.waitForSelector('.grid-stack-item .panel');
    const head = await page.locator('.grid-stack-item header').boundingBox();
    if (head === null) throw new Error('the panel has no head');
    await page.mouse.move(head.x + 80, head.y + 10);
    await page.mouse.down();
    await page.mouse.move(head.x + 80, head.y + 100, { steps: 5 });
    await page.mouse.move(head.x + 80, head.y + 170, { steps: 5 });
    await page.mouse.up();
    await eventually(async () => Number(await place()) >= 2, 'the panel is some rows lower');
    await button(page, 'Undo').click();
    await eventually(async () => ['0', null].includes(await place()), 'it is back');

    await save(page, 'first panel');
    await page.waitForSelector('[data-panel="timeseries"] .apexcharts-series path', { state: 'attached' });
    expect(await page.locator('h2').first().textContent()).toBe('Is it up?');
    await page.reload();
    await page.waitForSelector('[data-panel="timeseries"]');
    await page.getByLabel('More for the dashboard').click();
    await page.getByText('History', { exact: true }).click();
    await eventually(async () => (await page.locator('dialog[open] li').count()) === 2, 'there are two revisions');
    expect(await page.locator('dialog[open] li').first().textContent()).toContain('first panel');
    await page.locator('dialog[open]').getByRole('button', { name: 'Restore' }).click();
    await eventually(async () => (await page.locator('[data-panel]').count()) === 0, 'the panel is gone again');
    expect(complaints).toEqual([]);
    await close();
  });

  it('tell who saves late what differs, and let them decide', async () => {
    await saveDashboard(product, { version: 1, id: 'shared', title: 'Shared' });
    const [first, second] = await Promise.all([openPage(browser, product, '/dashboards/shared'), openPage(browser, product, '/dashboards/shared')]);
    for (const { page } of [first, second]) await button(page, 'Edit').click();
    await rename(first.page, 'Mine');
    await save(first.page, '');
    await eventually(async () => (await button(first.page, 'Edit').count()) === 1, 'the first is saved');
    await rename(second.page, 'Yours');
    await save(second.page, '');
    await second.page.getByText('there is revision 2').waitFor();
    expect(await second.page.locator('dialog[open] code').allTextContents()).toEqual(['title: "Mine", now "Yours"']);
    await button(second.page, 'Save over it').click();
    await eventually(async () => (await second.page.locator('h1').textContent()) === 'Yours', 'the second is saved');
    await first.close();
    await second.close();
  });

  it('are refused as JSON with the place of what is wrong', async () => {
    const { page, close } = await openPage(browser, product, '/dashboards/all-kinds');
    await button(page, 'Edit').click();
    await page.getByLabel('More for the dashboard').click();
    await page.getByText('JSON, export').click();
    const text = page.getByLabel('JSON of the dashboard');
    await text.fill((await text.inputValue()).replace('"kind": "stat"', '"kind": "pie"').replace('"title": "Memory"', '"title": 7'));
    await button(page, 'Take it').click();
    const told = await page.locator('dialog[open] [role="alert"]').textContent();
    expect(told).toContain('panels[1]');
    expect(told).toContain('panels[2].title');
    await close();
  });
});
