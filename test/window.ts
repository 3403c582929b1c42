import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { Product } from './product.js';
import { WRITE_HEADERS, writeRequest } from './remote-writer.js';
import type { WrittenSample } from './remote-writer.js';

/** Where screenshots of test runs go. */
export const ARTIFACTS = fileURLToPath(new URL('artifacts/', import.meta.url));

/** In the page: the shapes of the lines that each panel with a chart draws. */
const LINES = `[...document.querySelectorAll('.panel[data-face="content"]')]
  .map((panel) => [...panel.querySelectorAll('.apexcharts-series path')].map((path) => path.getAttribute('d')).join(' '))
  .filter((shapes) => shapes !== '')`;

/** A page of the product, and everything it did that it should not have. */
export interface Watched {
  readonly page: Page;
  readonly complaints: string[];
  /** The expressions of the live queries that are open at the moment. */
  readonly live: () => string[];
  /** What the panels asked for so far, live or once, the newest last. */
  readonly asked: () => readonly Asked[];
  readonly close: () => Promise<void>;
}

/** What a panel asks for; times in milliseconds. */
export interface Asked {
  readonly query: string;
  /** The length of a range that moves. */
  readonly window?: number;
  /** Between two refreshes, where the page says so. */
  readonly interval?: number;
  /** The ends of a range that stands still. */
  readonly start?: number;
  readonly end?: number;
}

/** Debian's browser. */
export function openBrowser(): Promise<Browser> {
  mkdirSync(ARTIFACTS, { recursive: true });
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** Opens an address of the product. The page is tall enough that every panel is in sight: what is not asks for nothing. */
export async function openPage(browser: Browser, product: Product, path: string, choices: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 2400 }, ...choices });
  const page = await context.newPage();
  const complaints = complaintsOf(page, product);
  const live = liveQueriesOf(page);
  const asked = askedBy(page);
  await page.goto(product.url + path);
  return { page, complaints, live, asked, close: () => context.close() };
}

/** The shapes of the lines that each panel with a chart draws. */
export function linesOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(LINES);
}

/** Pushes samples, and waits until they are durable. */
export async function push(product: Product, samples: readonly WrittenSample[]): Promise<void> {
  const response = await fetch(`${product.url}/api/v1/write`, { method: 'POST', headers: WRITE_HEADERS, body: await writeRequest(samples) });
  if (!response.ok) throw new Error(`status ${response.status}: ${await response.text()}`);
}

/** Which columns of pixels of an element hold the colour, from the left; a look at what was drawn, not at how. */
export async function columnsWith(element: Locator, colour: string): Promise<boolean[]> {
  const image = (await element.screenshot()).toString('base64');
  const page = await element.page().context().newPage();
  try {
    return await page.evaluate<boolean[]>(`(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${image}';
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const wanted = ${JSON.stringify(colour)}.match(/\\d+/g).map(Number);
      const isNear = (x, y) => wanted.every((part, i) => Math.abs(data[(y * image.width + x) * 4 + i] - part) < 40);
      return Array.from({ length: image.width }, (_, x) => Array.from({ length: image.height }, (_, y) => y).some((y) => isNear(x, y)));
    })()`);
  } finally {
    await page.close();
  }
}

/** Lengths of the runs of columns that are drawn and not drawn, one after the other: `[['drawn', 120], ['blank', 40], …]`. */
export function runsOf(columns: readonly boolean[]): ['drawn' | 'blank', number][] {
  const runs: ['drawn' | 'blank', number][] = [];
  for (const isDrawn of columns) {
    const kind = isDrawn ? 'drawn' : 'blank';
    const last = runs.at(-1);
    if (last?.[0] === kind) last[1] += 1;
    else runs.push([kind, 1]);
  }
  return runs;
}

function complaintsOf(page: Page, product: Product): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && host !== `127.0.0.1:${product.port}`) complaints.push(`request to ${request.url()}`);
  });
  return complaints;
}

interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly payload?: Operation;
}

interface Operation {
  readonly operationName?: string;
  readonly variables?: Partial<Asked>;
}

/** Notes what is asked over the socket and by requests. */
function askedBy(page: Page): () => readonly Asked[] {
  const asked: Asked[] = [];
  const note = ({ operationName, variables }: Operation): void => {
    if (variables?.query !== undefined && (operationName === 'Live' || operationName === 'Range')) asked.push({ ...variables, query: variables.query });
  };
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const frame = JSON.parse(String(payload)) as Frame;
      if (frame.type === 'subscribe' && frame.payload !== undefined) note(frame.payload);
    });
  });
  page.on('request', (request) => {
    if (request.method() === 'POST' && new URL(request.url()).pathname === '/graphql') note(request.postDataJSON() as Operation);
  });
  return () => asked;
}

/** Follows what the page subscribes to over its socket. */
function liveQueriesOf(page: Page): () => string[] {
  const open = new Map<string, string>();
  page.on('websocket', (socket) => {
    open.clear();
    socket.on('framesent', ({ payload }) => {
      const frame = JSON.parse(String(payload)) as Frame;
      const query = frame.payload?.variables?.query;
      if (frame.type === 'subscribe' && query !== undefined) open.set(frame.id ?? '', query);
      if (frame.type === 'complete') open.delete(frame.id ?? '');
    });
  });
  return () => [...open.values()];
}
