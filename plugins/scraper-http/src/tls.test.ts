import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { ServerHttp2Session } from 'node:http2';
import { createServer } from 'node:https';
import type { Server, ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Labels, ScrapeError } from '@metrics-dashboard/sdk';
import { ManualClock } from '@metrics-dashboard/sdk/testing';
import { httpConfig } from '@metrics-dashboard/http-client';
import { HttpScraper } from './http-scraper.js';

/** Certificates are made anew for each run, with the machine's openssl; without it there is nothing to test with. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'scraper-tls-'));
const closers: (() => Promise<void>)[] = [];

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
}

function file(name: string): string {
  return join(folder, name);
}

async function serve(options: ServerOptions = {}): Promise<string> {
  const pair = { key: readFileSync(file('server.key')), cert: readFileSync(file('server.crt')) };
  const server: Server = createServer({ ...pair, ...options }, (_, response) => response.end('up 1\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function scraped(url: string, tls: unknown, options: object = {}): Promise<string> {
  const http = new HttpScraper(httpConfig.parse({ tls_config: tls, ...options }), new ManualClock());
  closers.push(() => http.close());
  const target = { url, labels: Labels.EMPTY, timeout: 10_000, bodySizeLimit: 0, accept: 'text/plain' };
  try {
    return Buffer.from((await http.scrape(target, never)).body).toString();
  } catch (error) {
    expect(error).toBeInstanceOf(ScrapeError);
    return (error as ScrapeError).message;
  }
}

describe.skipIf(!hasOpenssl)('a scrape over TLS', () => {
  beforeAll(() => {
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=Test CA', '-keyout', 'ca.key', '-out', 'ca.crt');
    for (const name of ['server', 'client']) {
      openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${name}.test`, '-addext', `subjectAltName=DNS:${name}.test`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
      openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-copy_extensions', 'copy', '-out', `${name}.crt`);
    }
  });

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('trusts the CA that the job names, for the name it expects', async () => {
    const url = await serve();
    expect(await scraped(url, { ca_file: file('ca.crt'), server_name: 'server.test' })).toBe('up 1\n');
    expect(await scraped(url, { ca: readFileSync(file('ca.crt'), 'utf8'), server_name: 'server.test' })).toBe('up 1\n');
  });

  it('says why it does not trust a certificate', async () => {
    const url = await serve();
    expect(await scraped(url, {})).toContain('certificate not trusted: its CA is not known');
    expect(await scraped(url, { ca_file: file('ca.crt') })).toContain('certificate not trusted: it is not for 127.0.0.1');
    expect(await scraped(url, { ca_file: file('missing.crt') })).toContain('missing.crt" can\'t be read');
  });

  it('trusts anybody where the job says so', async () => {
    expect(await scraped(await serve(), { insecure_skip_verify: true })).toBe('up 1\n');
  });

  it('shows the certificate of the job to a target that asks for one', async () => {
    const url = await serve({ requestCert: true, rejectUnauthorized: true, ca: readFileSync(file('ca.crt')) });
    const trusted = { ca_file: file('ca.crt'), server_name: 'server.test' };
    expect(await scraped(url, { ...trusted, cert_file: file('client.crt'), key_file: file('client.key') })).toBe('up 1\n');
    expect(await scraped(url, trusted)).toMatch(/client certificate|closed the connection/);
  });

  it('speaks HTTP/2 where the job allows it and the target offers it', async () => {
    const versions: string[] = [];
    const pair = { key: readFileSync(file('server.key')), cert: readFileSync(file('server.crt')), allowHTTP1: true };
    const sessions = new Set<ServerHttp2Session>();
    const server = createSecureServer(pair, (request, response) => {
      versions.push(request.httpVersion);
      response.end('up 1\n');
    });
    server.on('session', (session: ServerHttp2Session) => sessions.add(session));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          for (const session of sessions) session.destroy();
        }),
    );
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const trusted = { ca_file: file('ca.crt'), server_name: 'server.test' };
    expect(await scraped(url, trusted, { enable_http2: true })).toBe('up 1\n');
    expect(await scraped(url, trusted)).toBe('up 1\n');
    expect(versions).toEqual(['2.0', '1.1']);
  });

  it('keeps to the versions that the job allows', async () => {
    const url = await serve({ maxVersion: 'TLSv1.2' });
    const trusted = { ca_file: file('ca.crt'), server_name: 'server.test' };
    expect(await scraped(url, { ...trusted, max_version: 'TLS12' })).toBe('up 1\n');
    expect(await scraped(url, { ...trusted, min_version: 'TLS13' })).toContain('does not speak TLS as expected');
  });
});
