import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client/core';
import { unpackColumn } from '@metrics-dashboard/sdk/columns';
import { GraphQLClient } from 'graphql-request';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { ROOT, startProduct } from './product.js';
import type { Product } from './product.js';

/** The blocks of a page, by the name that stands behind their language. */
function recipes(page: string): Map<string, string> {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  return new Map([...text.matchAll(/^```(?:sh|graphql) (\S+)\n([\s\S]*?)^```$/gm)].map(([, name, body]) => [name ?? '', body ?? '']));
}

interface Range {
  readonly range: { readonly start: number; readonly step: number; readonly steps: number; readonly frames: readonly { readonly labels: Record<string, string>; readonly packed: string }[] };
}

describe('the recipes of docs/graphql.md', () => {
  let product: Product;
  const all = recipes('graphql.md');
  const recipe = (name: string): string => {
    const text = all.get(name);
    if (text === undefined) throw new Error(`docs/graphql.md has no recipe ${name}`);
    return text;
  };

  beforeAll(async () => {
    product = await startProduct({ config: 'global: { scrape_interval: 1s }\n' });
    await eventually(async () => (await product.query('up')).data.result.length === 1, 'something was scraped');
  });
  afterAll(() => product.stop());

  const last = () => ({ query: 'up', start: Date.now() - 60_000, end: Date.now() });
  function expectUp({ range }: Range): void {
    const column = unpackColumn(range.frames[0]?.packed ?? '');
    expect(column.values).toHaveLength(range.steps);
    expect(column.values.filter((_, i) => column.present[i] === 1)).toContain(1);
  }

  it('curl asks for one value', async () => {
    const script = recipe('instant').replaceAll('http://127.0.0.1:9700', product.url);
    const { stdout } = await promisify(execFile)('sh', ['-c', script]);
    expect(JSON.parse(stdout)).toMatchObject({ data: { instant: { frames: [{ labels: { __name__: 'up' }, values: [1] }] } } });
  });

  it('curl names a document by its hash', async () => {
    const script = recipe('persisted').replaceAll('http://127.0.0.1:9700', product.url);
    const { stdout } = await promisify(execFile)('sh', ['-c', script]);
    const [unknown, sent, named] = stdout.trim().split('\n').map((line) => JSON.parse(line) as object);
    expect(unknown).toMatchObject({ errors: [{ message: 'PersistedQueryNotFound' }] });
    expect(sent).toMatchObject({ data: { status: { version: expect.any(String) as string } } });
    expect(named).toEqual(sent);
  });

  it('graphql-request asks for a range in packed columns', async () => {
    expectUp(await new GraphQLClient(`${product.url}/graphql`).request<Range>(recipe('range'), last()));
  });

  it('Apollo Client asks for the same', async () => {
    const client = new ApolloClient({ link: new HttpLink({ uri: `${product.url}/graphql` }), cache: new InMemoryCache() });
    const { data } = await client.query<Range>({ query: gql(recipe('range')), variables: last(), fetchPolicy: 'no-cache' });
    expectUp(data);
    client.stop();
  });

  it('graphql-ws watches: a snapshot, then deltas', async () => {
    const client = createClient({ url: `${product.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const kinds: string[] = [];
    let samples = 0;
    for await (const { data } of client.iterate<{ live: { __typename: string; columns: readonly { packed: string }[] } }>({ query: recipe('live'), variables: { query: 'up' } })) {
      if (!data) throw new Error('an event has no data');
      kinds.push(data.live.__typename);
      // The first steps of a server that has just started hold no sample yet.
      samples += data.live.columns.reduce((sum, { packed }) => sum + unpackColumn(packed).values.length, 0);
      if (kinds.length === 3) break;
    }
    expect(samples).toBeGreaterThan(0);
    expect(kinds).toEqual(['LiveSnapshot', 'LiveDelta', 'LiveDelta']);
    await client.dispose();
  });
});
