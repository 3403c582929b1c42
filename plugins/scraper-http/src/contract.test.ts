import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, it } from 'vitest';
import type { Clock } from '@metrics-dashboard/sdk';
import { openKind, testHost, testScraper } from '@metrics-dashboard/sdk/testing';
import type { ScraperBench } from '@metrics-dashboard/sdk/testing';
import plugin from './index.js';

const BODY = 'up 1\nrequests_total 17\n';

/** Real time, since the targets are real. */
const clock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (duration, signal) => wait(duration, undefined, { signal }).catch(() => undefined),
};

async function bench(): Promise<ScraperBench> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    if (request.url === '/hangs') return;
    if (request.url === '/refuses') return void response.writeHead(503).end('busy');
    response.writeHead(200, { 'content-type': 'text/plain' });
    if (request.url === '/breaks-off') response.write(BODY, () => response.destroy());
    else response.end(request.url === '/large' ? BODY.repeat(1000) : BODY);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const nobody = createServer();
  const port = await listen(server);
  const absent = await listen(nobody);
  await closed(nobody);
  return {
    scraper: await openKind(plugin, 'scraper', {}, testHost({ clock })),
    url: (behaviour) => (behaviour === 'absent' ? `http://127.0.0.1:${absent}/` : `http://127.0.0.1:${port}/${behaviour}`),
    body: BODY,
    connections: async () => {
      // The other end hears of a close a little later.
      for (let i = 0; i < 100 && sockets.size > 0; i++) await wait(5);
      return sockets.size;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await closed(server);
    },
  };
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

describe('the contract of a scraper', () => {
  for (const test of testScraper(bench)) it(test.name, () => test.run());
});
