import { afterEach, describe, expect, it } from 'vitest';
import { Labels, setStale } from '@metrics-dashboard/sdk';
import type { StorageBackend, Timestamp } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, memoryStorage, settle } from '@metrics-dashboard/sdk/testing';
import type { Engine } from '../engine/engine.js';
import { QueryEngine } from '../query/engine.js';
import type { QueryResult } from '../query/query.js';
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
  const live = new LiveQueries({ engine: queries as unknown as Engine, clock, metrics: new Registry() });
  leaving.push(() => live.close());
  return { clock, storage, queries, live };
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
    '1 / 0',
  ])('%s shows after every tick what a fresh range query shows', async (expression) => {
    const { clock, storage, queries, live } = world();
    const leave = new AbortController();
    leaving.push(() => Promise.resolve(leave.abort()));
    const iterator = (await live.watch({ expression, window: 60_000, interval: undefined, maxPoints: 31 }, leave.signal))[
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
      for (let i = 0; i < 20; i++) await settle();
    }
    leave.abort();
    await reading;
    expect(compared).toBeGreaterThan(50);
  });
});
