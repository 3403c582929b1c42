import { afterEach, describe, expect, it } from 'vitest';
import { LimitError, ParseError, QueryError, UnavailableError, alignDown } from '@metrics-dashboard/sdk';
import type { Label, Timestamp } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, settle } from '@metrics-dashboard/sdk/testing';
import type { Engine } from '../engine/engine.js';
import type { QueryRequest, QueryResult } from '../query/query.js';
import type { LiveEvent, LiveRequest } from './live-event.js';
import { foldLive } from './live-fold.js';
import type { LiveView } from './live-fold.js';
import { LiveQueries } from './live-queries.js';
import { GRACE } from './parked-queries.js';

const START = Date.UTC(2026, 0, 1);
const LOOKBACK = 20_000;
const leaving: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const leave of leaving.splice(0)) await leave();
});

/** Samples by name, and the newest within a short lookback at each step: enough of an engine for a live query. */
class SmallEngine {
  readonly samples = new Map<string, Map<Timestamp, number>>();
  readonly asked: { start: Timestamp; end: Timestamp }[] = [];
  refusal: Error | undefined;

  add(name: string, at: Timestamp, value: number): void {
    const column = this.samples.get(name) ?? new Map<Timestamp, number>();
    this.samples.set(name, column.set(at, value));
  }

  query({ time }: QueryRequest, signal: AbortSignal): Promise<QueryResult> {
    signal.throwIfAborted();
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    if (time.kind !== 'range') throw new Error('a live query is a range query');
    this.asked.push({ start: time.start, end: time.end });
    return Promise.resolve(this.answer(time.start, time.end, time.step));
  }

  answer(start: Timestamp, end: Timestamp, step: number): QueryResult {
    const series: Label[][] = [];
    const offsets = [0];
    const times: number[] = [];
    const values: number[] = [];
    for (const [name, column] of this.samples) {
      for (let at = start; at <= end; at += step) {
        const newest = newestOf(column, at);
        if (newest === undefined) continue;
        times.push(at);
        values.push(newest);
      }
      if (times.length === offsets.at(-1)) continue;
      series.push([{ name: '__name__', value: name }]);
      offsets.push(times.length);
    }
    return {
      type: 'matrix',
      series,
      offsets: Uint32Array.from(offsets),
      times: Float64Array.from(times),
      values: Float64Array.from(values),
      text: undefined,
      warnings: [],
      infos: [],
      stats: { seriesSelected: 0, samplesLoaded: 0, milliseconds: 0 },
    };
  }
}

function newestOf(column: ReadonlyMap<Timestamp, number>, at: Timestamp): number | undefined {
  let newest = -Infinity;
  for (const time of column.keys()) if (time <= at && time > at - LOOKBACK && time > newest) newest = time;
  return column.get(newest);
}

function world() {
  const clock = new ManualClock(START);
  const engine = new SmallEngine();
  const metrics = new Registry();
  // A live query asks nothing else of the port.
  const live = new LiveQueries({ engine: engine as unknown as Engine, clock, metrics });
  leaving.push(() => live.close());
  const watch = async (overrides: Partial<LiveRequest> = {}) => {
    const leave = new AbortController();
    const request = { expression: 'up', window: 60_000, interval: undefined, maxPoints: 61, ...overrides };
    const events: LiveEvent[] = [];
    const iterator = (await live.watch(request, leave.signal))[Symbol.asyncIterator]();
    let isPaused = false;
    const reading = (async () => {
      for (;;) {
        while (isPaused) await new Promise(setImmediate);
        const result = await iterator.next();
        if (result.done === true) return;
        events.push(result.value);
      }
    })();
    await settle();
    const stop = async (): Promise<void> => {
      isPaused = false;
      leave.abort();
      await reading;
    };
    leaving.unshift(stop);
    return { events, stop, pause: (paused: boolean) => (isPaused = paused) };
  };
  return { clock, engine, metrics, live, watch };
}

/** What the events amount to, and what a fresh query over the same window gives, as text. */
function lines(view: LiveView | undefined): string[] {
  if (view === undefined) return [];
  return [...view.series.values()]
    .map(({ labels, values, present }) => `${labels[0]?.value ?? ''} ${[...values].map((value, i) => (present[i] === 1 ? value : '_')).join(' ')}`)
    .sort();
}

function fresh(engine: SmallEngine, { start, end, step }: LiveView): string[] {
  const answer = engine.answer(start, end, step);
  return answer.series
    .map((labels, i) => {
      const cells = Array.from({ length: Math.round((end - start) / step) + 1 }, () => '_');
      for (let k = answer.offsets[i] ?? 0; k < (answer.offsets[i + 1] ?? 0); k++) {
        cells[Math.round(((answer.times[k] ?? 0) - start) / step)] = String(answer.values[k]);
      }
      return `${labels[0]?.value ?? ''} ${cells.join(' ')}`;
    })
    .sort();
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a live query', () => {
  it('starts with a snapshot, and goes on with a delta at each step that revises the last steps and appends one', async () => {
    const { clock, engine, watch } = world();
    engine.add('a', START - 30_000, 1);
    const { events } = await watch();
    expect(events[0]).toMatchObject({ kind: 'snapshot', sequence: 0, step: 1000, skipped: 0, series: [{ id: 1 }] });
    await clock.advance(3000);
    expect(events.map(({ kind, sequence }) => `${kind} ${sequence}`)).toEqual(['snapshot 0', 'delta 1', 'delta 2', 'delta 3']);
    const [first, ...deltas] = engine.asked;
    expect((first?.end ?? 0) - (first?.start ?? 0)).toBe(60_000);
    expect(deltas.map(({ start, end }) => end - start)).toEqual([10_000, 10_000, 10_000]);
  });

  it('looks as often as it is told to, and appends several steps at once', async () => {
    const { clock, engine, watch } = world();
    engine.add('a', START, 1);
    const { events } = await watch({ interval: 5000 });
    await clock.advance(20_000);
    expect(events).toHaveLength(5);
    const ends = events.map((event) => (event.kind === 'error' ? 0 : event.end - START));
    expect(ends.slice(1)).toEqual([0, 5000, 10_000, 15_000]);
  });

  it.each([1, 2, 3, 4, 5, 6])('shows after every event what a fresh query shows (seed %i)', async (seed) => {
    const random = randomFrom(seed);
    const { clock, engine, watch } = world();
    const { events } = await watch({ interval: seed % 2 === 0 ? 3000 : undefined, window: 40_000 + seed * 3000 });
    let view: LiveView | undefined;
    let seen = 0;
    let compared = 0;
    for (let second = 0; second < 150; second++) {
      for (const name of ['a', 'b', 'c', 'd']) {
        // Series come and go in spans of about half a minute; samples are late by up to five seconds.
        const lives = Math.floor(second / 30 + name.charCodeAt(0) * seed) % 3 !== 0;
        if (lives && random() < 0.6) engine.add(name, clock.now() - Math.floor(random() * 5000), Math.floor(random() * 100));
      }
      await clock.advance(1000);
      for (; seen < events.length; seen++) {
        const event = events[seen];
        if (event !== undefined) view = foldLive(view, event);
      }
      // Only right after a tick: what came since is for the next.
      if (view === undefined || view.end !== alignDown(clock.now() - 500, 1000)) continue;
      expect(lines(view)).toEqual(fresh(engine, view));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(40);
    expect(view?.sequence).toBeGreaterThan(40);
    expect(events.filter(({ kind }) => kind === 'snapshot')).toHaveLength(1);
  });

  it('names series that appear and disappear, under ids that stay', async () => {
    const { clock, engine, watch } = world();
    engine.add('old', START - 50_000, 1);
    const { events } = await watch();
    engine.add('new', START + 1000, 1);
    await clock.advance(40_000);
    const deltas = events.flatMap((event) => (event.kind === 'delta' ? [event] : []));
    expect(deltas.flatMap(({ added }) => added.map(({ id, labels }) => `${id} ${labels[0]?.value}`))).toEqual(['2 new']);
    expect(deltas.flatMap(({ removed }) => removed)).toEqual([1]);
  });

  it('asks for the whole window again where the expression looks at its ends', async () => {
    const { clock, engine, watch } = world();
    engine.add('a', START, 1);
    await watch({ expression: 'up @ end()' });
    await clock.advance(2000);
    expect(engine.asked.map(({ start, end }) => end - start)).toEqual([60_000, 60_000, 60_000]);
  });

  it('asks for no more than the steps that late samples may have changed: in a window of days, mostly for none', async () => {
    const { clock, engine, watch } = world();
    const days = 7 * 86_400_000;
    for (let at = START - days; at < START; at += 1_800_000) engine.add('a', at, 1);
    const { events } = await watch({ window: days, interval: 5000, maxPoints: 600 });
    await clock.advance(1_800_000 - 5000);
    const before = engine.asked.length;
    // The newest step counts samples that land up to a minute after it.
    for (const late of [5000, 30_000, 55_000]) {
      await clock.advance(late === 5000 ? 10_000 : 20_000);
      engine.add('a', START + 1_800_000 - 1000, late);
      await clock.advance(5000);
      const view = events.reduce<LiveView | undefined>(foldLive, undefined);
      expect(lines(view)).toEqual(view && fresh(engine, view));
    }
    await clock.advance(1_700_000);
    const asked = engine.asked.slice(before);
    expect(asked.every(({ start, end }) => start === end)).toBe(true);
    expect(asked.length).toBeLessThan(16);
  });

  it('goes on when the wall clock is set back or far on', async () => {
    const { clock, engine, watch } = world();
    engine.add('a', START, 1);
    const { events } = await watch();
    await clock.advance(2000);
    for (const jump of [-3_600_000, 7_200_000]) {
      clock.setNow(clock.now() + jump);
      engine.add('a', clock.now(), 2);
      await clock.advance(3000);
    }
    expect(events.filter(({ kind }) => kind === 'snapshot').length).toBe(3);
    const view = events.reduce<LiveView | undefined>(foldLive, undefined);
    expect(lines(view)).toEqual(view && fresh(engine, view));
  });
});

describe('viewers of a live query', () => {
  it('share one evaluation, which ends with the last of them, and the query a while later', async () => {
    const { clock, engine, metrics, watch } = world();
    engine.add('a', START, 1);
    const viewers = [await watch(), await watch(), await watch({ maxPoints: 65 })];
    await clock.advance(4000);
    expect(engine.asked).toHaveLength(5);
    expect(await metrics.metrics()).toMatch(/live_queries 1\n[^]*live_viewers 3\n/);
    for (const { stop } of viewers) await stop();
    expect(await metrics.metrics()).toContain('metrics_dashboard_live_queries 0');
    await clock.advance(GRACE - 1);
    expect([engine.asked.length, clock.sleepers]).toEqual([5, 1]);
    await clock.advance(1);
    expect(clock.sleepers).toBe(0);
  });

  it('that join later get what is shown now, and the same from then on', async () => {
    const { clock, engine, watch } = world();
    engine.add('a', START, 1);
    const first = await watch();
    await clock.advance(5000);
    engine.add('b', clock.now(), 5);
    const second = await watch();
    await clock.advance(5000);
    expect(second.events[0]).toMatchObject({ kind: 'snapshot', sequence: 5 });
    const views = [first, second].map(({ events }) => lines(events.reduce<LiveView | undefined>(foldLive, undefined)));
    expect(views[0]).toEqual(views[1]);
    expect(first.events.at(-1)).toBe(second.events.at(-1));
  });

  it('that are slow are brought up to date with one snapshot', async () => {
    const { clock, engine, metrics, watch } = world();
    engine.add('a', START, 1);
    const { events, pause } = await watch();
    pause(true);
    await clock.advance(30_000);
    pause(false);
    await settle();
    await clock.advance(1000);
    const late = events.filter(({ kind }) => kind === 'snapshot').at(-1);
    expect(late?.kind === 'snapshot' && late.skipped).toBeGreaterThan(15);
    expect(events.length).toBeLessThan(8);
    expect(await metrics.metrics()).toMatch(/live_skipped_events_total [1-9]/);
  });
});

describe('a live query that can not be answered', () => {
  it.each([
    ['that can not be read', new ParseError('unexpected end')],
    ['that makes no sense', new QueryError('expected a number')],
    ['that is too large', new LimitError('limits.query_series', 1, 2)],
  ])('is refused at once: one %s', async (_, error) => {
    const { engine, clock, metrics, watch } = world();
    engine.refusal = error;
    await expect(watch()).rejects.toBe(error);
    expect(clock.sleepers).toBe(0);
    expect(await metrics.metrics()).toContain('metrics_dashboard_live_queries 0');
  });

  it.each([
    [{ window: 10 }, 'window'],
    [{ maxPoints: 1 }, 'points'],
    [{ maxPoints: 1e6 }, 'points'],
    [{ interval: 100 }, 'interval'],
  ])('is refused where the request is wrong: %j', async (overrides, message) => {
    await expect(world().watch(overrides)).rejects.toThrow(message);
  });

  it('while the engine is away says so once, and goes on where it was', async () => {
    const { clock, engine, watch } = world();
    engine.refusal = new UnavailableError('the engine is starting');
    const { events } = await watch();
    expect(events).toMatchObject([{ kind: 'error', code: 'UNAVAILABLE', message: 'the engine is starting' }]);
    await clock.advance(3000);
    expect(events).toHaveLength(1);
    engine.refusal = undefined;
    engine.add('a', START, 1);
    await clock.advance(2000);
    expect(events.map(({ kind }) => kind)).toEqual(['error', 'snapshot', 'delta']);
    engine.refusal = new UnavailableError('the engine is restarting');
    await clock.advance(5000);
    const late = await watch();
    expect(late.events.map(({ kind, sequence }) => `${kind} ${sequence}`)).toEqual(['snapshot 3', 'error 4']);
    engine.refusal = undefined;
    engine.add('a', clock.now() - 2000, 7);
    await clock.advance(1000);
    for (const { kind } of [events.at(-1), late.events.at(-1)].flatMap((event) => event ?? [])) expect(kind).toBe('delta');
    const view = events.reduce<LiveView | undefined>(foldLive, undefined);
    expect(lines(view)).toEqual(view && fresh(engine, view));
  });
});
