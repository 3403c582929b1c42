import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import WebSocket from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';

const LIVE = `subscription ($query: String!, $window: Duration!, $resume: String) {
  live(query: $query, window: $window, maxPoints: 300, resume: $resume) {
    __typename
    ... on LiveSnapshot { sequence token start end step series { id labels } columns { series values } }
    ... on LiveDelta { sequence token start from end step added { id labels } removed columns { series values } }
  }
}`;

interface LiveEvent {
  readonly __typename: 'LiveSnapshot' | 'LiveDelta' | 'LiveError';
  readonly sequence: number;
  readonly token: string;
  readonly start: number;
  readonly from: number;
  readonly end: number;
  readonly step: number;
  readonly series: readonly { readonly id: number; readonly labels: Record<string, string> }[];
  readonly columns: readonly { readonly series: number; readonly values: readonly (number | null)[] }[];
}

const CONFIG = 'global: { scrape_interval: 1s }\n';

describe('a live query over a socket', () => {
  const folder = temporaryFolder();
  let product: Product;
  const clients: Client[] = [];

  beforeAll(async () => {
    product = await startProduct({ config: CONFIG, dataDir: folder.path });
    await eventually(async () => (await product.query('up')).data.result.length === 1, 'something was scraped');
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await product.stop();
    folder.remove();
  });

  /** Collects what a viewer is told. */
  function watch(query: string, resume?: string): LiveEvent[] {
    const client = createClient({ url: `${product.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    clients.push(client);
    const events: LiveEvent[] = [];
    client.subscribe<{ live: LiveEvent }>(
      { query: LIVE, variables: { query, window: '1m', resume } },
      { next: ({ data }) => void (data && events.push(data.live)), error: () => undefined, complete: () => undefined },
    );
    return events;
  }

  const evaluations = async (): Promise<number> => Number((/metrics_dashboard_live_queries (\d+)/.exec(await (await product.get('/metrics')).text()) ?? [])[1]);

  it('starts with a snapshot, goes on with deltas, and amounts to a fresh range query', async () => {
    const events = watch('metrics_dashboard_live_viewers');
    await eventually(() => (events.at(-1)?.end ?? 0) >= (events[0]?.end ?? Infinity) + 10_000, 'deltas of ten seconds came');
    const [snapshot, ...deltas] = events;
    expect(snapshot?.__typename).toBe('LiveSnapshot');
    expect(deltas.every(({ __typename }) => __typename === 'LiveDelta')).toBe(true);

    const cells = new Map<number, number>();
    for (const event of events) {
      const from = event.__typename === 'LiveSnapshot' ? event.start : event.from;
      for (let at = from; at <= event.end; at += event.step) cells.delete(at);
      event.columns.forEach(({ values }) => values.forEach((value, i) => value !== null && cells.set(from + i * event.step, value)));
    }
    const last = events.at(-1) as LiveEvent;
    const drawn = [...cells].filter(([at]) => at >= last.start && at <= last.end).sort(([a], [b]) => a - b);
    // The newest steps may still be revised by the next delta.
    const settled = drawn.filter(([at]) => at <= last.end - 5000);
    const fresh = await product.graphql<{ range: { frames: { times: number[]; values: number[] }[] } }>(
      'query ($start: Timestamp!, $end: Timestamp!, $step: Duration!) { range(query: "metrics_dashboard_live_viewers", start: $start, end: $end, step: $step) { frames { times values } } }',
      { start: last.start, end: last.end - 5000, step: last.step },
    );
    const [frame] = fresh.range.frames;
    expect(settled.length).toBeGreaterThan(0);
    expect(settled).toEqual(frame?.times.map((at, i) => [at, frame.values[i]]));
  });

  it('goes on after the event whose token is given, and begins anew after a restart', async () => {
    const disconnect = async (): Promise<void> => {
      for (const client of clients.splice(0)) await client.dispose();
    };
    const before = watch('count(up)');
    await eventually(() => before.length >= 3, 'deltas came');
    await disconnect();
    const last = before.at(-1);
    const after = watch('count(up)', last?.token);
    const other = watch('count(up) + 1', last?.token);
    await eventually(() => after.length >= 2 && other.length >= 1, 'the stream goes on');
    expect(after.map(({ __typename }) => __typename)).not.toContain('LiveSnapshot');
    expect(after[0]?.sequence).toBe((last?.sequence ?? 0) + 1);
    expect(other[0]?.__typename).toBe('LiveSnapshot');
    await disconnect();

    const { dataDir, port } = product;
    await product.stop();
    product = await startProduct({ config: CONFIG, dataDir, port });
    const restarted = watch('count(up)', after.at(-1)?.token);
    await eventually(() => restarted.length >= 2, 'the stream begins');
    expect(restarted[0]?.__typename).toBe('LiveSnapshot');
    await disconnect();
    await eventually(async () => (await evaluations()) === 0, 'nothing is evaluated for nobody');
  });

  it('is one for all who watch the same, and ends with the last of them', async () => {
    const before = await evaluations();
    const viewers = Array.from({ length: 12 }, () => watch('sum(up)'));
    await eventually(() => viewers.every((events) => events.length >= 2), 'everybody is told');
    expect(await evaluations()).toBe(before + 1);
    for (const client of clients.splice(0)) await client.dispose();
    await eventually(async () => (await evaluations()) === 0, 'nothing is evaluated for nobody');
  });
});
