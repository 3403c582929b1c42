import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, hasPeer } from './peer.js';
import { startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';
import type { WrittenSample } from './remote-writer.js';
import { openBrowser, openPage, push } from './window.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE;
const TENANTS = 5_000;

/** Two variables of which the second has the values that go with the first, and a panel of each. */
const CHAINED = {
  version: 1,
  id: 'chained',
  title: 'Chained',
  time: { from: 'now-15m' },
  variables: [
    { kind: 'label_values', name: 'region', of: 'region', selector: 'tenant_load' },
    { kind: 'label_values', name: 'tenant', of: 'tenant', selector: 'tenant_load{region="$region"}' },
  ],
  panels: [
    { kind: 'timeseries', id: 'load', title: 'Load of $tenant', position: { x: 0, y: 0, width: 12, height: 8 }, queries: [{ expression: 'tenant_load{region="$region", tenant="$tenant"}', legend: '{{tenant}}' }] },
    { kind: 'timeseries', id: 'all', title: 'All', position: { x: 12, y: 0, width: 12, height: 8 }, queries: [{ expression: 'count(tenant_load)', legend: 'all' }] },
  ],
};

describe.skipIf(!hasPeer('chromium'))('ways through the window', () => {
  let product: Product;
  let browser: Browser;
  const folder = temporaryFolder();

  beforeAll(async () => {
    product = await startProduct({ config: 'global: { scrape_interval: 5s }\n' });
    browser = await openBrowser();
    await push(product, week());
    await push(product, tenants());
    await push(product, wide());
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    folder.remove();
  });

  it('a dashboard comes in as a file; chained variables are searched among 5,000 values, chosen, and are in the address; the JSON goes out again', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/dashboards', laptop);
    const file = join(folder.path, 'chained.json');
    writeFileSync(file, JSON.stringify(CHAINED));
    await page.getByLabel('Import a dashboard from a file').setInputFiles(file);
    await page.waitForURL(/dashboards\/chained/);
    await choose(page, 'region', 'r', 'r1');
    await choose(page, 'tenant', 't4321', 't4321');
    await page.waitForURL((url) => url.searchParams.get('var-region') === 'r1' && url.searchParams.get('var-tenant') === 't4321');
    await eventually(async () => (await page.locator('[data-panel="load"] .legend tbody th').allTextContents()).join() === 't4321', 'the panel asks for what was chosen');

    const again = await openPage(browser, product, new URL(page.url()).pathname + new URL(page.url()).search, laptop);
    await eventually(async () => (await again.page.locator('[data-panel="load"] h2').textContent()) === 'Load of t4321', 'the address says what was chosen');
    await again.page.getByLabel('More for the dashboard').click();
    await again.page.getByText('JSON, export').click();
    const out = JSON.parse(await again.page.getByLabel('JSON of the dashboard').inputValue()) as typeof CHAINED;
    expect([out.title, out.variables.map(({ name }) => name), out.panels.map(({ title }) => title)]).toEqual(['Chained', ['region', 'tenant'], ['Load of $tenant', 'All']]);
    expect([...complaints, ...again.complaints]).toEqual([]);
    await again.close();
    await close();
  });

  it('a dashboard is built from nothing in the editor, with two variables of which the second follows the first, and is the same at its address', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/dashboards', laptop);
    const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
    await press('New dashboard');
    await page.getByLabel('Title').fill('Built here');
    await press('Create');
    await page.waitForURL(/dashboards\/built-here/);
    await press('Edit');
    await press('Settings');
    await variable(page, 0, { Name: 'region', 'Label whose values are options': 'region', 'Of series': 'tenant_load' });
    await variable(page, 1, { Name: 'tenant', 'Label whose values are options': 'tenant', 'Of series': 'tenant_load{region="$region"}' });
    await page.keyboard.press('Escape');

    await press('Add');
    await page.getByText('Time series:', { exact: false }).click();
    const editor = page.getByRole('region', { name: 'Panel editor' });
    await editor.getByLabel('Title').fill('Load of $tenant');
    await editor.getByLabel('Legend', { exact: true }).first().fill('{{tenant}}');
    await page.locator('.cm-content').click();
    await page.keyboard.type('tenant_load{region="$region", tenant="$tenant"}');
    await page.waitForSelector('.preview .apexcharts-series path', { state: 'attached' });
    await press('Done');
    await press('Save');
    await page.locator('dialog[open]').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Edit', exact: true }).waitFor();
    await choose(page, 'region', 'r', 'r3');
    await choose(page, 'tenant', 't48', 't48');
    await page.waitForURL((url) => url.searchParams.get('var-tenant') === 't48');

    const { pathname, search } = new URL(page.url());
    const again = await openPage(browser, product, pathname + search, laptop);
    for (const one of [page, again.page]) {
      await eventually(async () => (await one.locator('[data-panel="timeseries"] h2').textContent()) === 'Load of t48', 'the title says what is chosen');
      await eventually(async () => (await one.locator('[data-panel="timeseries"] .legend tbody th').allTextContents()).join() === 't48', 'the chart shows what is chosen');
    }
    // The second lists what goes with the first.
    await again.page.getByLabel('tenant', { exact: true }).click();
    await again.page.locator('.n-base-select-option', { hasText: /^t13$/ }).waitFor();
    expect(await again.page.locator('.n-base-select-option', { hasText: /^t12$/ }).count()).toBe(0);
    expect([...complaints, ...again.complaints]).toEqual([]);
    await again.close();
    await close();
  });

  it('a spike of one sample is still there in a view of a week', async () => {
    const { page, close } = await openPage(browser, product, '/explore?q=week_line&from=now-7d&refresh=off', laptop);
    await page.waitForSelector('.legend td.max');
    expect(await page.locator('.legend td.max').first().textContent()).toBe('5 K');
    expect(await page.getByRole('button', { name: 'How Range was answered' }).textContent()).toBe('≈ thinned');
    await close();
  });

  it('above its budget a chart is drawn on a canvas and says so, behind the same tooltip and legend; one line of it is not', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/explore?q=wide&from=now-15m&refresh=off', laptop);
    await page.waitForSelector('.chart canvas');
    expect(await page.locator('.renderer').textContent()).toContain('canvas: 40 lines');
    await page.locator('.surface').hover();
    await page.getByRole('tooltip').getByText('26 more').waitFor();
    await page.locator('.legend tbody button').first().click();
    await page.waitForSelector('.apexcharts-series path', { state: 'attached' });
    expect(await page.locator('.chart canvas, .renderer').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  it('several queries are one chart, over a former period if asked, and are remembered', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/explore?q=week_line&q2=week_line/2&from=now-2d&refresh=off&past=1d', laptop);
    await eventually(async () => (await page.locator('.legend tbody tr').count()) === 4, 'two lines, and both a day before');
    expect((await page.locator('.legend tbody .name').allTextContents()).filter((name) => name.includes('(a day before)'))).toHaveLength(2);
    await page.getByRole('button', { name: 'History', exact: true }).click();
    expect((await page.locator('dialog[open] li').allTextContents()).sort()).toEqual(['week_line', 'week_line/2']);
    expect(complaints).toEqual([]);
    await close();
  });
});

const laptop = { viewport: { width: 1440, height: 900 } };

/** Opens a variable's list, searches in it, and takes a value. */
async function choose(page: Page, variable: string, search: string, value: string): Promise<void> {
  const field = page.getByLabel(variable, { exact: true });
  await field.click();
  await field.fill(search);
  await page.locator('.n-base-select-option', { hasText: new RegExp(`^${value}$`) }).click();
}

/** Adds a variable in the settings of a dashboard and fills its fields in. */
async function variable(page: Page, place: number, fields: Readonly<Record<string, string>>): Promise<void> {
  await page.getByRole('button', { name: 'Add a variable' }).click();
  for (const [label, text] of Object.entries(fields)) {
    const field = page.locator('dialog[open] fieldset').nth(place).getByLabel(label, { exact: true });
    await field.fill(text);
    await field.blur();
  }
}

/** A line of a week with one sample that stands out. */
function week(): WrittenSample[] {
  const count = (7 * DAY) / (5 * MINUTE) - 2;
  return Array.from({ length: count }, (_, i) => ({ labels: { __name__: 'week_line' }, value: i === 777 ? 5000 : 10 + (i % 7), at: NOW - 7 * DAY + (i + 1) * 5 * MINUTE }));
}

function tenants(): WrittenSample[] {
  return Array.from({ length: TENANTS }, (_, i) => ({ labels: { __name__: 'tenant_load', region: `r${i % 5}`, tenant: `t${i}` }, value: i, at: Date.now() }));
}

function wide(): WrittenSample[] {
  return Array.from({ length: 40 }, (_, series) => Array.from({ length: 60 }, (_unused, i) => ({ labels: { __name__: 'wide', series: String(series) }, value: series + Math.sin(i / 5), at: NOW - (60 - i) * 15 * SECOND }))).flat();
}
