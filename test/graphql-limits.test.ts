import { createHash } from 'node:crypto';
import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import WebSocket from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { startProduct } from './product.js';
import type { Product } from './product.js';

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string; readonly limit?: string; readonly allowed?: number; readonly met?: number } }[];
}

const deep = (levels: number): string => `{ __type(name: "Query") { ${'fields { type { '.repeat(levels)}name${' } }'.repeat(levels)} } }`;
const many = (count: number, one: (i: number) => string): string => Array.from({ length: count }, (_, i) => one(i)).join(' ');

describe('what attacks by GraphQL come to', () => {
  let product: Product;
  const clients: Client[] = [];

  beforeAll(async () => {
    product = await startProduct({ config: 'self_scrape: false\nlimits: { query_timeout: 1s }\n' });
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await product.stop();
  });

  const post = (body: string): Promise<Response> => fetch(`${product.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const ask = async (query: string): Promise<{ status: number; answer: Answer }> => {
    const response = await post(JSON.stringify({ query }));
    return { status: response.status, answer: (await response.json()) as Answer };
  };
  function connect(): Client {
    const client = createClient({ url: `${product.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    clients.push(client);
    return client;
  }
  /** Health is told, and a question is answered, in good time. */
  async function isResponsive(): Promise<void> {
    const begun = performance.now();
    expect((await product.get('/-/healthy')).status).toBe(200);
    expect((await ask('{ status { version } }')).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(2000);
  }

  it.each([
    ['aliases', `{ ${many(60, (i) => `a${i}: me { name }`)} }`, 50],
    ['directives', `{ __typename ${many(30, () => '@include(if: true)')} }`, 20],
    ['complexity', `{ ${many(45, (i) => `a${i}: labelNames(limit: 50000) { values truncated }`)} ${many(45, () => 'dashboards { id title tags }')} }`, 20_000],
  ])('too many %s are refused with the limit and the numbers', async (limit, query, allowed) => {
    const { status, answer } = await ask(query);
    expect(status).toBe(400);
    const extensions = answer.errors?.[0]?.extensions;
    expect(extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: `graphql ${limit}`, allowed });
    expect(extensions?.met).toBeGreaterThan(allowed);
    await isResponsive();
  });

  it('a deep question is refused', async () => {
    const query = `{ cardinality { ${'metrics { '.repeat(20)}name${' }'.repeat(20)} } }`;
    const { answer } = await ask(query);
    expect(answer.errors?.map(({ extensions }) => extensions?.limit)).toContain('graphql depth');
  });

  it('introspection that walks in circles is refused, by its depth or for its tokens', async () => {
    const { status, answer } = await ask(deep(700));
    expect(status).toBe(400);
    expect(answer.errors?.length).toBeGreaterThan(0);
    await isResponsive();
  });

  it('a long text is refused while it is read', async () => {
    const { status, answer } = await ask(`{ ${'__typename '.repeat(20_000)} }`);
    expect(status).toBe(400);
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'graphql tokens', allowed: 2000, met: 2001 });
  });

  it('an oversize body is refused before it is read to its end', async () => {
    const body = JSON.stringify({ query: ' '.repeat(300_000) });
    const response = await post(body);
    expect(response.status).toBe(413);
    expect(((await response.json()) as Answer).errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'graphql body', allowed: 262_144, met: body.length });
    await isResponsive();
  });

  it('a batch is refused', async () => {
    const response = await post(JSON.stringify(Array.from({ length: 1000 }, () => ({ query: '{ __typename }' }))));
    expect(response.status).toBe(400);
    expect(((await response.json()) as Answer).errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'graphql batch', allowed: 1, met: 1000 });
  });

  it('what needs a scan of too many points or steps is refused with its number', async () => {
    const { answer } = await ask('{ range(query: "up", start: 0, end: 1e12, step: "1s") { step } }');
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'graphql steps', allowed: 11_000, met: 1_000_000_001 });
    const { answer: wide } = await ask('{ range(query: "up", start: 0, end: 1000, maxPoints: 1000000) { step } }');
    expect(wide.errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'graphql maxPoints', allowed: 11_000, met: 1_000_000 });
  });

  it('slow questions end by the time limit, while others are answered', async () => {
    // Together far more than the processor does in a second, and each within the limit on subqueries.
    const slow = [1, 2, 3, 4, 5, 6].map((i) => `sum_over_time(vector(time() + ${i})[120d:1s])`).join(' + ');
    const attack = Promise.all(Array.from({ length: 4 }, () => ask(`{ instant(query: ${JSON.stringify(slow)}) { text } }`)));
    await isResponsive();
    for (const { answer } of await attack) expect(answer.errors?.[0], JSON.stringify(answer)).toMatchObject({ extensions: { code: expect.stringMatching(/QUERY|LIMIT_EXCEEDED/) as string } });
    await isResponsive();
  });

  it('a document is persisted by its hash once it was sent and let through', async () => {
    const query = '{ status { version } }';
    const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } };
    const send = async (body: object): Promise<Answer> => (await (await post(JSON.stringify(body))).json()) as Answer;
    expect((await send({ extensions })).errors?.[0]).toMatchObject({ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } });
    const sent = await send({ query, extensions });
    expect(sent).toEqual({ data: { status: { version: expect.any(String) as string } } });
    expect(await send({ extensions })).toEqual(sent);
  });

  it('more subscriptions than one socket, or one client on several, may have are refused with the number', async () => {
    const watch = (client: Client): Promise<Answer['errors']> =>
      new Promise((resolve) => {
        client.subscribe<Answer>(
          { query: 'subscription ($query: String!) { live(query: $query, window: "1m") { __typename } }', variables: { query: 'vector(1)' } },
          { next: () => resolve(undefined), error: (errors) => resolve(errors as Answer['errors']), complete: () => undefined },
        );
      });
    const sockets = Array.from({ length: 5 }, connect);
    for (const socket of sockets) {
      const answers = await Promise.all(Array.from({ length: 200 }, () => watch(socket)));
      expect(answers.filter((errors) => errors !== undefined)).toEqual([]);
    }
    const [full = connect()] = sockets;
    expect((await watch(full))?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'graphql subscriptions per socket', allowed: 200, met: 201 });
    const another = connect();
    expect((await watch(another))?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'graphql subscriptions per client', allowed: 1000, met: 1001 });
    await isResponsive();
    await full.dispose();
    await eventually(async () => (await watch(another)) === undefined, 'there is room again');
  });
});
