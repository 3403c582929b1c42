import { afterEach, describe, expect, it } from 'vitest';
import { Labels, setStale } from '@metrics-dashboard/sdk';
import type { StorageBackend, Timestamp } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, memoryStorage, settle } from '@metrics-dashboard/sdk/testing';
import type { Engine } from '../engine/engine.js';
import { QueryEngine } from '../query/engine.js';
import type { QueryResult } from '../query/query.js';
import type { LiveEvent } from './live-event.js';
import { foldLive } from './live-fold.js';
import type { LiveView } from './live-fold.js';
import { LiveQueries } from './live-queries.js';

const START = Date.UTC(2026, 0, 1);
const leaving: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const leave of leaving.splice(0)) await leave();
});

function world() {
  const clock = new ManualClock(START);
  const storage = memoryStorage();
  const limits = { querySeries: 50_000, querySamples: 50_000_000, queryTimeout: 120_000 };
  const queries = new QueryEngine({ storage, aggregations: [], limits, clock });
  /** As a server does that starts on these data. */
  const start = (): LiveQueries => {
    const live = new LiveQueries({ engine: queries as unknown as Engine, clock, metrics: new Registry() });
    leaving.push(() => live.close());
    return live;
  };
  return { clock, storage, queries, start };
}

const REQUEST = { window: 60_000, interval: undefined, maxPoints: 31 } as const;

/** A client that comes and goes, and folds what it is told into what it shows. */
class Client {
  readonly expression: string;
  view: LiveView | undefined;
  token: string | undefined;
  /** The kinds of the first events after the client came back. */
  readonly began: LiveEvent['kind'][] = [];
  #leave: AbortController | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(expression: string) {
    this.expression = expression;
  }

  get isHere(): boolean {
    return this.#leave !== undefined;
  }

  async come(live: LiveQueries): Promise<void> {
    this.#leave = new AbortController();
    const request = { ...REQUEST, expression: this.expression, resume: this.token };
    this.#reading = this.#read(await live.watch(request, this.#leave.signal));
  }

  async go(): Promise<void> {
    this.#leave?.abort();
    this.#leave = undefined;
    await this.#reading;
  }

  async #read(events: AsyncIterable<LiveEvent>): Promise<void> {
    let isFirst = true;
    for await (const event of events) {
      if (isFirst) this.began.push(event.kind);
      isFirst = false;
      this.view = foldLive(this.view, event);
      this.token = event.token;
    }
  }
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function settleWell(): Promise<void> {
  for (let i = 0; i < 20; i++) await settle();
}

async function add(storage: StorageBackend, labels: Labels, at: Timestamp, value: number | 'stale'): Promise<void> {
  const ref = storage.index.find(labels) ?? storage.index.create(labels);
  const values = new Float64Array([typeof value === 'number' ? value : 0]);
  if (value === 'stale') setStale(values, 0);
  storage.append({ count: 1, refs: new Uint32Array([ref]), times: new Float64Array([at]), values });
  await storage.commit();
}

/** Lines as text, NaN among the values; rounded, since a rate over a part of a window may add in another order. */
function shown(view: LiveView): string[] {
  return [...view.series.values()]
    .map(({ labels, values, present }) => `${labelText(labels)} ${[...values].map((value, i) => (present[i] === 1 ? cell(value) : '_')).join(' ')}`)
    .sort();
}

function fresh(answer: QueryResult, { start, end, step }: LiveView): string[] {
  const steps = Math.round((end - start) / step) + 1;
  return answer.series
    .map((labels, i) => {
      const cells = Array.from({ length: steps }, () => '_');
      for (let k = answer.offsets[i] ?? 0; k < (answer.offsets[i + 1] ?? 0); k++) {
        cells[Math.round(((answer.times[k] ?? 0) - start) / step)] = cell(answer.values[k] ?? 0);
      }
      return `${labelText(labels)} ${cells.join(' ')}`;
    })
    .sort();
}

function labelText(labels: Iterable<{ name: string; value: string }>): string {
  return Labels.from([...labels].map(({ name, value }) => [name, value] as const)).toString();
}

function cell(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(10) : String(value);
}

describe('live queries in the query language', () => {
  it.each([
    'requests_total',
    'rate(requests_total[20s])',
    'max_over_time(requests_total[15s]) - requests_total',
    'requests_total offset 10s',
    'requests_total > 40',
    'requests_total @ end()',
    'max_over_time(requests_total[range()])',
    '1 / 0',
  ])('%s shows after every tick what a fresh range query shows', async (expression) => {
    const { clock, storage, queries, start: open } = world();
    const live = open();
    const leave = new AbortController();
    leaving.push(() => Promise.resolve(leave.abort()));
    const iterator = (await live.watch({ ...REQUEST, expression }, leave.signal))[
      Symbol.asyncIterator
    ]();
    let view: LiveView | undefined;
    let compared = 0;
    const reading = (async () => {
      for (;;) {
        const result = await iterator.next();
        if (result.done === true) return;
        view = foldLive(view, result.value);
        if (view === undefined) continue;
        const { start, end, step } = view;
        const answer = await queries.query({ expression, time: { kind: 'range', start, end, step } }, leave.signal);
        expect(shown(view)).toEqual(fresh(answer, view));
        compared += 1;
      }
    })();
    for (let second = 0; second < 120; second += 2) {
      for (const [i, instance] of ['a', 'b', 'c'].entries()) {
        const labels = Labels.of({ __name__: 'requests_total', instance });
        const isGone = Math.floor(second / 24 + i) % 3 === 2;
        const at = clock.now() - 700 * i;
        await add(storage, labels, at, isGone ? 'stale' : (second * (i + 1)) % 90);
      }
      await clock.advance(2000);
      await settleWell();
    }
    leave.abort();
    await reading;
    expect(compared).toBeGreaterThan(50);
  });

  it.each(Array.from({ length: 12 }, (_, i) => i + 1))(
    'shows what a fresh range query shows to clients that come and go, across restarts of the server (seed %i)',
    async (seed) => {
      const random = randomFrom(seed);
      const { clock, storage, queries, start } = world();
      let live = start();
      // Two that share a query, and one that watches alone, whose query rests meanwhile.
      const clients = ['requests_total', 'requests_total', 'max_over_time(requests_total[15s])'].map((expression) => new Client(expression));
      let compared = 0;
      for (let round = 0; round < 120; round++) {
        for (const [i, instance] of ['a', 'b', 'c', 'd'].entries()) {
          const labels = Labels.of({ __name__: 'requests_total', instance });
          const phase = Math.floor(round / 15 + i * seed) % 3;
          // Series fall silent, or end with a marker; samples come up to eight seconds late and out of order.
          if (phase === 2 && round % 15 === 0 && i % 2 === 0) await add(storage, labels, clock.now(), 'stale');
          if (phase !== 2 && random() < 0.7) await add(storage, labels, clock.now() - Math.floor(random() * 8000), Math.floor(random() * 100));
        }
        if (random() < 0.03) {
          await live.close();
          for (const client of clients) await client.go();
          live = start();
        }
        for (const client of clients) {
          if (client.isHere ? random() < 0.15 : random() < 0.4) await (client.isHere ? client.go() : client.come(live));
          if (random() < 0.01) client.token = 'garbage.1';
        }
        await clock.advance(2000);
        await settleWell();
        for (const { isHere, view, expression } of clients) {
          if (!isHere) continue;
          if (view === undefined) throw new Error('a client is here and shows nothing');
          const { start: from, end, step } = view;
          const time = { kind: 'range', start: from, end, step } as const;
          expect(end, `round ${round}`).toBe(clock.now() - 2000);
          expect(shown(view), `round ${round}`).toEqual(fresh(await queries.query({ expression, time }, new AbortController().signal), view));
          compared += 1;
        }
      }
      for (const client of clients) await client.go();
      const began = clients.flatMap((client) => client.began);
      expect(compared).toBeGreaterThan(100);
      expect(began.filter((kind) => kind === 'delta').length).toBeGreaterThan(10);
      expect(began.filter((kind) => kind === 'snapshot').length).toBeGreaterThan(2);
    },
  );
});
