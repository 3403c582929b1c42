import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cpuSeconds } from './bench/processor.js';
import { freePort, startProduct } from './product.js';
import type { Product } from './product.js';

/** `COLLECTION_TARGETS=1000 COLLECTION_SERIES=1000 COLLECTION_INTERVAL=15 COLLECTION_ROUNDS=5` for the long form. */
const TARGETS = Number(process.env['COLLECTION_TARGETS'] ?? 100);
const SERIES = Number(process.env['COLLECTION_SERIES'] ?? 100);
const INTERVAL = Number(process.env['COLLECTION_INTERVAL'] ?? 2);
const ROUNDS = Number(process.env['COLLECTION_ROUNDS'] ?? 3);
/** Intervals that it may take, on a busy machine, until all series are there. */
const WARM = 8;
/** Resident memory, beside what the series themselves take. */
const MOST_BYTES = 700 * 2 ** 20 + TARGETS * SERIES * 2000;

const HEADERS = { 'content-type': 'text/plain; version=0.0.4' };
const BOMB = gzipSync(Buffer.alloc(200 * 2 ** 20));
const LONG_LINE = Buffer.from(`a{b="${'x'.repeat(10 * 2 ** 20)}"} 1\n`);

/** Targets of the kind that a server must outlive, and what is said of each. */
const BAD: readonly { readonly name: string; readonly answer: RequestListener; readonly says: RegExp }[] = [
  { name: 'slow', answer: () => undefined, says: /^no answer within 2s$/ },
  { name: 'endless', answer: (_, response) => endless(response), says: /^(no answer within 2s|body larger than 64 MB|the bodies that are being read take 512 MB together.*)$/ },
  { name: 'gzip-bomb', answer: (_, response) => void response.writeHead(200, { ...HEADERS, 'content-encoding': 'gzip' }).end(BOMB), says: /^(body larger than 64 MB|no answer within 2s)$/ },
  { name: 'wrong-type', answer: (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'), says: /content type "text\/html", expected one of/ },
  { name: 'long-line', answer: (_, response) => void response.writeHead(200, HEADERS).end(LONG_LINE), says: /^the labels of a series take 1048\d+ bytes, expected at most 1048576$/ },
  { name: 'no-exposition', answer: (_, response) => void response.writeHead(200, HEADERS).end('one two three\n'), says: /^line 1, column/ },
  { name: 'status', answer: (_, response) => void response.writeHead(503).end('not now'), says: /^status 503 Service Unavailable$/ },
  { name: 'cut', answer: (_, response) => void response.writeHead(200, { ...HEADERS, 'content-length': 100 }).write('a 1\n', () => response.destroy()), says: /closed the connection|broke off|before/ },
];

/** Writes as long as somebody reads. */
function endless(response: ServerResponse): void {
  const line = Buffer.from('a{b="c"} 1\n'.repeat(6000));
  response.writeHead(200, HEADERS);
  const write = (): void => {
    while (!response.destroyed && response.write(line));
  };
  response.on('drain', write);
  write();
}

const servers: Server[] = [];
const scrapesByPath = new Map<string, number>();

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe(`${TARGETS} targets, a tenth of them bad, every ${INTERVAL} s`, () => {
  let product: Product;
  const good = Math.floor((TARGETS * 9) / 10);
  const dead = Math.max(1, Math.floor(TARGETS / 10 / (BAD.length + 1)));

  beforeAll(async () => {
    const body = gzipSync(Array.from({ length: SERIES }, (_, i) => `series_total{number="${i}"} ${i}\n`).join(''));
    const port = await serve((request, response) => {
      const path = request.url ?? '';
      scrapesByPath.set(path, (scrapesByPath.get(path) ?? 0) + 1);
      response.writeHead(200, { ...HEADERS, 'content-encoding': 'gzip' }).end(body);
    });
    const jobs = [jobOf('good', Array.from({ length: good }, (_, i) => [`127.0.0.1:${port}`, `/${i}`] as const))];
    const each = Math.max(1, Math.floor((TARGETS - good - dead) / BAD.length));
    for (const { name, answer } of BAD) {
      const bad = await serve(answer);
      jobs.push(jobOf(name, Array.from({ length: each }, (_, i) => [`127.0.0.1:${bad}`, `/${i}`] as const)));
    }
    const nobody = await freePort();
    jobs.push(jobOf('dead', Array.from({ length: dead }, (_, i) => [`127.0.0.1:${nobody}`, `/${i}`] as const)));
    product = await startProduct({ config: `global: { scrape_interval: ${INTERVAL}s, scrape_timeout: 2s }\nlimits: { series_per_metric: 2000000 }\nscrape_configs:\n${jobs.join('')}` });
  }, 60_000);

  afterAll(async () => {
    await product?.stop();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('the good ones miss no scrape, the bad ones say why, and memory stays bounded', { timeout: (ROUNDS + WARM + 4) * INTERVAL * 1000 + 60_000 }, async () => {
    const ticksMissed = async (): Promise<number> =>
      Number(/^metrics_dashboard_ticks_missed_total\{what="scrape"\} (.*)$/m.exec(await (await product.get('/metrics')).text())?.[1] ?? 0);
    let most = 0;
    const watch = async (intervals: number): Promise<void> => {
      const until = Date.now() + intervals * INTERVAL * 1000;
      while (Date.now() < until) {
        most = Math.max(most, residentBytes(product.pid));
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    // All series come into being at first, and code is slow that has not run yet.
    await watch(2);
    let before = await ticksMissed();
    for (let i = 0; i < WARM; i++) {
      const last = before;
      await watch(1);
      before = await ticksMissed();
      if (before === last) break;
    }
    scrapesByPath.clear();
    const [began, spent] = [Date.now(), cpuSeconds(product.pid)];
    await watch(ROUNDS);
    const share = ((cpuSeconds(product.pid) - spent) * 100_000) / (Date.now() - began);
    const scrapes = [...scrapesByPath.values()];
    const missed = (await ticksMissed()) - before;
    console.log(`${TARGETS} targets × ${SERIES} series: at most ${(most / 2 ** 20).toFixed(0)} MB resident, ${share.toFixed(0)} % of a processor, ${missed} scrapes missed, ${Math.min(...scrapes)} to ${Math.max(...scrapes)} of each good target`);
    expect(missed).toBe(0);
    expect(scrapes).toHaveLength(good);
    expect(Math.min(...scrapes)).toBeGreaterThanOrEqual(ROUNDS - 1);
    expect(Math.max(...scrapes)).toBeLessThanOrEqual(ROUNDS + 1);
    const { targets } = await product.graphql<{ targets: { scrapePool: string; health: string; lastError: string | null }[] }>('{ targets(limit: 50000) { scrapePool health lastError } }');
    const of = (pool: string): typeof targets => targets.filter(({ scrapePool }) => scrapePool === pool);
    expect(of('good').filter(({ health }) => health !== 'UP')).toEqual([]);
    for (const { name, says } of BAD) for (const { health, lastError } of of(name)) expect({ name, health, lastError }).toEqual({ name, health: 'DOWN', lastError: expect.stringMatching(says) as unknown });
    for (const { health, lastError } of of('dead')) expect({ health, lastError }).toEqual({ health: 'DOWN', lastError: expect.stringMatching(/refused/) as unknown });
    const series = await product.query('sum(scrape_samples_scraped{job="good"})');
    expect(series.data.result[0]?.value[1]).toBe(String(good * SERIES));
    expect(most).toBeLessThan(MOST_BYTES);
  });
});

/** One job; each target has a path of its own. */
function jobOf(name: string, targets: readonly (readonly [address: string, path: string])[]): string {
  const groups = targets.map(([address, path]) => `    - { targets: ['${address}'], labels: { __metrics_path__: '${path}', instance: '${name}${path}' } }\n`);
  return `- job_name: ${name}\n  static_configs:\n${groups.join('')}`;
}

function residentBytes(pid: number): number {
  return 1024 * Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}
