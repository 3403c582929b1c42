import standard from '@metrics-dashboard/aggregation-standard';
import { QueryEngine, systemClock } from '@metrics-dashboard/core';
import type { QueryRequest, QueryResult } from '@metrics-dashboard/core';
import { Labels, setStale } from '@metrics-dashboard/sdk';
import type { AggregationFunction } from '@metrics-dashboard/sdk';
import { Random, memoryStorage, testHost } from '@metrics-dashboard/sdk/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { Clash, STALE, keyOf, shown } from './naive-query.js';
import type { NaiveSeries, VectorQuery } from './naive-query.js';
import { jumps, spread } from './naive-windows.js';
import { QueryGrower } from './query-grower.js';

/*
 * Generated queries, answered by the engine with the aggregations of the distribution and one of a plugin, and by queries
 * that answer themselves step by step (`naive-query.ts`). QUERY_SEED makes it another run, QUERY_ROUNDS a longer one. Where the last bit of a value decides, as in `floor` or a comparison, both may be right:
 * such a query is answered again with values a little lower and a little higher, and a few of a thousand may need that.
 */

const SEED = Number(process.env['QUERY_SEED'] ?? 20260101);
const ROUNDS = Number(process.env['QUERY_ROUNDS'] ?? 1000);
/** Relative, and far above what rounding does. */
const TILT = 1e-9;
const LIMITS = { querySeries: 1000, querySamples: 1e7, queryTimeout: 60_000 };

/** As a plugin may bring one. */
const SPREAD: AggregationFunction = {
  name: 'spread',
  create: () => {
    let values: number[] = [];
    return {
      add: (value) => values.push(value),
      result: () => (values.length === 0 ? undefined : spread(values)),
      reset: () => (values = []),
    };
  },
};

/** Counters and gauges of two jobs, some with common timestamps, with gaps, resets and staleness markers. */
function makeSeries(dice: Random): NaiveSeries[] {
  const shared = Array.from({ length: 130 }, (_, i) => i * 15_000);
  return ['requests_total', 'errors_total', 'temperature'].flatMap((metric) =>
    ['a', 'b'].flatMap((job) =>
      ['1', '2', '3'].map((instance) => {
        const times = dice.chance(0.5) ? shared : shared.filter(() => dice.chance(0.8)).map((time) => time + dice.below(900));
        let value = dice.below(50);
        const samples = times.map((time): readonly [number, number | typeof STALE] => {
          value = metric === 'temperature' ? dice.below(60) - 20 : dice.chance(0.03) ? dice.below(3) : value + dice.below(9);
          return [time, dice.chance(0.02) ? STALE : value];
        });
        const zone = dice.pick(['north', 'south', '']);
        return { labels: { __name__: metric, job, instance, ...(zone !== '' && { zone }) }, samples };
      }),
    ),
  );
}

async function engineOver(series: readonly NaiveSeries[]): Promise<QueryEngine> {
  const storage = memoryStorage();
  for (const { labels, samples } of series) {
    const values = Float64Array.from(samples, ([, value]) => (value === STALE ? 0 : value));
    samples.forEach(([, value], i) => value === STALE && setStale(values, i));
    const refs = new Uint32Array(samples.length).fill(storage.index.create(Labels.of(labels)));
    storage.append({ count: samples.length, refs, times: Float64Array.from(samples, ([time]) => time), values });
  }
  await storage.commit();
  const contributions = await standard.activate(testHost(), undefined);
  const aggregations = contributions.flatMap(({ point, value }) => (point === 'aggregation' ? [value as AggregationFunction] : []));
  return new QueryEngine({ storage, aggregations: [...aggregations, SPREAD], limits: LIMITS, clock: systemClock, yieldToLoop: () => Promise.resolve() });
}

/** The points of a naive query at all times, by time and label set, or how label sets clash. */
function naively(query: VectorQuery, times: readonly number[]): Map<string, number> | Clash {
  const points = new Map<string, number>();
  try {
    for (const time of times) for (const [key, value] of shown(query.at(time))) points.set(`${time} ${key}`, value);
    return points;
  } catch (error) {
    if (error instanceof Clash) return error;
    throw error;
  }
}

function pointsOf(result: QueryResult): Map<string, number> {
  const points = new Map<string, number>();
  result.series.forEach((labels, i) => {
    const key = keyOf(Object.fromEntries(labels.map(({ name, value }) => [name, value])));
    for (let k = result.offsets[i] ?? 0; k < (result.offsets[i + 1] ?? 0); k++) points.set(`${result.times[k]} ${key}`, result.values[k] ?? NaN);
  });
  return points;
}

function isClose(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= 1e-7 * Math.max(1e-2, Math.abs(a), Math.abs(b));
}

/** The first difference from all that is right; undefined: none. */
function differenceOf(met: Map<string, number>, ...right: readonly Map<string, number>[]): string | undefined {
  for (const key of new Set([met, ...right].flatMap((points) => [...points.keys()]))) {
    const got = met.get(key);
    if (!right.some((points) => isSame(got, points.get(key)))) return `${key} is ${got}, expected ${right.map((points) => points.get(key)).join(' or ')}`;
  }
  return undefined;
}

function isSame(a: number | undefined, b: number | undefined): boolean {
  return a === undefined || b === undefined ? a === b : isClose(a, b);
}

/** A query's points where what jumps gets values that are a little lower, and a little higher. */
function tiltedPoints(query: VectorQuery, times: readonly number[]): Map<string, number>[] {
  try {
    return [-TILT, TILT].map((tilt) => {
      jumps.tilt = tilt;
      const points = naively(query, times);
      return points instanceof Clash ? new Map<string, number>() : points;
    });
  } finally {
    jumps.tilt = 0;
  }
}

describe('random queries', () => {
  let engine: QueryEngine;
  let grower: QueryGrower;
  const dice = new Random(SEED);

  beforeAll(async () => {
    const series = makeSeries(dice);
    engine = await engineOver(series);
    grower = new QueryGrower(dice, series);
  });

  it(`get from the engine what a step-by-step evaluation gives (${ROUNDS} with seed ${SEED})`, { timeout: 60_000 + ROUNDS * 50 }, async () => {
    let points = 0;
    let clashes = 0;
    let onTheEdge = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const step = dice.pick([37_000, 60_000, 15_000]);
      const start = 300_000 + dice.below(600_000);
      const count = dice.chance(0.2) ? 1 : 2 + dice.below(30);
      const times = Array.from({ length: count }, (_, k) => start + k * step);
      const end = times.at(-1) ?? start;
      grower.lookback = dice.pick([300_000, 300_000, 60_000, 20_000]);
      grower.range = { start, end };
      const query = grower.vector(dice.below(4));
      const time: QueryRequest['time'] = count === 1 ? { kind: 'instant', at: start } : { kind: 'range', start, end, step };
      const wanted = naively(query, times);
      const place = `seed ${SEED}, round ${round}: ${query.text} from ${start} to ${end} by ${step}, lookback ${grower.lookback}`;
      const result = await engine.query({ expression: query.text, time, lookbackDelta: grower.lookback }, new AbortController().signal).catch((error: unknown) => {
        if (wanted instanceof Clash) return undefined;
        throw new Error(place, { cause: error });
      });
      if (wanted instanceof Clash) {
        // It may go unseen where no result is made of what clashes: matchers of one side are handed to the other.
        clashes++;
        continue;
      }
      if (result === undefined) continue;
      const met = pointsOf(result);
      if (differenceOf(met, wanted) !== undefined) {
        jumps.anywhere = false;
        const difference = differenceOf(met, wanted, ...tiltedPoints(query, times));
        if (difference !== undefined && !jumps.anywhere) expect.fail(`${place}: ${difference}`);
        onTheEdge++;
      }
      points += wanted.size;
    }
    expect(points).toBeGreaterThan(ROUNDS * 10);
    expect(clashes).toBeLessThan(ROUNDS / 3);
    expect(onTheEdge).toBeLessThanOrEqual(Math.ceil(ROUNDS / 500));
  });
});
