import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { TargetGroup } from '@metrics-dashboard/sdk';
import { ManualClock, openKind, testDiscovery, testHost } from '@metrics-dashboard/sdk/testing';
import plugin from './index.js';

const GROUPS = '[{ "targets": ["a:1", "b:1"], "labels": { "env": "prod" } }]';
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(listener: RequestListener): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/targets`, close };
}

function answer(response: ServerResponse, body: string, type = 'application/json; charset=utf-8'): void {
  response.writeHead(200, { 'content-type': type }).end(body);
}

async function watching(config: object, clock: ManualClock): Promise<() => Promise<readonly TargetGroup[]>> {
  const discovery = await openKind(plugin, 'discovery', config, testHost({ clock }));
  const abort = new AbortController();
  const iterator = discovery.watch(abort.signal)[Symbol.asyncIterator]();
  closers.push(async () => {
    abort.abort();
    await iterator.return?.();
  });
  return async () => (await iterator.next()).value as readonly TargetGroup[];
}

describe('the contract of a discovery', () => {
  const bench = async () => {
    let isBroken = false;
    const { url, close } = await serve((_, response) => (isBroken ? response.writeHead(500).end() : answer(response, GROUPS)));
    return {
      discovery: await openKind(plugin, 'discovery', { url }, testHost()),
      groups: [{ source: `${url}:0`, targets: ['a:1', 'b:1'], labels: { env: 'prod', __meta_url: url } }],
      breakSource: async () => void (isBroken = true),
      close,
    };
  };
  for (const test of testDiscovery(bench)) it(test.name, () => test.run());
});

describe('discovery over HTTP', () => {
  it('asks with the options of the configuration, at each interval', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const { url, close } = await serve((request, response) => {
      seen.push(request.headers);
      answer(response, `[{ "targets": ["a:${seen.length}"] }]`);
    });
    closers.push(close);
    const clock = new ManualClock();
    const next = await watching({ url, refresh_interval: '15s', bearer_token: 'abc', http_headers: { 'X-Team': { values: ['ops'] } } }, clock);
    expect((await next())[0]?.targets).toEqual(['a:1']);
    const second = next();
    while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(15_000);
    expect((await second)[0]?.targets).toEqual(['a:2']);
    expect(seen[0]).toMatchObject({ authorization: 'Bearer abc', 'x-team': 'ops', 'x-prometheus-refresh-interval-seconds': '15' });
  });

  it.each([
    ['another status', (response: ServerResponse) => void response.writeHead(503).end()],
    ['another content type', (response: ServerResponse) => answer(response, GROUPS, 'text/html')],
    ['something that is no JSON', (response: ServerResponse) => answer(response, '[')],
    ['something that is no list of groups', (response: ServerResponse) => answer(response, '[{ "target": [] }]')],
  ])('keeps the last set after %s, and goes on', async (_, fail) => {
    let round = 0;
    const { url, close } = await serve((_, response) => {
      round += 1;
      if (round === 2) fail(response);
      else answer(response, `[{ "targets": ["a:${round}"] }]`);
    });
    closers.push(close);
    const clock = new ManualClock();
    const next = await watching({ url, refresh_interval: '10s' }, clock);
    expect((await next())[0]?.targets).toEqual(['a:1']);
    const later = next();
    while (round < 3) {
      await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(10_000);
    }
    expect((await later)[0]?.targets).toEqual(['a:3']);
  });

  it.each([
    [{}, 'url'],
    [{ url: 'ftp://x/' }, 'is not an http or https address'],
    [{ url: 'http://x/', refresh_interval: '0s' }, 'longer than 0'],
    [{ url: 'http://x/', basic_auth: {}, bearer_token: 'x' }, 'at most one'],
    [{ url: 'http://x/', uri: 'x' }, 'uri'],
  ])('refuses %j', async (config, message) => {
    await expect(openKind(plugin, 'discovery', config, testHost())).rejects.toThrow(message);
  });
});
