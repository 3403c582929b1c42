// `npm run bench -- scraping`: what scraping 20 targets each second takes, beside Debian's Prometheus in the same run.
//
// The targets replay pages that were fetched from a node_exporter, a Prometheus and the product once a second, with gzip.
// Both servers scrape them at the same time, so whatever else the machine does, it does to both. CPU is that of
// all threads of a server, as the operating system counts it, after some time to warm up.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { hasPeer, startPeer } from '../peer.js';
import { freePort, startProduct, temporaryFolder } from '../product.js';
import { cpuSeconds } from './processor.js';

const TARGETS = Number(process.env['BENCH_TARGETS'] ?? 20);
const WARM = Number(process.env['BENCH_WARM'] ?? 60);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 120);
/** As many pages of each kind are replayed, over and over. */
const PAGES = 10;

interface Page {
  readonly zipped: Uint8Array;
  readonly samples: number;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const kinds = await capture();
const servers = await Promise.all(Array.from({ length: TARGETS }, (_, i) => serve(kinds[i % kinds.length] ?? [])));
const samples = servers.reduce((sum, { samples: one }) => sum + one, 0);
const config = `
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: bench
    static_configs: [{ targets: [${servers.map(({ port }) => `'127.0.0.1:${port}'`).join(', ')}] }]
`;
const product = await startProduct({ config: `${config}self_scrape: false\n` });
const prometheus = await startPrometheus(config);
try {
  await pause(WARM * 1000);
  const rounds: { own: number; peer: number }[] = [];
  let before = { own: cpuSeconds(product.pid), peer: prometheus === undefined ? NaN : cpuSeconds(prometheus.pid) };
  for (let round = 0; round < 4; round++) {
    await pause((SECONDS / 4) * 1000);
    const now = { own: cpuSeconds(product.pid), peer: prometheus === undefined ? NaN : cpuSeconds(prometheus.pid) };
    rounds.push({ own: now.own - before.own, peer: now.peer - before.peer });
    before = now;
  }
  const missed = Number(/^metrics_dashboard_ticks_missed_total\{what="scrape"\} (.*)$/m.exec(await (await product.get('/metrics')).text())?.[1] ?? 0);
  const million = (samples * SECONDS) / 1e6;
  const own = rounds.reduce((sum, round) => sum + round.own, 0);
  const peer = rounds.reduce((sum, round) => sum + round.peer, 0);
  console.log(`${TARGETS} targets, ${samples} samples a second, ${SECONDS} s after ${WARM} s; scrapes missed here: ${missed}`);
  console.log(`metrics-dashboard   ${((100 * own) / SECONDS).toFixed(1)} % of a processor   ${(own / million).toFixed(2)} CPU-s per million samples`);
  console.log(`prometheus          ${((100 * peer) / SECONDS).toFixed(1)} % of a processor   ${(peer / million).toFixed(2)} CPU-s per million samples`);
  console.log(`ratio               ${(own / peer).toFixed(2)}   by quarter: ${rounds.map((round) => (round.own / round.peer).toFixed(2)).join(', ')}`);
} finally {
  await product.stop();
  await prometheus?.stop();
  for (const { server } of servers) {
    server.closeAllConnections();
    server.close();
  }
}

/** Pages of each kind of target that there is here, once a second. */
async function capture(): Promise<readonly (readonly Page[])[]> {
  const own = await startProduct();
  const peer = await startPrometheus('global: { scrape_interval: 1s }\nscrape_configs: []\n');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/metrics`;
  const exporter = hasPeer('prometheus-node-exporter') ? await startPeer('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${port}`], async () => (await fetch(url)).ok) : undefined;
  const urls = [...(exporter ? [url] : []), ...(peer ? [`${peer.url}/metrics`] : []), `${own.url}/metrics`];
  const pages: Page[][] = urls.map(() => []);
  for (let i = 0; i < PAGES; i++) {
    for (const [kind, from] of urls.entries()) {
      const text = await (await fetch(from, { headers: { accept: 'text/plain;version=0.0.4' } })).text();
      pages[kind]?.push({ zipped: gzipSync(text), samples: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length });
    }
    await pause(1000);
  }
  await Promise.all([own.stop(), peer?.stop(), exporter?.stop()]);
  return pages;
}

/** One target, which has the next page for each second. */
async function serve(pages: readonly Page[]): Promise<{ server: Server; port: number; samples: number }> {
  const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'content-encoding': 'gzip' };
  const server = createServer((_, response) => response.writeHead(200, headers).end(pages[Math.floor(Date.now() / 1000) % pages.length]?.zipped));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port, samples: pages.reduce((sum, page) => sum + page.samples, 0) / pages.length };
}

async function startPrometheus(text: string): Promise<{ url: string; pid: number; stop(): Promise<void> } | undefined> {
  if (!hasPeer('prometheus')) return undefined;
  const folder = temporaryFolder();
  const url = `http://127.0.0.1:${await freePort()}`;
  const file = `${folder.path}/prometheus.yml`;
  writeFileSync(file, text);
  const args = [`--config.file=${file}`, `--storage.tsdb.path=${folder.path}/data`, `--web.listen-address=${url.slice('http://'.length)}`];
  const peer = await startPeer('prometheus', args, async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    pid: peer.pid,
    stop: async () => {
      await peer.stop();
      folder.remove();
    },
  };
}
