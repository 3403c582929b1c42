import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openServer } from '../server.js';
import type { Server } from '../server.js';
import { FakeApp } from '../testing/fake-app.js';
import { loose } from '../testing/loose.js';
import type { Loose } from '../testing/loose.js';
import { LIMITS } from './limits.js';

let server: Server;

beforeEach(async () => {
  server = await openServer({ app: new FakeApp(), listen: { host: '127.0.0.1', port: 0 }, uiFolder: undefined, flags: {} });
});

afterEach(() => server.close());

interface Answer {
  readonly status: number;
  readonly body: Loose;
}

async function answerOf(response: Promise<Response>): Promise<Answer> {
  const { status } = await response;
  return { status, body: loose(await (await response).text()) };
}

function post(body: unknown): Promise<Answer> {
  return answerOf(fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }));
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const persisted = (sha256Hash: string, version = 1): object => ({ persistedQuery: { version, sha256Hash } });

describe('automatic persisted queries', () => {
  const QUERY = '{ me { name } status { version } }';

  test('a document is not found, is sent once with its hash, and is answered by the hash alone from then on', async () => {
    const extensions = persisted(hashOf(QUERY));
    const unknown = await post({ extensions });
    expect(unknown.body.errors).toEqual([{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
    const sent = await post({ query: QUERY, extensions });
    expect(sent.body.errors).toBeUndefined();
    expect((await post({ extensions })).body).toEqual(sent.body);
    const url = `${server.url}/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions))}`;
    expect((await answerOf(fetch(url, { headers: { 'apollo-require-preflight': 'true' } }))).body).toEqual(sent.body);
  });

  test('a hash of another text, and another version, are bad requests', async () => {
    const wrong = await post({ query: QUERY, extensions: persisted(hashOf('{ me { name } }')) });
    expect(wrong).toEqual({ status: 400, body: { errors: [{ message: 'provided sha does not match query', extensions: { code: 'BAD_REQUEST' } }] } });
    const version = await post({ extensions: persisted(hashOf(QUERY), 2) });
    expect(version).toEqual({ status: 400, body: { errors: [{ message: 'Unsupported persisted query version', extensions: { code: 'BAD_REQUEST' } }] } });
  });

  test('what is refused is not kept, and a hash costs what its document costs', async () => {
    const deep = `{ ${Array.from({ length: 60 }, (_, i) => `a${i}: me { name }`).join(' ')} }`;
    await post({ query: deep, extensions: persisted(hashOf(deep)) });
    expect((await post({ extensions: persisted(hashOf(deep)) })).body.errors?.[0]?.message).toBe('PersistedQueryNotFound');
    const costly = `query ($most: Int) { ${Array.from({ length: 20 }, (_, i) => `a${i}: series(selectors: ["up"], limit: $most) { values truncated }`).join(' ')} }`;
    const extensions = persisted(hashOf(costly));
    expect((await post({ query: costly, variables: { most: 1 }, extensions })).body.errors).toBeUndefined();
    const much = await post({ variables: { most: 100_000 }, extensions });
    expect(much.status).toBe(400);
    expect(much.body.errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'graphql complexity', allowed: 20_000, met: expect.any(Number) as number });
  });
});

describe('a refusal names the limit, its value, and what was met', () => {
  test('tokens', async () => {
    const { status, body } = await post({ query: `{ ${'__typename '.repeat(3000)} }` });
    expect(status).toBe(400);
    expect(body.errors).toEqual([expect.objectContaining({ message: 'graphql tokens is 2000, met 2001', extensions: { code: 'LIMIT_EXCEEDED', limit: 'graphql tokens', allowed: 2000, met: 2001 } })]);
  });

  test('a text that speaks of tokens is no such refusal', async () => {
    const { body } = await post({ query: '{ "Document contains more that 1 tokens" }' });
    expect(body.errors?.[0]?.extensions?.code).toBe('GRAPHQL_PARSE_FAILED');
  });

  test('requests in one body', async () => {
    const one = { query: '{ __typename }' };
    const { status, body } = await post([one, one, one]);
    expect(status).toBe(400);
    expect(body).toEqual({ errors: [{ message: 'graphql batch is 1, met 3', extensions: { code: 'LIMIT_EXCEEDED', limit: 'graphql batch', allowed: 1, met: 3 } }] });
    expect((await post([one])).body.errors?.[0]?.extensions).toEqual({ code: 'BAD_REQUEST' });
  });

  test('a body whose length is known, and one that never says it', async () => {
    const text = JSON.stringify({ query: ' '.repeat(300_000) });
    const { status, body } = await post({ query: ' '.repeat(300_000) });
    expect(status).toBe(413);
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'graphql body', allowed: LIMITS.bodyBytes, met: text.length });
    const streamed = await chunked(text);
    expect(streamed.status).toBe(413);
    expect(streamed.body.errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'graphql body', allowed: LIMITS.bodyBytes, met: LIMITS.bodyBytes + 1 });
  });

  test('steps and points of a range', async () => {
    const steps = await post({ query: '{ range(query: "up", start: 0, end: 11000000, step: "1s") { step } }' });
    expect(steps.body.errors?.[0]).toMatchObject({ message: expect.stringContaining('11001 points') as string, extensions: { code: 'LIMIT_EXCEEDED', limit: 'graphql steps', allowed: 11_000, met: 11_001 } });
    const points = await post({ query: '{ range(query: "up", start: 0, end: 1000, maxPoints: 20000) { step } }' });
    expect(points.body.errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'graphql maxPoints', allowed: 11_000, met: 20_000 });
    const none = await post({ query: '{ range(query: "up", start: 0, end: 1000, maxPoints: 0) { step } }' });
    expect(none.body.errors?.[0]?.extensions?.code).toBe('QUERY');
  });
});

/** Sends a body in chunks; the answer comes before its end is read. */
function chunked(text: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' } });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: loose(Buffer.concat(parts).toString()) }));
    });
    sent.write(text.slice(0, 200_000));
    sent.end(text.slice(200_000));
  });
}
