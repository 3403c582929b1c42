import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Labels, ScrapeError } from '@metrics-dashboard/sdk';
import type { Target } from '@metrics-dashboard/sdk';
import { ManualClock } from '@metrics-dashboard/sdk/testing';

import { formatBytes, httpConfig } from '@metrics-dashboard/http-client';
import { HttpScraper } from './http-scraper.js';

const TEXT = 'up 1\n';
const closers: (() => Promise<void>)[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listening(server: Server | TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return (server.address() as AddressInfo).port;
}

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(listener))}/metrics`;
}

function answer(body: string | Uint8Array, headers: Record<string, string> = {}) {
  return (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4', ...headers });
    response.end(body);
  };
}

function scraper(config: unknown = {}, clock = new ManualClock()): HttpScraper {
  const made = new HttpScraper(httpConfig.parse(config), clock);
  closers.push(() => made.close());
  return made;
}

function target(url: string, overrides: Partial<Target> = {}): Target {
  return { url, labels: Labels.EMPTY, timeout: 10_000, bodySizeLimit: 0, accept: 'text/plain', ...overrides };
}

async function failure(scrape: Promise<unknown>): Promise<string> {
  const error: unknown = await scrape.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ScrapeError);
  return (error as ScrapeError).message;
}

describe('a scrape over HTTP', () => {
  it('gives the body and its content type', async () => {
    const url = await serve(answer(TEXT));
    const exposition = await scraper().scrape(target(url), never);
    expect(exposition.contentType).toBe('text/plain; version=0.0.4');
    expect(Buffer.from(exposition.body).toString()).toBe(TEXT);
    expect(exposition.body.byteLength).toBe(exposition.body.buffer.byteLength);
  });

  it('says what it accepts, and how long it waits', async () => {
    let seen: IncomingMessage['headers'] = {};
    const url = await serve((request, response) => {
      seen = request.headers;
      answer(TEXT)(request, response);
    });
    await scraper().scrape(target(`${url}?a=1&b=%20`, { accept: 'application/openmetrics-text;q=0.5', timeout: 2500 }), never);
    expect(seen.accept).toBe('application/openmetrics-text;q=0.5');
    expect(seen['accept-encoding']).toContain('gzip');
    expect(seen['x-prometheus-scrape-timeout-seconds']).toBe('2.5');
    expect(seen.authorization).toBeUndefined();
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('decompresses %s', async (encoding, compress) => {
    const url = await serve(answer(compress(TEXT.repeat(1000)), { 'content-encoding': encoding }));
    const { body } = await scraper().scrape(target(url), never);
    expect(Buffer.from(body).toString()).toBe(TEXT.repeat(1000));
  });

  it('uses one connection for one scrape after another', async () => {
    const sockets = new Set<unknown>();
    const url = await serve((request, response) => {
      sockets.add(request.socket);
      answer(TEXT)(request, response);
    });
    const http = scraper();
    for (let i = 0; i < 3; i++) {
      await http.scrape(target(url), never);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sockets.size).toBe(1);
  });

  it('is not hurt by a target that closes a kept connection just when it is used again', async () => {
    const used = new WeakSet<object>();
    const url = await serve((request, response) => {
      if (used.has(request.socket)) return void request.socket.destroy();
      used.add(request.socket);
      answer(TEXT)(request, response);
    });
    const http = scraper();
    for (let i = 0; i < 3; i++) {
      expect((await http.scrape(target(url), never)).body).toHaveLength(TEXT.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const closing = await serve((request) => request.socket.destroy());
    expect(await failure(http.scrape(target(closing), never))).toContain('closed the connection');
  });

  it('ends kept connections when it is closed', async () => {
    const server = createServer(answer(TEXT));
    const port = await listening(server);
    const http = scraper();
    await http.scrape(target(`http://127.0.0.1:${port}/`), never);
    await http.close();
    const connections = await new Promise<number>((resolve) => {
      setImmediate(() => server.getConnections((_, count) => resolve(count)));
    });
    expect(connections).toBeLessThanOrEqual(1);
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});

describe('a scrape that fails', () => {
  it('says that nothing listens', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(await failure(scraper().scrape(target(`http://127.0.0.1:${port}/`), never))).toBe(
      `connection refused: nothing listens on 127.0.0.1:${port}`,
    );
  });

  it('says that there was no answer in time, before the headers and inside the body', async () => {
    const clock = new ManualClock();
    const http = scraper({}, clock);
    let asked: () => void = () => undefined;
    const silent = await serve(() => asked());
    const endless = await serve((_, response) => {
      response.writeHead(200).write('a 1\n');
      asked();
    });
    for (const url of [silent, endless]) {
      const arrived = new Promise<void>((resolve) => (asked = resolve));
      const scrape = failure(http.scrape(target(url), never));
      await arrived;
      await clock.advance(10_000);
      expect(await scrape).toBe('no answer within 10s');
    }
    expect(clock.sleepers).toBe(0);
  });

  it('gives up when it is told to', async () => {
    const leaving = new AbortController();
    const clock = new ManualClock();
    const url = await serve(() => leaving.abort());
    expect(await failure(scraper({}, clock).scrape(target(url), leaving.signal))).toBe('the scrape was given up');
    expect(clock.sleepers).toBe(0);
  });

  it.each([
    [500, 'status 500 Internal Server Error'],
    [404, 'status 404 Not Found'],
    [799, 'status 799'],
  ])('says the status %i', async (status, message) => {
    const url = await serve((_, response) => response.writeHead(status).end('<html>secret</html>'));
    expect(await failure(scraper().scrape(target(url), never))).toBe(message);
  });

  it('cuts a body that is too large, compressed or not, and goes on with the next', async () => {
    const plain = await serve(answer('x'.repeat(3000)));
    const bomb = await serve(answer(gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }));
    const http = scraper();
    const small = { bodySizeLimit: 2048 };
    expect(await failure(http.scrape(target(plain, small), never))).toBe('body larger than 2 KB');
    expect(await failure(http.scrape(target(bomb, { bodySizeLimit: 10 * 1024 * 1024 }), never))).toBe(
      'body larger than 10 MB',
    );
    expect((await http.scrape(target(plain, { bodySizeLimit: 3000 }), never)).body).toHaveLength(3000);
  });

  it('cuts a body that does not end even where the job sets no limit', async () => {
    const endless = brotliCompressSync(Buffer.alloc(300 * 1024 * 1024), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    const url = await serve(answer(endless, { 'content-encoding': 'br' }));
    expect(await failure(scraper().scrape(target(url), never))).toBe('body larger than 64 MB');
  });

  it('never gives a part of a body', async () => {
    const cutGzip = await serve(answer(gzipSync(TEXT.repeat(500)).subarray(0, 30), { 'content-encoding': 'gzip' }));
    const notGzip = await serve(answer(TEXT, { 'content-encoding': 'gzip' }));
    const cutChunks = await serve((_, response) => {
      response.writeHead(200);
      response.write(TEXT, () => response.destroy());
    });
    const cutLength = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write(TEXT, () => response.destroy());
    });
    const http = scraper();
    for (const url of [cutGzip, notGzip]) {
      expect(await failure(http.scrape(target(url), never))).toContain("can't be decompressed");
    }
    for (const url of [cutChunks, cutLength]) {
      expect(await failure(http.scrape(target(url), never))).toContain('closed the connection before its answer was complete');
    }
  });

  it('says that the other side does not speak HTTP, or TLS', async () => {
    const port = await listening(createTcpServer((socket) => socket.on('error', () => undefined).end('hello\r\n')));
    const http = scraper();
    expect(await failure(http.scrape(target(`http://127.0.0.1:${port}/`), never))).toContain('does not answer with HTTP');
    const url = (await serve(answer(TEXT))).replace('http:', 'https:');
    expect(await failure(http.scrape(target(url), never))).toContain('does not speak TLS');
  });

  it('refuses a coding that it did not ask for', async () => {
    const url = await serve(answer(TEXT, { 'content-encoding': 'zstd' }));
    expect(await failure(scraper().scrape(target(url), never))).toContain('compressed with "zstd"');
  });
});

describe('redirects', () => {
  async function redirecting(): Promise<string> {
    return serve((request, response) => {
      if (request.url === '/metrics') response.writeHead(302, { location: '/moved' }).end();
      else answer(TEXT)(request, response);
    });
  }

  it('are followed', async () => {
    const { body } = await scraper().scrape(target(await redirecting()), never);
    expect(Buffer.from(body).toString()).toBe(TEXT);
  });

  it('are an error where the job says so', async () => {
    const http = scraper({ follow_redirects: false });
    expect(await failure(http.scrape(target(await redirecting()), never))).toContain('status 302 Found');
  });

  it('end after a few', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: '/metrics' }).end());
    expect(await failure(scraper().scrape(target(url), never))).toContain('more than 10 redirects');
  });

  it('take no credentials to another host', async () => {
    let seen: string | undefined = 'not asked';
    const other = await serve((request, response) => {
      seen = request.headers.authorization;
      answer(TEXT)(request, response);
    });
    const url = await serve((_, response) => response.writeHead(302, { location: other }).end());
    await scraper({ authorization: { credentials: 'abc' } }).scrape(target(url), never);
    expect(seen).toBeUndefined();
  });
});

describe('credentials', () => {
  async function sent(config: unknown): Promise<string | undefined> {
    let seen: string | undefined;
    const url = await serve((request, response) => {
      seen = request.headers.authorization;
      answer(TEXT)(request, response);
    });
    await scraper(config).scrape(target(url), never);
    return seen;
  }

  it('are sent as the job says', async () => {
    const basic = `Basic ${Buffer.from('ada:pa:ss').toString('base64')}`;
    expect(await sent({ basic_auth: { username: 'ada', password: 'pa:ss' } })).toBe(basic);
    expect(await sent({ authorization: { credentials: 'abc' } })).toBe('Bearer abc');
    expect(await sent({ authorization: { type: 'Token', credentials: 'abc' } })).toBe('Token abc');
    expect(await sent({ bearer_token: 'abc' })).toBe('Bearer abc');
  });

  it('are read from files, anew for each scrape', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scraper-http-'));
    closers.push(() => rm(folder, { recursive: true }));
    const file = join(folder, 'token');
    const config = { authorization: { credentials_file: file } };
    await writeFile(file, 'one\n');
    expect(await sent(config)).toBe('Bearer one');
    await writeFile(file, 'two\n');
    expect(await sent(config)).toBe('Bearer two');
    await rm(file);
    const url = await serve(answer(TEXT));
    expect(await failure(scraper(config).scrape(target(url), never))).toContain("can't be read");
  });

  it.each([
    [{ basic_auth: {}, bearer_token: 'x' }, 'at most one'],
    [{ authorization: { type: 'Basic', credentials: 'x' } }, 'basic_auth'],
    [{ authorization: {} }, 'exactly one'],
    [{ basic_auth: { password: 'x', password_file: 'y' } }, 'one of password'],
    [{ tls_config: { ca_files: 'x' } }, 'ca_files'],
    [{ proxy_url: 'socks5://x' }, 'http or https'],
    [{ proxy_url: 'http://x', proxy_from_environment: true }, 'proxy_from_environment'],
    [{ http_headers: { Authorization: { values: ['x'] } } }, 'options of its own'],
    [{ oauth2: { client_id: 'a', token_url: 'http://x/' } }, 'client_secret'],
  ])('are refused where the job contradicts itself: %j', (config, message) => {
    const result = httpConfig.safeParse(config);
    expect(result.error?.issues.map((issue) => issue.message).join()).toContain(message);
  });
});

it('writes sizes in units of 1024', () => {
  expect([1, 2048, 10 * 1024 * 1024, 1536].map(formatBytes)).toEqual(['1 B', '2 KB', '10 MB', '1.5 KB']);
});
