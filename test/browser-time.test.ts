import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveDashboard } from './fixtures/dashboard.js';
import { eventually, hasPeer } from './peer.js';
import { startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';
import type { WrittenSample } from './remote-writer.js';
import { linesOf, openBrowser, openPage, push } from './window.js';
import type { Asked } from './window.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const laptop = { viewport: { width: 1440, height: 900 } };
const inNewYork = { ...laptop, timezoneId: 'America/New_York' };
/** Half an hour beside most zones, so that its hours are not those of New York. */
const inAdelaide = { ...laptop, timezoneId: 'Australia/Adelaide' };

const WATCHED = {
  version: 1,
  id: 'watched',
  title: 'Watched',
  time: { from: 'now-1m' },
  panels: [{ kind: 'timeseries', id: 'count', title: 'Requests', position: { x: 0, y: 0, width: 24, height: 12 }, queries: [{ expression: 'time() + 0 * max(up)', legend: 'time' }] }],
};

describe.skipIf(!hasPeer('chromium'))('time in the window', () => {
  let product: Product;
  let browser: Browser;
  const folder = temporaryFolder();
  const options = { config: 'global: { scrape_interval: 1s }\n', dataDir: join(folder.path, 'data') };

  beforeAll(async () => {
    product = await startProduct(options);
    browser = await openBrowser();
    await push(product, week());
    await saveDashboard(product, WATCHED);
    await eventually(async () => (await product.query('count_over_time(up[1m])')).data.result.length > 0, 'something was scraped');
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    folder.remove();
  });

  it('each range asks for the same wherever it is seen from, and shows the times of there', async () => {
    const here = await openPage(browser, product, '/explore?q=long_line', inNewYork);
    const there = await openPage(browser, product, '/explore?q=long_line', inAdelaide);
    const ranges: readonly (readonly [choose: (page: Page) => Promise<void>, from: string, asks: Partial<Asked>])[] = [
      [preset('Last 1 hour'), 'now-1h', { window: HOUR }],
      [preset('Last 6 hours'), 'now-6h', { window: 6 * HOUR }],
      [preset('Last 24 hours'), 'now-24h', { window: 24 * HOUR }],
      [preset('Last 7 days'), 'now-7d', { window: 7 * 24 * HOUR }],
      [typed('now-90m', 'now'), 'now-90m', { window: 90 * MINUTE }],
      [typed(wall(-4 * HOUR), wall(-2 * HOUR)), String(minuteAt(-4 * HOUR)), { start: minuteAt(-4 * HOUR), end: minuteAt(-2 * HOUR) }],
    ];
    for (const [choose, from, asks] of ranges) {
      await choose(here.page);
      await here.page.waitForURL((url) => url.searchParams.get('from') === from);
      await there.page.goto(here.page.url());
      for (const { page, asked } of [here, there]) {
        await eventually(() => partOf(asked().at(-1), asks), `${from} is asked for`);
        await page.waitForSelector('.apexcharts-series path', { state: 'attached' });
      }
      await eventually(async () => (await timesOf(here.page)) !== (await timesOf(there.page)), `the axes of ${from} tell other times`);
      expect(await zoneOf(here.page)).toBe('America/New_York');
      expect(await zoneOf(there.page)).toBe('Australia/Adelaide');
    }
    // The instants of the address, told in either zone.
    expect(await here.page.locator('.picker .title').textContent()).toContain(timeIn('America/New_York', minuteAt(-4 * HOUR)));
    expect(await there.page.locator('.picker .title').textContent()).toContain(timeIn('Australia/Adelaide', minuteAt(-4 * HOUR)));
    expect([...here.complaints, ...there.complaints]).toEqual([]);
    await here.close();
    await there.close();
  });

  it('each choice of refresh is in the address and asks at its pace, and 5 s moves the lines without a reload', async () => {
    const { page, complaints, live, asked, close } = await openPage(browser, product, '/explore?q=up&from=now-15m', laptop);
    await page.evaluate('window.stillTheSamePage = true');
    await eventually(() => asked().at(-1)?.interval === 5 * SECOND, 'auto is five seconds for so short a range');
    const picker = page.getByLabel('Refresh interval');
    const paces = [['15s', 15 * SECOND], ['30s', 30 * SECOND], ['1m', MINUTE], ['5m', 5 * MINUTE], ['off', undefined], ['auto', 5 * SECOND], ['5s', 5 * SECOND]] as const;
    for (const [choice, interval] of paces) {
      const before = asked().length;
      await picker.selectOption(choice);
      await page.waitForURL((url) => (url.searchParams.get('refresh') ?? 'auto') === choice);
      await eventually(() => asked().length > before && asked().at(-1)?.interval === interval, `${choice} asks anew`);
      await eventually(() => live().length === (choice === 'off' ? 0 : 1), `${choice} follows what it should`);
    }
    await page.waitForSelector('.apexcharts-series path', { state: 'attached' });
    const before = (await linesOf(page)).join();
    await eventually(async () => ![before, ''].includes((await linesOf(page)).join()), 'the lines moved', 10);
    expect(await page.evaluate('window.stillTheSamePage')).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });

  it('a restart of the server leaves no gap in a line that is watched', async () => {
    const { page, close } = await openPage(browser, product, '/dashboards/watched', laptop);
    await page.evaluate('window.stillTheSamePage = true');
    await eventually(async () => (await lineOf(page)).points > 2, 'there is a line');
    const { port } = product;
    await product.stop();
    product = await startProduct({ ...options, port });
    const restarted = Date.now() / SECOND;
    await eventually(async () => (await newestOf(page)) > restarted + 2, 'the line goes on past the restart');
    const { runs, gaps } = await lineOf(page);
    expect([runs, gaps]).toEqual([1, 0]);
    expect(await page.evaluate('window.stillTheSamePage')).toBe(true);
    await close();
  });

  it('keys alone open a dashboard, a panel\'s menu and the panel alone, tell which keys there are, and change the range', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/dashboards', laptop);
    await page.getByRole('link', { name: 'Watched' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('watched');
    await reach(page, page.getByRole('link', { name: 'Watched' }));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/dashboards/watched**');
    await page.waitForSelector('[data-panel="count"] .apexcharts-series path', { state: 'attached' });

    const menu = page.getByRole('button', { name: 'More for Requests' });
    await reach(page, menu);
    await page.keyboard.press('Enter');
    await page.getByText('As a table, or not').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Requests' }).locator('table').waitFor();
    await page.getByText('As a table, or not').waitFor({ state: 'hidden' });

    await reach(page, page.getByRole('button', { name: 'Requests alone' }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**panel=count**');
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('panel'));

    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys and gestures' });
    await help.getByText('Choose the time range').waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });

    await page.keyboard.press('t');
    const preset = page.getByRole('button', { name: 'Last 6 hours' });
    await preset.waitFor();
    await reach(page, preset);
    await page.keyboard.press('Enter');
    await page.waitForURL('**from=now-6h**');
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Last 6 hours');
    expect(complaints).toEqual([]);
    await close();
  });
});

/** A line of the last eight days, its samples near enough for every step of a query to find one. */
function week(): WrittenSample[] {
  const step = 4 * MINUTE;
  const count = (8 * 24 * HOUR) / step;
  return Array.from({ length: count }, (_, i) => ({ labels: { __name__: 'long_line' }, value: i % 9, at: minuteAt((i + 1 - count) * step) }));
}

const STARTED = Math.floor(Date.now() / MINUTE) * MINUTE;

function minuteAt(offset: number): number {
  return STARTED + offset;
}

function timeIn(zone: string, at: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, timeStyle: 'short' }).format(at);
}

/** An instant as it is typed in New York. */
function wall(offset: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: inNewYork.timezoneId, dateStyle: 'short', timeStyle: 'short' }).format(minuteAt(offset));
}

function preset(name: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.locator('.picker button[aria-haspopup="dialog"]').click();
    await page.getByRole('button', { name, exact: true }).click();
  };
}

function typed(from: string, to: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.locator('.picker button[aria-haspopup="dialog"]').click();
    await page.getByLabel('From', { exact: true }).fill(from);
    await page.getByLabel('To', { exact: true }).fill(to);
    await page.getByRole('button', { name: 'Apply' }).click();
  };
}

function partOf(asked: Asked | undefined, wanted: Partial<Asked>): boolean {
  return Object.entries(wanted).every(([name, value]) => asked?.[name as keyof Asked] === value);
}

/** The labels of the time axis and where they stand: days are called the same in every zone and begin at other times. */
function timesOf(page: Page): Promise<string> {
  return page.evaluate<string>(`[...document.querySelectorAll('.grid .text[text-anchor="middle"]')].map((text) => text.textContent + ' at ' + Math.round(text.getAttribute('x') / 10)).join()`);
}

async function zoneOf(page: Page): Promise<string | null> {
  return page.locator('.picker .zone-short').last().textContent();
}

/** What the only line is drawn of: runs of it, and distances between neighbours that are more than one step. */
function lineOf(page: Page): Promise<{ runs: number; points: number; gaps: number }> {
  return page.evaluate(`(() => {
    const shapes = [...document.querySelectorAll('.apexcharts-series path')].map((path) => path.getAttribute('d'));
    // Beside the area under it, which is closed, and dots, which are arcs.
    const shape = shapes.find((one) => !/[az]/.test(one)) ?? '';
    const xs = [...shape.matchAll(/[ML]\\s*(-?[\\d.]+)/g)].map(([, x]) => Number(x));
    const steps = xs.slice(1).map((x, i) => x - xs[i]);
    const step = Math.min(...steps);
    return { runs: shape.split('M').length - 1, points: xs.length, gaps: steps.filter((width) => width > 1.5 * step).length };
  })()`);
}

/** The newest value of the only line, which is the time in seconds. */
async function newestOf(page: Page): Promise<number> {
  return Number(await page.evaluate<string>(`document.querySelector('.legend td.last')?.title ?? ''`));
}

/** Presses a key until the focus is where it should be. */
async function reach(page: Page, element: Locator, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await element.evaluate((one) => one === one.ownerDocument.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`sixty times ${key} does not lead to ${String(element)}`);
}
