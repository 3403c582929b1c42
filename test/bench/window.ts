// `npm run bench -- window`: what the window takes of the browser's main thread, in Debian's Chromium, headless.
//
// The built product serves an hour of pushed samples, and the page draws them as it would for anybody: what is measured is
// everything between the answer of the server and the pixels. CPU is the run time of the page's main thread (the browser's
// task durations in thread time), so that a busy machine changes little; figures are medians of ROUNDS rounds. The page is
// warm: its code has been loaded and run once before, unless said otherwise.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { ROOT, startProduct } from '../product.js';
import type { Product } from '../product.js';
import type { WrittenSample } from '../remote-writer.js';
import { ARTIFACTS, openBrowser, openPage, push } from '../window.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const REFRESHES = Number(process.env['BENCH_REFRESHES'] ?? 720);
const WIDTH = 1440;
const HOVERS = 60;
const SECOND = 1000;
const HOUR = 3600 * SECOND;
const END = Math.floor(Date.now() / (60 * SECOND)) * 60 * SECOND;
const START = END - HOUR;

interface Figure {
  readonly text: string;
  readonly goal: string;
  readonly value: string;
}

/** A page and a look at its main thread. */
interface Bench {
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly live: () => string[];
  readonly close: () => Promise<void>;
}

const at = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
const lines = (id: string, expression: string, position: object, legend = '{{series}}') => ({
  kind: 'timeseries', id, title: id, position, legend: 'table', style: 'line', queries: [{ expression, legend }],
});

/** Each is one thing to draw. All but the moving ones stand on the pushed hour. */
const DASHBOARDS: Readonly<Record<string, readonly object[]>> = {
  warm: [lines('few', 'bench_few', at(0, 0, 24, 14)), lines('most', 'bench_most', at(0, 14, 24, 14)), { kind: 'heatmap', id: 'heat', title: 'heat', position: at(0, 28, 12, 10), queries: [{ expression: 'sum by (le) (bench_heat_bucket)' }] }],
  points: [lines('points', 'bench_many', at(0, 0, 24, 18))],
  hundred: [lines('hundred', 'bench_most', at(0, 0, 24, 18))],
  heatmap: [{ kind: 'heatmap', id: 'heat', title: 'heat', position: at(0, 0, 12, 10), queries: [{ expression: 'sum by (le) (bench_heat_bucket)' }] }],
  twelve: Array.from({ length: 12 }, (_, i) => lines(`panel-${i}`, `bench_few + ${i}`, at((i % 3) * 8, Math.floor(i / 3) * 7, 8, 7))),
  unseen: [
    { kind: 'text', id: 'text', title: 'Far above', position: at(0, 0, 24, 60), content: 'The panels are below.' },
    ...Array.from({ length: 12 }, (_, i) => lines(`panel-${i}`, `bench_few + ${i}`, at((i % 3) * 8, 60 + Math.floor(i / 3) * 7, 8, 7))),
  ],
  one: [lines('one', 'bench_few', at(0, 0, 24, 12))],
};

const product = await startProduct({ config: 'global: { scrape_interval: 5s }\n' });
const browser = await openBrowser();
try {
  for (const samples of pushed()) await push(product, samples);
  for (const [id, panels] of Object.entries(DASHBOARDS)) await save(product, { version: 1, id: `bench-${id}`, title: `Bench ${id}`, panels });
  console.log('| what | goal | measured |\n| --- | --- | --- |');
  const wanted = process.argv.slice(2);
  for (const [name, measure] of Object.entries(measures())) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const { text, goal, value } of await measure()) console.log(`| ${text} | ${goal} | ${value} |`);
  }
} finally {
  await browser.close();
  await product.stop();
}

function measures(): Record<string, () => Promise<Figure[]>> {
  return {
    points: () => drawnAndHovered('points', 'a panel with 10,108 points (28 × 361)', '≤ 150 ms'),
    hundred: () => drawnAndHovered('hundred', 'a panel with 100 series × 361 points', 'usable'),
    heatmap: async () => [{ text: 'heatmap of 60 × 200 cells, first drawn', goal: '≤ 100 ms', value: ms(median(await draws('heatmap'))) }],
    twelve,
    refresh,
    unseen,
    flat,
    load: firstLoad,
  };
}

async function drawnAndHovered(name: string, text: string, goal: string): Promise<Figure[]> {
  const drawn = median(await draws(name));
  const bench = await open(browser, product, pathOf(name));
  await bench.page.waitForSelector('.surface');
  await bench.page.waitForTimeout(1500);
  const hovers: number[] = [];
  for (let round = 0; round < ROUNDS; round++) hovers.push((await cpuOf(bench, () => hoverOver(bench.page))) / HOVERS);
  await bench.close();
  return [{ text: `${text}, first drawn`, goal, value: ms(drawn) }, { text: `${text}, a move of the pointer`, goal: '≤ 16 ms', value: ms(median(hovers)) }];
}

/** Milliseconds of CPU from the click that leads to a dashboard until its panels are drawn and the page rests. */
async function draws(name: string, size = { width: WIDTH, height: 900 }): Promise<number[]> {
  const bench = await open(browser, product, pathOf('warm'), size);
  await bench.page.waitForTimeout(2500);
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await goTo(bench.page, '/status');
    await bench.page.waitForTimeout(700);
    costs.push(await cpuOf(bench, async () => {
      await goTo(bench.page, pathOf(name));
      await bench.page.waitForTimeout(2000);
    }));
  }
  await bench.page.screenshot({ path: `${ARTIFACTS}bench-${name}.png` });
  await bench.close();
  return costs;
}

async function twelve(): Promise<Figure[]> {
  const size = { width: WIDTH, height: 1400 };
  const drawn = median(await draws('twelve', size));
  const longest: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const bench = await open(browser, product, pathOf('warm'), size);
    await bench.page.waitForTimeout(2000);
    await browser.startTracing(bench.page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
    await goTo(bench.page, pathOf('twelve'));
    await bench.page.waitForTimeout(2500);
    longest.push(longestTask(await browser.stopTracing()));
    await bench.close();
  }
  return [
    { text: '12 panels × 10 series at 1440 px, all drawn', goal: '≤ 1.0 s', value: ms(drawn) },
    { text: 'the longest task of that', goal: '≤ 200 ms', value: ms(median(longest)) },
  ];
}

async function refresh(): Promise<Figure[]> {
  const stop = keepPushing();
  const bench = await open(browser, product, '/dashboards/bench-twelve?from=now-1h&refresh=5s', { width: WIDTH, height: 1400 });
  await bench.page.waitForTimeout(6000);
  const shares: number[] = [];
  for (let round = 0; round < 3; round++) shares.push((await cpuOf(bench, () => bench.page.waitForTimeout(15_000))) / 15_000);
  await bench.close();
  stop();
  return [{ text: '12 panels × 10 series, refreshed every 5 s', goal: '≤ 12 % of a core', value: `${(median(shares) * 100).toFixed(1)} %` }];
}

async function unseen(): Promise<Figure[]> {
  const stop = keepPushing();
  const bench = await open(browser, product, '/dashboards/bench-unseen?from=now-1h&refresh=5s', { width: WIDTH, height: 900 });
  await bench.page.waitForTimeout(3000);
  const share = (await cpuOf(bench, () => bench.page.waitForTimeout(15_000))) / 15_000;
  const open_ = bench.live().length;
  await bench.close();
  stop();
  return [{ text: 'the same, out of sight', goal: 'nothing', value: `${(share * 100).toFixed(2)} %, ${open_} queries` }];
}

/** The heap and the nodes of a page that is refreshed as often as in an hour of every five seconds. */
async function flat(): Promise<Figure[]> {
  const bench = await open(browser, product, '/dashboards/bench-one?from=now-1h&refresh=off', { width: 1000, height: 600 });
  await bench.page.waitForSelector('.surface');
  const again = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      const answered = bench.page.waitForResponse((response) => response.url().includes('/graphql'));
      await bench.page.keyboard.press('r');
      await answered;
      await bench.page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)))');
    }
  };
  await again(60);
  const before = await memoryOf(bench);
  await again(REFRESHES);
  const after = await memoryOf(bench);
  await bench.close();
  const change = (key: 'heap' | 'nodes'): string => `${before[key].toFixed(key === 'heap' ? 1 : 0)} → ${after[key].toFixed(key === 'heap' ? 1 : 0)}`;
  return [
    { text: `heap over ${REFRESHES} refreshes, MB`, goal: 'flat', value: change('heap') },
    { text: `DOM nodes over ${REFRESHES} refreshes`, goal: 'flat', value: change('nodes') },
  ];
}

/** What the home page loads until its charts are drawn, as gzip sends it. */
async function firstLoad(): Promise<Figure[]> {
  const context = await browser.newContext({ viewport: { width: WIDTH, height: 900 } });
  const fresh = await context.newPage();
  const paths = new Set<string>();
  fresh.on('response', (response) => paths.add(new URL(response.url()).pathname));
  await fresh.goto(`${product.url}/`);
  await fresh.waitForSelector('.apexcharts-series path', { state: 'attached' });
  await fresh.waitForTimeout(2000);
  await context.close();
  const files = ['index.html', ...[...paths].filter((path) => path.startsWith('/assets/'))];
  const total = files.reduce((sum, path) => sum + gzipSync(readFileSync(join(ROOT, 'ui/dist', path))).length, 0);
  return [{ text: `first load, ${files.length} files, with charts drawn`, goal: '≤ 400 kB gzip', value: `${(total / 1000).toFixed(0)} kB` }];
}

async function open(from: Browser, of: Product, path: string, viewport = { width: WIDTH, height: 900 }): Promise<Bench> {
  const { page, live, close } = await openPage(from, of, path, { viewport });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  return { page, cdp, live, close };
}

/** Another page of the window without loading it anew. */
function goTo(page: Page, path: string): Promise<unknown> {
  return page.evaluate(`document.querySelector('#app').__vue_app__.config.globalProperties.$router.push(${JSON.stringify(path)})`);
}

/** Milliseconds that the page's main thread ran meanwhile. */
async function cpuOf(bench: Bench, work: () => Promise<unknown>): Promise<number> {
  const before = await metricOf(bench, 'TaskDuration');
  await work();
  return ((await metricOf(bench, 'TaskDuration')) - before) * 1000;
}

async function metricOf({ cdp }: Bench, name: string): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find((metric) => metric.name === name)?.value ?? NaN;
}

async function memoryOf(bench: Bench): Promise<{ heap: number; nodes: number }> {
  await bench.cdp.send('HeapProfiler.collectGarbage');
  return { heap: (await metricOf(bench, 'JSHeapUsedSize')) / 1e6, nodes: await metricOf(bench, 'Nodes') };
}

async function hoverOver(page: Page): Promise<void> {
  const box = await page.locator('.surface').first().boundingBox();
  if (box === null) throw new Error('there is no chart');
  for (let i = 0; i < HOVERS; i++) {
    await page.mouse.move(box.x + ((i + 0.5) / HOVERS) * box.width, box.y + box.height * (0.3 + (i % 7) / 20));
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))');
  }
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The longest task of a page's main thread, in milliseconds of CPU where the trace has them. */
function longestTask(trace: Buffer): number {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const mains = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && mains.has(`${pid} ${tid}`));
  return tasks.reduce((most, { tdur, dur }) => Math.max(most, tdur ?? dur ?? 0), 0) / 1000;
}

function pathOf(name: string): string {
  return `/dashboards/bench-${name}?from=${START}&to=${END}`;
}

async function save(to: Product, document: object): Promise<void> {
  await to.graphql('mutation ($document: DashboardDocument!) { saveDashboard(document: $document, expectedRevision: 0) { revision } }', { document });
}

/** Bodies of an hour of samples: 10, 28 and 100 series every ten seconds, and a histogram of 60 buckets every 18. */
function* pushed(): Generator<WrittenSample[]> {
  for (const [name, count] of [['bench_few', 10], ['bench_many', 28], ['bench_most', 100]] as const) {
    for (let series = 0; series < count; series++) yield every(10 * SECOND).map((time) => sample(name, series, time));
  }
  for (let bucket = 0; bucket < 60; bucket++) {
    const le = bucket === 59 ? '+Inf' : String(2 ** (bucket / 4) / 1000);
    yield every(18 * SECOND).map((time) => ({ labels: { __name__: 'bench_heat_bucket', le }, value: Math.round(1000 / (1 + Math.exp((30 + 12 * Math.sin(time / 4e5) - bucket) / 4))), at: time }));
  }
}

function sample(name: string, series: number, time: number): WrittenSample {
  const spike = (time / 1e4 + series * 37) % 211 < 1 ? 60 : 0;
  return { labels: { __name__: name, series: String(series) }, value: 50 + series + 20 * Math.sin(time / 3e5 + series) + ((time / 1e4) * 7919 * (series + 1)) % 5 + spike, at: time };
}

function every(step: number): number[] {
  return Array.from({ length: Math.floor(HOUR / step) + 1 }, (_, i) => START + i * step);
}

/** New samples of the ten series every five seconds, until it is told to stop. */
function keepPushing(): () => void {
  const timer = setInterval(() => void push(product, Array.from({ length: 10 }, (_, series) => sample('bench_few', series, Date.now()))), 5000);
  return () => clearInterval(timer);
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
