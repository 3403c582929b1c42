import type { LiveEvent } from '@metrics-dashboard/core';
import { QueryError } from '@metrics-dashboard/sdk';
import { createClient } from 'graphql-ws';
import type { Client, FormattedExecutionResult } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openServer } from '../server.js';
import type { Server } from '../server.js';
import { FakeApp, principal } from '../testing/fake-app.js';
import { LIMITS } from './limits.js';

let app: FakeApp;
let server: Server;
const clients: Client[] = [];

beforeEach(async () => {
  app = new FakeApp();
  app.tokens.set('v', principal('vera', 'viewer'));
  server = await openServer({ app, listen: { host: '127.0.0.1', port: 0 }, uiFolder: undefined, flags: {} });
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  await server.close();
});

function connect(connectionParams: Record<string, unknown> = {}): Client {
  const client = createClient({ url: `ws://127.0.0.1:${server.listening.port}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams });
  clients.push(client);
  return client;
}

/** The status with which a socket is turned away; 101 when it is not. */
function knock(headers: Record<string, string>, path = '/graphql'): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.listening.port}${path}`, 'graphql-transport-ws', { headers });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
  });
}

async function first(client: Client, query: string, variables: Record<string, unknown> = {}): Promise<FormattedExecutionResult<Record<string, unknown>, unknown>> {
  for await (const result of client.iterate({ query, variables })) return result;
  throw new Error('the stream ended without an event');
}

function liveOf(event: IteratorResult<FormattedExecutionResult<Record<string, unknown>, unknown>>): unknown {
  return event.done ? undefined : event.value.data?.live;
}

const SNAPSHOT: LiveEvent = {
  kind: 'snapshot',
  sequence: 1,
  token: 'q.1',
  start: 0,
  end: 30_000,
  step: 15_000,
  series: [{ id: 1, labels: [{ name: 'job', value: 'api' }] }],
  columns: [{ series: 1, values: Float64Array.of(1, Number.NaN, Number.NaN), present: Uint8Array.of(1, 0, 1) }],
  skipped: 0,
  warnings: [],
};

const LIVE = `subscription ($query: String!, $resume: String) { live(query: $query, window: "1h", resume: $resume) {
  __typename
  ... on LiveSnapshot { sequence token start end step series { id labels } columns { series values } skipped }
  ... on LiveDelta { sequence token from removed }
  ... on LiveError { code message }
} }`;

describe('the door', () => {
  test('opens for this site and for programs', async () => {
    expect(await knock({})).toBe(101);
    expect(await knock({ origin: server.url })).toBe(101);
  });

  test.each([
    ['a page of another site', { origin: 'http://evil.example' }, 403],
    ['a foreign name of this machine', { host: 'evil.example' }, 403],
    ['a wrong token', { authorization: 'Bearer wrong' }, 401],
  ])('stays closed for %s', async (_name, headers, status) => {
    expect(await knock(headers)).toBe(status);
  });

  test('is at one place only', async () => {
    expect(await knock({}, '/elsewhere')).toBe(404);
  });

  test('takes a token in the first message, as browsers send it', async () => {
    app.anonymous = undefined;
    expect((await first(connect({ authorization: 'Bearer v' }), '{ me { name roles } }')).data).toEqual({ me: { name: 'vera', roles: ['viewer'] } });
    await expect(first(connect({ authorization: 'Bearer wrong' }), '{ me { name } }')).rejects.toMatchObject({ code: 4403 });
  });

  test('asks each field for its permission', async () => {
    app.anonymous = undefined;
    for (const query of ['{ status { version } }', 'subscription { targets { id } }', LIVE]) {
      const { errors } = await first(connect(), query, { query: 'up' });
      expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    }
    const { errors } = await first(connect({ authorization: 'Bearer v' }), 'mutation { flush }');
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});

describe('live', () => {
  test('gives a snapshot, then deltas, and leaves the query when the client goes', async () => {
    const { step, start, end, warnings } = SNAPSHOT;
    app.live.events = [SNAPSHOT, { kind: 'delta', sequence: 2, token: 'q.2', start, from: end, end, step, added: [], removed: [1], columns: [], warnings }];
    const events = connect().iterate({ query: LIVE, variables: { query: 'up' } });
    expect(liveOf(await events.next())).toEqual({
      __typename: 'LiveSnapshot',
      sequence: 1,
      token: 'q.1',
      start: 0,
      end: 30_000,
      step: 15_000,
      series: [{ id: 1, labels: { job: 'api' } }],
      columns: [{ series: 1, values: [1, null, 'NaN'] }],
      skipped: 0,
    });
    expect(liveOf(await events.next())).toEqual({ __typename: 'LiveDelta', sequence: 2, token: 'q.2', from: 30_000, removed: [1] });
    expect(app.live.requests).toEqual([{ expression: 'up', window: 3_600_000, interval: undefined, maxPoints: 600 }]);
    expect(app.live.viewers).toBe(1);
    await events.return?.();
    await expect.poll(() => app.live.viewers).toBe(0);
  });

  test('hands the token of a client that comes back to the query', async () => {
    app.live.events = [SNAPSHOT];
    const events = connect().iterate({ query: LIVE, variables: { query: 'up', resume: 'q.1' } });
    await events.next();
    expect(app.live.requests.at(-1)?.resume).toBe('q.1');
    await events.return?.();
  });

  test('gives one socket many subscriptions without a word', async () => {
    const warnings: string[] = [];
    const note = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', note);
    app.live.events = [SNAPSHOT];
    const client = connect();
    const streams = Array.from({ length: 20 }, () => client.iterate({ query: LIVE, variables: { query: 'up' } }));
    for (const events of streams) await events.next();
    expect(app.live.viewers).toBe(20);
    process.off('warning', note);
    expect(warnings).toEqual([]);
    for (const events of streams) await events.return?.();
    await expect.poll(() => app.live.viewers).toBe(0);
  });

  test('says what is wrong with a query that can never be answered', async () => {
    app.live.refusal = new QueryError('unexpected end of input', { position: { line: 1, column: 4 } });
    const { errors } = await first(connect(), LIVE, { query: 'up{' });
    expect(errors).toEqual([expect.objectContaining({ message: 'unexpected end of input', extensions: { code: 'QUERY', reason: 'bad_data', line: 1, column: 4 } })]);
  });

  test('leaves all queries when the server closes', async () => {
    app.live.events = [SNAPSHOT];
    const events = connect().iterate({ query: LIVE, variables: { query: 'up' } });
    await events.next();
    await server.close();
    await expect(events.next()).rejects.toMatchObject({ code: 1001 });
    await expect.poll(() => app.live.viewers).toBe(0);
  });
});

test('targets come at once', async () => {
  expect((await first(connect(), 'subscription { targets { id health } }')).data).toEqual({
    targets: [
      { id: 'api-1', health: 'UP' },
      { id: 'api-2', health: 'DOWN' },
    ],
  });
});

describe('what one client may have under way', () => {
  const SOCKETS = LIMITS.subscriptionsPerClient / LIMITS.subscriptionsPerSocket;

  /** Resolves when the first event has come; rejects with the errors of a refusal. */
  function watch(client: Client): Promise<void> {
    return new Promise((resolve, reject) => {
      client.subscribe({ query: LIVE, variables: { query: 'up' } }, { next: () => resolve(), error: reject, complete: () => undefined });
    });
  }

  function fill(params?: Record<string, unknown>): Promise<unknown> {
    const sockets = Array.from({ length: SOCKETS }, () => connect(params));
    return Promise.all(sockets.flatMap((socket) => Array.from({ length: LIMITS.subscriptionsPerSocket }, () => watch(socket))));
  }

  const refusal = (limit: string, allowed: number): unknown => [
    expect.objectContaining({
      message: `graphql ${limit} is ${allowed}, met ${allowed + 1}`,
      extensions: { code: 'LIMIT_EXCEEDED', limit: `graphql ${limit}`, allowed, met: allowed + 1 },
    }),
  ];

  test('is limited on one socket', async () => {
    app.live.events = [SNAPSHOT];
    const client = connect();
    await Promise.all(Array.from({ length: LIMITS.subscriptionsPerSocket }, () => watch(client)));
    await expect(watch(client)).rejects.toEqual(refusal('subscriptions per socket', 200));
  });

  test('is limited over all its sockets, and free again when one closes or an operation ends', async () => {
    app.tokens.set('w', principal('wim', 'viewer'));
    app.live.events = [SNAPSHOT];
    const vera = { authorization: 'Bearer v' };
    await fill(vera);
    const last = connect(vera);
    await expect(watch(last)).rejects.toEqual(refusal('subscriptions per client', 1000));
    await watch(connect({ authorization: 'Bearer w' }));
    await watch(connect());
    await clients[0]?.dispose();
    await expect.poll(() => app.live.viewers).toBe(LIMITS.subscriptionsPerClient - LIMITS.subscriptionsPerSocket + 2);
    for (let i = 0; i < 2; i++) await first(last, LIVE, { query: 'up' });
    await watch(last);
  });
});

test('tokens are limited here as well', async () => {
  await expect(first(connect(), `{ ${'__typename '.repeat(3000)} }`)).rejects.toEqual([
    expect.objectContaining({ extensions: { code: 'LIMIT_EXCEEDED', limit: 'graphql tokens', allowed: 2000, met: 2001 } }),
  ]);
});

test('limits hold here as well', async () => {
  const aliases = Array.from({ length: 60 }, (_, i) => `a${i}: me { name }`).join(' ');
  await expect(first(connect(), `{ ${aliases} }`)).rejects.toEqual([
    expect.objectContaining({ extensions: { code: 'LIMIT_EXCEEDED', limit: 'graphql aliases', allowed: 50, met: 60 } }),
  ]);
});
