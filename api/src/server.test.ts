import { LimitError, QueryError, StorageError } from '@metrics-dashboard/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openServer } from './server.js';
import type { Server } from './server.js';
import { FakeApp } from './testing/fake-app.js';
import { loose } from './testing/loose.js';
import type { Loose } from './testing/loose.js';
import { neverAnswered, vectorOf } from './testing/fake-engine.js';

let app: FakeApp;
let server: Server;

beforeEach(async () => {
  app = new FakeApp();
  server = await openServer({ app, listen: { host: '127.0.0.1', port: 0 }, uiFolder: undefined, flags: { data: './data' } });
});

afterEach(() => server.close());

async function graphql(query: string, variables: Record<string, unknown> = {}): Promise<{ status: number; body: Loose }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, body: loose(await response.text()) };
}

describe('one port', () => {
  test('is healthy at once and ready when the program is', async () => {
    app.ready = false;
    expect((await fetch(`${server.url}/-/healthy`)).status).toBe(200);
    expect((await fetch(`${server.url}/-/ready`)).status).toBe(503);
    app.ready = true;
    expect((await fetch(`${server.url}/-/ready`)).status).toBe(200);
  });

  test('says in one line which address is in use', async () => {
    const second = openServer({ app: new FakeApp(), listen: server.listening, uiFolder: undefined, flags: {} });
    await expect(second).rejects.toThrow(
      `can't listen on 127.0.0.1:${server.listening.port}: the port is in use by another program; choose another one with --listen`,
    );
  });
});

describe('GraphQL over HTTP', () => {
  test('answers an instant query in frames', async () => {
    app.engine.answers.set('up', async () => vectorOf(1, Number.NaN, Infinity));
    const { status, body } = await graphql('{ instant(query: "up") { type frames { labels times values } stats { seriesSelected } step } }');
    expect(body.errors).toBeUndefined();
    expect(status).toBe(200);
    expect(body.data?.instant).toEqual({
      type: 'VECTOR',
      frames: [
        { labels: { __name__: 'up', job: 'api0' }, times: [1_767_225_600_000], values: [1] },
        { labels: { __name__: 'up', job: 'api1' }, times: [1_767_225_600_000], values: ['NaN'] },
        { labels: { __name__: 'up', job: 'api2' }, times: [1_767_225_600_000], values: ['+Inf'] },
      ],
      stats: { seriesSelected: 3 },
      step: null,
    });
  });

  test('takes the step from the ladder when there is none', async () => {
    app.engine.answers.set('up', async () => vectorOf(1));
    const { body } = await graphql('{ range(query: "up", start: 0, end: 3600000, maxPoints: 100) { step } }');
    expect(body.data?.range?.step).toBe(60_000);
    expect(app.engine.requests[0]?.time).toEqual({ kind: 'range', start: 0, end: 3_600_000, step: 60_000 });
  });

  test('answers as many series as have 400,000 points, whatever the limit is', async () => {
    app.engine.answers.set('up', async () => vectorOf(1));
    await graphql('{ range(query: "up", start: 0, end: 599000, step: 1000, limit: 50000) { step } }');
    await graphql('{ range(query: "up", start: 0, end: 10999000, step: 1000, limit: 5) { step } }');
    expect(app.engine.requests.map(({ seriesLimit }) => seriesLimit)).toEqual([666, 5]);
  });

  test('explains a query, as an estimate or as what happened', async () => {
    const fields = '{ ran passes omitted infos operators { operator text depth levels blocks series estimatedPoints estimatedSamples actual { points samples milliseconds } } }';
    const estimate = { operator: 'select {__name__="up"}', text: 'up', depth: 0, levels: [300_000, 0], blocks: 2, series: 3, estimatedPoints: 3, estimatedSamples: 40, actual: null };
    const { body } = await graphql(`{ explain(query: "up") ${fields} }`);
    expect(body.data?.explain).toEqual({ ran: false, passes: ['fold constants'], omitted: 0, infos: ['an info'], operators: [estimate] });
    const ran = await graphql(`{ explain(query: "up", start: 0, end: 3600000, run: true) ${fields} }`);
    expect(ran.body.data?.explain).toMatchObject({ ran: true, operators: [{ ...estimate, actual: { points: 3, samples: 30, milliseconds: 1.5 } }] });
    expect((await graphql('{ explain(query: "up", start: 0) { ran } }')).body.errors).toEqual([expect.objectContaining({ message: 'a range has a start and an end, one of them is missing' })]);
  });

  test.each([
    ['a query that makes no sense', new QueryError('no such function', { position: { line: 1, column: 3 } }), { code: 'QUERY', reason: 'bad_data', line: 1, column: 3 }],
    ['a limit', new LimitError('limits.query_series', 10, 11), { code: 'LIMIT_EXCEEDED', limit: 'limits.query_series', allowed: 10, met: 11 }],
  ])('gives %s a code and its facts', async (_name, error, extensions) => {
    app.engine.answers.set('up', () => Promise.reject(error));
    const { body } = await graphql('{ instant(query: "up") { type } }');
    expect(body.errors).toEqual([expect.objectContaining({ message: error.message, extensions })]);
  });

  test.each([new Error('password is hunter2'), new StorageError('read /srv/data/tsdb/wal: hunter2')])('keeps %s to itself', async (error) => {
    app.engine.answers.set('up', () => Promise.reject(error));
    const { body } = await graphql('{ instant(query: "up") { type } }');
    expect(JSON.stringify(body)).not.toMatch(/hunter2|\.ts|stack/);
    expect(body.errors?.[0]?.extensions?.code).toMatch(/INTERNAL|STORAGE/);
  });

  test('refuses what is too deep, too wide, or too much, and says by how much', async () => {
    const aliases = Array.from({ length: 60 }, (_, i) => `a${i}: me { name }`).join(' ');
    const wide = await graphql(`{ ${aliases} }`);
    expect(wide.body.errors?.[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'graphql aliases', allowed: 50, met: 60 });
    const costly = Array.from({ length: 20 }, (_, i) => `a${i}: series(selectors: ["up"], limit: 100000) { values truncated }`).join(' ');
    const much = await graphql(`{ ${costly} }`);
    expect(much.body.errors?.[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'graphql complexity', allowed: 20_000 });
    const introspection = await graphql('{ __schema { types { name fields { name type { ofType { ofType { ofType { name } } } } } } } }');
    expect(introspection.body.errors).toBeUndefined();
  });

  test('answers as GraphQL does what is no operation at all', async () => {
    const headers = { 'content-type': 'application/json' };
    const broken = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body: '{' });
    expect(broken.status).toBe(400);
    expect(loose(await broken.text()).errors?.[0]?.extensions).toEqual({ code: 'BAD_REQUEST' });
    const large = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: ' '.repeat(300_000) }) });
    expect(large.status).toBe(413);
    app.anonymous = undefined;
    const wrong = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { ...headers, authorization: 'Bearer wrong' }, body: '{}' });
    expect(wrong.status).toBe(401);
    expect(loose(await wrong.text()).errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
  });

  test('aborts the query when the client goes away', async () => {
    const never = neverAnswered();
    app.engine.answers.set('slow', never.answer);
    const leaving = new AbortController();
    const request = fetch(`${server.url}/graphql`, {
      method: 'POST',
      signal: leaving.signal,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ instant(query: "slow") { type } }' }),
    });
    await never.begun;
    leaving.abort();
    await expect(request).rejects.toThrow();
    await never.aborted;
  });

  test('does not answer a form, which any page could send', async () => {
    const response = await fetch(`${server.url}/graphql?query={me{name}}`, { headers: { accept: 'application/json' } });
    expect(response.status).toBe(400);
  });
});
