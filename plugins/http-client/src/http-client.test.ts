import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@metrics-dashboard/sdk/testing';
import { HttpClient, httpConfig } from './index.js';
import { proxyFor } from './proxy.js';

const closers: (() => Promise<void>)[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(listener: RequestListener, prepare?: (server: Server) => void): Promise<string> {
  const server = createServer(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  prepare?.(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function client(config: object, clock = new ManualClock()): HttpClient {
  const made = new HttpClient(httpConfig.parse(config), clock);
  closers.push(() => made.close());
  return made;
}

async function got(http: HttpClient, url: string): Promise<string> {
  const answer = await http.get({ url, timeout: 10_000, bodySizeLimit: 0, headers: {} }, never);
  return Buffer.from(answer.body).toString();
}

/** A target that tells what it was asked with. */
async function echo(): Promise<{ url: string; seen: IncomingHttpHeaders[] }> {
  const seen: IncomingHttpHeaders[] = [];
  const place = await serve((request, response) => {
    seen.push(request.headers);
    response.end('ok');
  });
  return { url: `http://${place}/metrics`, seen };
}

describe('headers of the configuration', () => {
  it('are sent, several of one name and from files too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'http-client-'));
    closers.push(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'tenant'), 'blue\n');
    const { url, seen } = await echo();
    await got(client({ http_headers: { 'X-Scope': { values: ['a', 'b'] }, 'X-Tenant': { files: [join(folder, 'tenant')] } } }), url);
    expect(seen[0]?.['x-scope']).toBe('a, b');
    expect(seen[0]?.['x-tenant']).toBe('blue');
  });

  it('do not follow a redirect to another host', async () => {
    const { url, seen } = await echo();
    const from = await serve((_, response) => response.writeHead(302, { location: url }).end());
    await got(client({ http_headers: { 'X-Scope': { secrets: ['a'] } } }), `http://${from}/`);
    expect(seen[0]?.['x-scope']).toBeUndefined();
  });
});

describe('OAuth2 client credentials', () => {
  /** A token server that counts, and reads the client's credentials where it is told to. */
  async function tokens(where: 'header' | 'form', life = 60): Promise<{ url: string; forms: string[] }> {
    const forms: string[] = [];
    const basic = `Basic ${Buffer.from('me:s%26cret').toString('base64')}`;
    const place = await serve((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const form = new URLSearchParams(text);
        const isKnown = where === 'header' ? request.headers.authorization === basic : form.get('client_secret') === 's&cret';
        if (!isKnown) return void response.writeHead(401).end('{"error":"invalid_client"}');
        forms.push(text);
        response.end(JSON.stringify({ access_token: `t${forms.length}`, token_type: 'bearer', expires_in: life }));
      });
    });
    return { url: `http://${place}/token`, forms };
  }

  const oauth2 = (url: string, more: object = {}) => ({ oauth2: { client_id: 'me', client_secret: 's&cret', token_url: url, ...more } });

  it.each(['header', 'form'] as const)('gets a token from a server that reads the %s, once for several requests', async (where) => {
    const server = await tokens(where);
    const { url, seen } = await echo();
    const http = client(oauth2(server.url, { scopes: ['a', 'b'], endpoint_params: { audience: 'x' } }));
    await Promise.all([got(http, url), got(http, url)]);
    expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer t1', 'Bearer t1']);
    expect(server.forms).toHaveLength(1);
    expect(server.forms[0]).toContain('grant_type=client_credentials&audience=x&scope=a+b');
  });

  it('renews a token before its end, and one that a target does not take', async () => {
    const server = await tokens('header');
    const clock = new ManualClock();
    let status = 200;
    const seen: (string | undefined)[] = [];
    const place = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(status).end('ok');
    });
    const http = client(oauth2(server.url), clock);
    await got(http, `http://${place}/`);
    await clock.advance(49_000);
    await got(http, `http://${place}/`);
    await clock.advance(2_000);
    status = 401;
    await expect(got(http, `http://${place}/`)).rejects.toThrow('status 401');
    status = 200;
    await got(http, `http://${place}/`);
    expect(seen).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2', 'Bearer t3']);
  });

  it('says why there is no token, and never the secret', async () => {
    const refusing = await serve((_, response) => response.writeHead(403).end('no'));
    const { url } = await echo();
    await expect(got(client(oauth2(`http://${refusing}/t`)), url)).rejects.toThrow(/^oauth2: "http.*gives no token: status 403$/);
    const odd = await serve((_, response) => response.end('<html>'));
    await expect(got(client(oauth2(`http://${odd}/t`)), url)).rejects.toThrow('has no access_token');
  });
});

describe('a proxy', () => {
  it('is asked for an http address whole, with its credentials', async () => {
    let line = '';
    let credentials: string | undefined;
    const proxy = await serve((request, response) => {
      line = `${request.method} ${request.url} ${request.headers.host}`;
      credentials = request.headers['proxy-authorization'];
      response.end('from the proxy');
    });
    const http = client({ proxy_url: `http://ada:pw@${proxy}` });
    expect(await got(http, 'http://target.test:9100/metrics?a=1')).toBe('from the proxy');
    expect(line).toBe('GET http://target.test:9100/metrics?a=1 target.test:9100');
    expect(credentials).toBe(`Basic ${Buffer.from('ada:pw').toString('base64')}`);
  });

  it('makes a tunnel to an https address, with the headers that it wants', async () => {
    const asked: string[] = [];
    const { url } = await echo();
    const proxy = await serve(
      () => undefined,
      (server) =>
        server.on('connect', (request, socket) => {
          asked.push(`${request.url} ${String(request.headers['x-team'])}`);
          const { hostname, port } = new URL(url);
          const through = connect(Number(port), hostname, () => {
            socket.write('HTTP/1.1 200 OK\r\n\r\n');
            through.pipe(socket).pipe(through);
          });
          socket.on('error', () => through.destroy());
          closers.push(async () => void through.destroy());
        }),
    );
    // The other end of the tunnel does not speak TLS, which proves that the tunnel led there.
    const http = client({ proxy_url: `http://${proxy}`, proxy_connect_header: { 'X-Team': 'ops' } });
    await expect(got(http, 'https://target.test/')).rejects.toThrow('does not speak TLS');
    expect(asked).toEqual(['target.test:443 ops']);
  });

  it('that refuses a tunnel is told of', async () => {
    const proxy = await serve(
      () => undefined,
      (server) => server.on('connect', (_, socket) => socket.end('HTTP/1.1 407 No\r\n\r\n')),
    );
    await expect(got(client({ proxy_url: `http://${proxy}` }), 'https://target.test/')).rejects.toThrow(
      `the proxy ${proxy} does not connect to target.test:443: status 407`,
    );
  });

  it.each([
    ['http://a.example.com/', 'example.com', true],
    ['http://example.com/', '.example.com', false],
    ['http://a.example.com/', '*.example.com', true],
    ['http://anexample.com/', 'example.com', false],
    ['http://10.1.2.3/', '10.1.0.0/16', true],
    ['http://10.2.2.3/', '10.1.0.0/16, x', false],
    ['http://[fd00::1]/', 'fd00::/8', true],
    ['http://a.test:9100/', 'a.test:9100', true],
    ['http://a.test:9101/', 'a.test:9100', false],
    ['http://localhost:9100/', 'a.test', true],
    ['http://a.test/', '*', true],
  ])('on the way to %s with no_proxy %j is left out: %s', (url, except, isDirect) => {
    const proxy = proxyFor(httpConfig.parse({ proxy_url: 'http://proxy.test:3128', no_proxy: except }));
    expect(proxy(new URL(url)) === undefined).toBe(isDirect);
  });

  it('may come from the environment', () => {
    const proxy = proxyFor(httpConfig.parse({ proxy_from_environment: true }), { HTTPS_PROXY: 'p.test:1', no_proxy: 'b.test' });
    expect(proxy(new URL('https://a.test/'))?.href).toBe('http://p.test:1/');
    expect(proxy(new URL('http://a.test/'))).toBeUndefined();
    expect(proxy(new URL('https://b.test/'))).toBeUndefined();
  });
});
