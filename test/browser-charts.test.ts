import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, hasPeer } from './peer.js';
import { startProduct } from './product.js';
import type { Product } from './product.js';
import type { WrittenSample } from './remote-writer.js';
import { columnsWith, linesOf, openBrowser, openPage, push, runsOf } from './window.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** A round time a little while ago, where pushed samples lie. */
const BASE = Math.floor((Date.now() - 12 * MINUTE) / MINUTE) * MINUTE;

const hostileValues = {
  markup: '<img src=x onerror="window.wasHacked = true">',
  closing: '"}</text></svg><script>window.wasHacked = true</script>',
  template: '{{ constructor.constructor("window.wasHacked = true")() }}',
  long: `start-${'x'.repeat(10_000)}`,
  rightToLeft: '\u202Eمرحبا بالعالم',
  emoji: '🧨 🏳️‍🌈',
};

describe.skipIf(!hasPeer('chromium'))('charts in the window', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    product = await startProduct({ config: 'global: { scrape_interval: 1s }\n' });
    browser = await openBrowser();
    await push(product, [...line(), ...interrupted(), ...hostile()]);
    await eventually(async () => (await product.query('count_over_time(up[1m])')).data.result.length > 0, 'something was scraped');
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  it('zooms by dragging, and comes back by the browser\'s way back', async () => {
    const { page, complaints, close } = await openPage(browser, product, explore('a_line'), laptop);
    const surface = await chartOf(page);
    await dragOver(page, surface, 0.25, 0.5);
    await eventually(() => Number(rangeOf(page).from) > BASE, 'the address carries a narrower range');
    const zoomed = rangeOf(page);
    const length = Number(zoomed.to) - Number(zoomed.from);
    expect(length / (10 * MINUTE)).toBeCloseTo(0.25, 1);
    expect((Number(zoomed.from) - BASE) / (10 * MINUTE)).toBeCloseTo(0.25, 1);
    await page.goBack();
    await eventually(() => rangeOf(page).from === String(BASE), 'the range is as before');
    expect(complaints).toEqual([]);
    await close();
  });

  it('zooms out by a double click, and a range that moves goes on moving', async () => {
    const { page, close } = await openPage(browser, product, '/explore?q=up&from=now-10m', laptop);
    const surface = await chartOf(page);
    await surface.dblclick();
    await eventually(() => rangeOf(page).from === 'now-20m', 'the range has doubled');
    await close();
  });

  it('keeps a pinned tooltip over refreshes, its values sorted', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/?panel=memory&refresh=5s', laptop);
    const surface = await chartOf(page);
    await surface.hover();
    await page.getByRole('tooltip').waitFor();
    // The newest samples are at the right edge; the tooltip of a place without samples says so.
    const box = await boxOf(surface);
    await page.mouse.click(box.x + box.width - 8, box.y + box.height / 2);
    const tooltip = page.locator('.tooltip.pinned');
    await tooltip.locator('.row').nth(2).waitFor();
    const before = await linesOf(page);
    const time = await tooltip.locator('time').getAttribute('datetime');
    const place = await tooltip.boundingBox();
    for (let refresh = 0, last = before.join(); refresh < 2; refresh++) {
      await eventually(async () => (await linesOf(page)).join() !== last, 'the lines moved');
      last = (await linesOf(page)).join();
    }
    await page.mouse.move(5, 5);
    expect(await tooltip.locator('time').getAttribute('datetime')).toBe(time);
    expect(await tooltip.boundingBox()).toEqual(place);
    expect(await tooltip.locator('.name').first().textContent()).toBe('resident');
    await tooltip.getByRole('button', { name: 'Unpin the tooltip' }).click();
    await tooltip.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
    await close();
  });

  it('draws a gap as a gap and a lone sample as a dot', async () => {
    // Narrow enough that a step is as long as the distance between samples, so that the lone one stands at one step only.
    const { page, close } = await openPage(browser, product, explore('last_over_time(interrupted[5s])'), { viewport: { width: 500, height: 900 } });
    const surface = await chartOf(page);
    await page.mouse.move(5, 5);
    const mark = await page.evaluate<string>('getComputedStyle(document.querySelector(".legend .mark")).backgroundColor');
    const runs = runsOf(await columnsWith(surface, mark));
    const drawn = runs.filter(([kind]) => kind === 'drawn').map(([, width]) => width);
    const blank = runs.filter(([kind, width]) => kind === 'blank' && width > 3).map(([, width]) => width);
    const { width } = await boxOf(surface);
    // Four minutes of line, two of nothing around a dot, four of line: of ten.
    expect(drawn.map((run) => (run > 0.3 * width ? 'line' : run <= 12 ? 'dot' : 'other'))).toEqual(['line', 'dot', 'line']);
    expect(blank).toHaveLength(2);
    for (const gap of blank) expect(gap / width).toBeGreaterThan(0.05);
    await close();
  });

  it('refreshes as the picker says: each interval, and not at all', async () => {
    const { page, live, close } = await openPage(browser, product, '/?panel=event-loop-lag&from=now-1m', laptop);
    await chartOf(page);
    const picker = page.getByLabel('Refresh interval');
    await picker.selectOption('5s');
    await eventually(() => page.url().includes('refresh=5s'), 'the address carries the interval');
    const moving = (await linesOf(page)).join();
    await eventually(async () => (await linesOf(page)).join() !== moving, 'the lines move');
    await picker.selectOption('off');
    await eventually(() => live().length === 0, 'nothing is asked for any more');
    await eventually(async () => (await linesOf(page)).length === 1, 'the lines are still there');
    const still = await settled(page);
    const scrapes = async (): Promise<number> => Number((await product.query('sum(count_over_time(up{job="metrics-dashboard"}[5m]))')).data.result[0]?.value[1]);
    const scraped = await scrapes();
    await eventually(async () => (await scrapes()) >= scraped + 2, 'samples arrived that a refresh would have shown');
    expect((await linesOf(page)).join()).toBe(still);
    await page.getByRole('button', { name: 'Refresh now' }).click();
    await eventually(async () => (await linesOf(page)).join() !== still, 'asked for once, they are shown');
    await close();
  });

  it('shows a range of the address in the zone of the address, and else in the viewer\'s', async () => {
    const inKathmandu = await openPage(browser, product, `${explore('a_line')}&tz=Asia/Kathmandu`, { ...laptop, timezoneId: 'America/New_York' });
    await chartOf(inKathmandu.page);
    expect(await inKathmandu.page.locator('.picker').textContent()).toContain('Asia/Kathmandu');
    // Kathmandu is 5:45 ahead of UTC.
    expect(await ticksOf(inKathmandu.page)).toContain(clock(BASE + 2 * MINUTE + 5.75 * 60 * MINUTE));
    await inKathmandu.close();

    const inNewYork = await openPage(browser, product, '/explore?q=up&from=now-2h', { ...laptop, timezoneId: 'America/New_York' });
    await chartOf(inNewYork.page);
    expect(await inNewYork.page.locator('.picker').textContent()).toContain('America/New_York');
    expect(await inNewYork.page.locator('.picker').textContent()).toContain('Last 2h');
    await inNewYork.close();

    const nowhere = await openPage(browser, product, '/explore?q=up&tz=Nowhere/AtAll', { ...laptop, timezoneId: 'UTC' });
    await chartOf(nowhere.page);
    expect(nowhere.complaints).toEqual([]);
    await nowhere.close();
  });

  it('shows hostile label values as text, and its layout holds', async () => {
    const { page, complaints, close } = await openPage(browser, product, explore('hostile'), laptop);
    const surface = await chartOf(page);
    const legend = page.locator('.legend');
    for (const value of [hostileValues.closing, hostileValues.template, hostileValues.rightToLeft, hostileValues.emoji]) {
      expect(await legend.textContent()).toContain(JSON.stringify(value).slice(1, -1));
    }
    await surface.hover();
    await page.getByRole('tooltip').getByText('onerror').waitFor();
    expect(await wasHacked(page)).toEqual([false, 0]);
    expect(await isTooWide(page)).toBe(false);
    await page.getByRole('button', { name: 'Instant', exact: true }).click();
    await page.getByRole('region', { name: 'Series of the result' }).getByText('onerror').waitFor();
    expect(await wasHacked(page)).toEqual([false, 0]);
    expect(await isTooWide(page)).toBe(false);
    expect(complaints).toEqual([]);
    await close();
  });
});

const laptop = { viewport: { width: 1440, height: 900 } };

/** A query over the ten minutes in which pushed samples lie. */
function explore(query: string): string {
  return `/explore?q=${encodeURIComponent(query)}&from=${BASE}&to=${BASE + 10 * MINUTE}`;
}

function line(): WrittenSample[] {
  return every(5 * SECOND, 0, 10 * MINUTE).map((offset, i) => ({ labels: { __name__: 'a_line' }, value: 100 + Math.sin(i / 9) * 40, at: BASE + offset }));
}

/** Four minutes, nothing for a minute, one sample, nothing for a minute, four minutes. */
function interrupted(): WrittenSample[] {
  const offsets = [...every(5 * SECOND, 0, 4 * MINUTE), 5 * MINUTE, ...every(5 * SECOND, 6 * MINUTE, 10 * MINUTE)];
  return offsets.map((offset) => ({ labels: { __name__: 'interrupted' }, value: 50 + (offset / MINUTE) * 3, at: BASE + offset }));
}

function hostile(): WrittenSample[] {
  return Object.values(hostileValues).flatMap((value, i) =>
    every(15 * SECOND, 0, 10 * MINUTE).map((offset) => ({ labels: { __name__: 'hostile', value }, value: i + offset / MINUTE / 20, at: BASE + offset })),
  );
}

function every(step: number, from: number, to: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}

/** The surface over the first chart, once there are lines under it. */
async function chartOf(page: Page): Promise<Locator> {
  await page.waitForSelector('.apexcharts-series path', { state: 'attached', timeout: 20_000 });
  return page.locator('.surface').first();
}

async function boxOf(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await element.boundingBox();
  if (box === null) throw new Error('the element is not to be seen');
  return box;
}

async function dragOver(page: Page, surface: Locator, from: number, to: number): Promise<void> {
  const { x, y, width, height } = await boxOf(surface);
  await page.mouse.move(x + width * from, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * ((from + to) / 2), y + height / 2);
  await page.mouse.move(x + width * to, y + height / 2);
  await page.mouse.up();
}

function rangeOf(page: Page): { from: string | null; to: string | null } {
  const { searchParams } = new URL(page.url());
  return { from: searchParams.get('from'), to: searchParams.get('to') };
}

/** What is drawn, once two looks at it a moment apart agree. */
async function settled(page: Page): Promise<string> {
  let last = '';
  await eventually(async () => {
    const now = (await linesOf(page)).join();
    const isSame = now === last;
    last = now;
    return isSame;
  }, 'the lines stand still');
  return last;
}

async function ticksOf(page: Page): Promise<string[]> {
  return page.locator('.grid .text').allTextContents();
}

/** Hours and minutes of an instant whose zone's offset is added already. */
function clock(wall: number): string {
  return new Date(wall).toISOString().slice(11, 16);
}

async function wasHacked(page: Page): Promise<[boolean, number]> {
  return [await page.evaluate<boolean>('window.wasHacked === true'), await page.locator('main img, .tooltip img').count()];
}

function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth || document.querySelector("main").scrollWidth > document.querySelector("main").clientWidth');
}
