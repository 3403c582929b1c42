import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Labels, ScrapeError } from '@metrics-dashboard/sdk';
import type { Scraper, Target } from '@metrics-dashboard/sdk';
import { openKind, testHost } from '@metrics-dashboard/sdk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from './index.js';

const never = new AbortController().signal;

const open = (config: unknown): Promise<Scraper> => openKind(plugin, 'scraper', config, testHost());

describe('the JSON scraper', () => {
  let server: Server;
  let target: (path: string, changes?: Partial<Target>) => Target;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/missing') response.writeHead(404).end();
      else if (request.url !== '/silent') response.end('{"queues":{"main":{"depth":17,"open":true,"name":"main"}}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    target = (path, changes) => ({ url: `http://127.0.0.1:${port}${path}`, labels: Labels.EMPTY, timeout: 5000, bodySizeLimit: 0, accept: '', ...changes });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('offers the numbers it was told of, and leaves out what is not one', async () => {
    const scraper = await open({
      metrics: [
        { name: 'queue_depth', path: 'queues.main.depth' },
        { name: 'queue_open', path: 'queues.main.open' },
        { name: 'queue_name', path: 'queues.main.name' },
        { name: 'queue_age', path: 'queues.other.age' },
      ],
    });
    const { contentType, body } = await scraper.scrape(target('/status'), never);
    expect(contentType).toBe('text/plain; version=0.0.4');
    expect(new TextDecoder().decode(body)).toBe('# TYPE queue_depth gauge\nqueue_depth 17\n# TYPE queue_open gauge\nqueue_open 1\n');
  });

  const METRICS = { metrics: [{ name: 'a', path: 'a' }] };

  it('says what went wrong, in a ScrapeError', async () => {
    const scraper = await open(METRICS);
    await expect(scraper.scrape(target('/missing'), never)).rejects.toThrow(new ScrapeError('status 404 Not Found'));
    await expect(scraper.scrape(target('/status', { bodySizeLimit: 10 }), never)).rejects.toThrow(/body of \d+ bytes, the limit is 10/);
    await expect(scraper.scrape(target('/silent', { timeout: 20 }), never)).rejects.toBeInstanceOf(ScrapeError);
    await expect(scraper.scrape(target('/silent'), AbortSignal.abort())).rejects.toThrow();
  });

  it('refuses a configuration without metrics, or with a bad name, by its place', async () => {
    await expect(open({})).rejects.toThrow('expected metrics: a list of { name, path }');
    await expect(open({ metrics: [{ name: '9lives', path: 'a' }] })).rejects.toThrow('metrics[0].name is "9lives", expected a metric name');
  });
});
