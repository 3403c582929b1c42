import { afterEach, describe, expect, it } from 'vitest';
import { Labels, UnavailableError } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, memoryStorage, settle } from '@metrics-dashboard/sdk/testing';
import type { Engine } from '../engine/engine.js';
import { QueryEngine } from '../query/engine.js';
import type { QueryRequest, QueryResult } from '../query/query.js';
import type { LiveEvent, LiveRequest } from './live-event.js';
import { LiveQueries } from './live-queries.js';
import { GRACE } from './parked-queries.js';

const leaving: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const leave of leaving.splice(0)) await leave();
});

async function world() {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const storage = memoryStorage();
  const limits = { querySeries: 50_000, querySamples: 50_000_000, queryTimeout: 120_000 };
  const queries = new QueryEngine({ storage, aggregations: [], limits, clock });
  const asked: QueryRequest[] = [];
  const state: { refusal?: Error } = {};
  const engine = {
    query(request: QueryRequest, signal: AbortSignal): Promise<QueryResult> {
      asked.push(request);
      return state.refusal === undefined ? queries.query(request, signal) : Promise.reject(state.refusal);
    },
  };
  const metrics = new Registry();
  const live = new LiveQueries({ engine: engine as unknown as Engine, clock, metrics });
  leaving.push(() => live.close());
  storage.append({
    count: 1,
    refs: new Uint32Array([storage.index.create(Labels.of({ __name__: 'up' }))]),
    times: new Float64Array([clock.now() - 1000]),
    values: new Float64Array([1]),
  });
  await storage.commit();

  /** Watches until it goes, and remembers what it was told. */
  const watch = async (overrides: Partial<LiveRequest> = {}) => {
    const leave = new AbortController();
    const events: LiveEvent[] = [];
    const stream = await live.watch({ expression: 'up', window: 60_000, interval: undefined, maxPoints: 61, ...overrides }, leave.signal);
    const reading = (async () => {
      for await (const event of stream) events.push(event);
    })();
    await settle();
    const go = async (): Promise<string | undefined> => {
      leave.abort();
      await reading;
      return events.at(-1)?.token;
    };
    leaving.unshift(async () => void (await go()));
    return { events, go };
  };
  const pass = async (milliseconds: number): Promise<void> => {
    await clock.advance(milliseconds);
    for (let i = 0; i < 10; i++) await settle();
  };
  return { clock, live, asked, state, metrics, watch, pass };
}

function kinds(events: readonly LiveEvent[]): string[] {
  return events.map(({ kind, sequence }) => `${kind} ${sequence}`);
}

describe('a viewer that comes back', () => {
  it('gets what it missed, while others watched on', async () => {
    const { watch, pass } = await world();
    await watch();
    const first = await watch();
    await pass(2000);
    const resume = await first.go();
    await pass(3000);
    const second = await watch({ resume });
    await pass(1000);
    expect(kinds(first.events)).toEqual(['snapshot 0', 'delta 1', 'delta 2']);
    expect(kinds(second.events)).toEqual(['delta 3', 'delta 4', 'delta 5', 'delta 6']);
  });

  it('waits for what is next when it missed nothing', async () => {
    const { watch, pass } = await world();
    await watch();
    const first = await watch();
    await pass(1000);
    const second = await watch({ resume: await first.go() });
    expect(second.events).toEqual([]);
    await pass(1000);
    expect(kinds(second.events)).toEqual(['delta 2']);
  });

  it('finds its query resting, and gets one delta over the gap', async () => {
    const { watch, pass, asked } = await world();
    const first = await watch();
    await pass(1000);
    const resume = await first.go();
    await pass(GRACE - 1000);
    expect(asked).toHaveLength(2);
    const second = await watch({ resume });
    expect(kinds(second.events)).toEqual(['delta 2']);
    const [before, gap] = [first.events.at(-1), second.events[0]];
    if (before?.kind !== 'delta' || gap?.kind !== 'delta') throw new Error('expected deltas');
    expect([gap.end - before.end, gap.from <= before.end]).toEqual([GRACE - 1000, true]);
    await pass(2000);
    expect(kinds(second.events)).toEqual(['delta 2', 'delta 3', 'delta 4']);
  });

  it('gets a snapshot when it was away for longer', async () => {
    const { watch, pass } = await world();
    const first = await watch();
    const resume = await first.go();
    await pass(GRACE);
    expect(kinds((await watch({ resume })).events)).toEqual(['snapshot 0']);
  });

  it('gets a snapshot when more was missed than is held', async () => {
    const { watch, pass } = await world();
    await watch();
    const first = await watch();
    const resume = await first.go();
    for (let second = 0; second < 70; second++) await pass(1000);
    expect((await watch({ resume })).events[0]?.kind).toBe('snapshot');
  });

  it('gets a snapshot for a token of another query, of the future, or of nothing at all', async () => {
    const { watch, pass } = await world();
    const other = await watch({ expression: 'up * 2' });
    const own = await watch();
    await pass(2000);
    const [query] = (own.events[0]?.token ?? '').split('.');
    for (const resume of [await other.go(), `${query}.99`, `${query}.-1`, `${query}.x`, '', 'garbage', '🙂'.repeat(10_000)]) {
      expect((await watch({ resume })).events.map(({ kind }) => kind)).toEqual(['snapshot']);
    }
  });

  it('hears of an error that stands, and what came after one that has passed', async () => {
    const { watch, pass, state } = await world();
    await watch();
    const first = await watch();
    const resume = await first.go();
    state.refusal = new UnavailableError('the engine is restarting');
    await pass(2000);
    expect(kinds((await watch({ resume })).events)).toEqual(['error 1']);
    delete state.refusal;
    await pass(1000);
    expect(kinds((await watch({ resume })).events)).toEqual(['error 1', 'delta 2']);
  });

  it('gets a snapshot first when all it knows is that there was no answer', async () => {
    const { watch, pass, state } = await world();
    state.refusal = new UnavailableError('the engine is starting');
    await watch();
    const first = await watch();
    const resume = await first.go();
    expect(kinds((await watch({ resume })).events)).toEqual(['error 1']);
    delete state.refusal;
    await pass(1000);
    expect(kinds((await watch({ resume })).events)).toEqual(['snapshot 2']);
  });
});

describe('queries that nobody watches', () => {
  it('are few: the longest forgotten go first', async () => {
    const { watch, clock } = await world();
    const tokens: (string | undefined)[] = [];
    for (let i = 0; i < 70; i++) tokens.push(await (await watch({ expression: `up + ${i}` })).go());
    expect(clock.sleepers).toBe(64);
    const began = async (i: number) => (await watch({ expression: `up + ${i}`, resume: tokens[i] })).events[0]?.kind;
    expect([await began(0), await began(5), await began(69)]).toEqual(['snapshot', 'snapshot', 'delta']);
  });

  it('end with the server', async () => {
    const { watch, clock, live, metrics } = await world();
    await (await watch()).go();
    expect(clock.sleepers).toBe(1);
    await live.close();
    await settle();
    expect(clock.sleepers).toBe(0);
    expect(await metrics.metrics()).toContain('metrics_dashboard_live_queries 0');
  });
});
