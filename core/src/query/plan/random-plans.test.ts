import type { AggregationFunction, StorageBackend } from '@metrics-dashboard/sdk';
import { ManualClock, Random, memoryStorage, parseSeries } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { check } from '../language/check.js';
import { parserFor } from '../language/grammar.js';
import { parse } from '../language/parse.js';
import { Execution } from '../operators/execution.js';
import { makeBatch } from '../operators/operator.js';
import { MatrixBuilder } from '../result.js';
import { LeveledStorage } from '../testing/leveled-storage.js';
import { Aggregations } from './aggregations.js';
import { buildPlan } from './build.js';
import { PASSES, optimize } from './optimize.js';
import type { Pass } from './optimize.js';
import { Physical } from './physical.js';

/*
 * Generated queries, answered from the plan as it was written, from the plan after each single pass, and after all of
 * them. What a pass leaves unread can't fail any more, so nothing is asked where the plan as it was written fails.
 */

const SEED = Number(process.env.PLAN_SEED ?? 20261125);
const ROUNDS = Number(process.env.PLAN_ROUNDS ?? 200);
const MINUTE = 60_000;
const GRID = { start: 10 * MINUTE, step: 37_000, count: 80 };
const never = new AbortController().signal;

const accumulate = (name: string, fold: (values: readonly number[]) => number): AggregationFunction => ({
  name,
  create: () => {
    let values: number[] = [];
    return { add: (value) => void values.push(value), result: () => (values.length === 0 ? undefined : fold(values)), reset: () => (values = []) };
  },
});
const aggregations = new Aggregations([accumulate('sum', (values) => values.reduce((a, b) => a + b, 0)), accumulate('max', (values) => Math.max(...values))]);

async function storageOf(dice: Random): Promise<StorageBackend> {
  const storage = memoryStorage();
  for (const metric of ['a_total', 'b_total', 'g']) {
    for (const job of ['x', 'y']) {
      for (const i of ['1', '2']) {
        if (dice.chance(0.1)) continue;
        const parts = Array.from({ length: 12 }, () => dice.pick([`${dice.below(9)}+${dice.below(5)}x${dice.below(30)}`, `_x${dice.below(25)}`, 'stale', 'NaN']));
        const series = parseSeries(`${metric}{job="${job}",i="${i}"} ${parts.join(' ')}`);
        const { times, values } = series.columns(0, 15_000);
        storage.append({ count: times.length, refs: new Uint32Array(times.length).fill(storage.index.create(series.labels)), times, values });
      }
    }
  }
  await storage.commit();
  return storage;
}

interface Answer {
  readonly columns: unknown;
  readonly annotations: readonly string[];
}

async function answer(storage: StorageBackend, text: string, passes: readonly Pass[], capacity: number): Promise<Answer> {
  const expr = parse(text, parserFor([]));
  check(text, expr, aggregations);
  const plan = optimize(buildPlan(expr, { text, grid: GRID, lookback: 5 * MINUTE, defaultStep: MINUTE }), GRID, passes);
  const limits = { querySeries: 10_000, querySamples: 1e8, queryTimeout: 1000 };
  const execution = new Execution({ text, storage, limits, clock: new ManualClock(), deadline: Infinity, timeout: Infinity, yieldToLoop: () => Promise.resolve() });
  try {
    const operator = new Physical(execution, aggregations).operator(plan, GRID);
    const series = await operator.series(never);
    const batch = makeBatch(capacity, series.length);
    const matrix = new MatrixBuilder(series);
    while (await operator.next(batch, never)) matrix.add(batch);
    return { columns: matrix.finish(), annotations: [...execution.warnings, ...execution.infos].sort() };
  } finally {
    execution.release();
  }
}

/** Few names and few forms, so that parts of a query are often the same. */
class Grower {
  readonly #dice: Random;

  constructor(dice: Random) {
    this.#dice = dice;
  }

  vector(depth: number): string {
    const dice = this.#dice;
    if (depth <= 0) return this.#leaf();
    const inner = this.vector(depth - 1);
    const other = dice.chance(0.4) ? inner : this.vector(depth - 1);
    switch (dice.below(9)) {
      case 0:
        return `${dice.pick(['sum', 'max'])}${dice.pick(['', ' by (job)', ' by (job, i)', ' without (i)', ' by (i)'])} (${inner})`;
      case 1:
        return `${dice.pick(['topk', 'bottomk', 'limitk'])}${dice.pick(['', ' by (job)'])} (${dice.pick(['1', '2'])}, ${inner})`;
      case 2:
        return `(${inner}) ${dice.pick(['+', '-', '*', '/', '>', '<= bool', 'and', 'or', 'unless'])} ${dice.pick(['', 'on (job, i) ', 'ignoring (nothing) '])}(${other})`;
      case 3:
        return `(${inner}) * on (job) group_left () (${dice.pick(['sum', 'max'])} by (job) (${other}))`;
      case 4:
        return `(${inner}) ${dice.pick(['+', '>', '-'])} ${dice.pick(['2', '1 + 2 * 3', 'time()', '-(-5)', `scalar(${other})`])}`;
      case 5:
        return `max_over_time((${inner})[${dice.pick(['4m', '200s'])}:${dice.pick(['', '40s'])}]${dice.pick(['', ' @ 900', ' offset 1m'])})`;
      case 6:
        return `${dice.pick(['-', 'abs', 'sort', 'absent', 'round'])}(${inner})`;
      case 7:
        return `label_replace(${inner}, "${dice.pick(['job', 'new'])}", "$1", "i", "(.*)")`;
      default:
        return `sum by (job) (${inner}) + ${dice.pick(['', 'fill (0) '])}sum by (job) (${other})`;
    }
  }

  #leaf(): string {
    const dice = this.#dice;
    const shift = dice.pick(['', '', '', '', ' offset 2m', ' @ 900', ' @ end()']);
    const selector = dice.pick(['a_total', 'b_total', 'g']) + dice.pick(['', '', '{job="x"}', '{i!="2"}', '{job=~"x|y",i="1"}']);
    switch (dice.below(3)) {
      case 0:
        return selector + shift;
      case 1:
        return `timestamp(${selector}${shift})`;
      default:
        return `${dice.pick(['rate', 'increase', 'max_over_time', 'count_over_time', 'changes'])}(${selector}[${dice.pick(['2m', '5m', '11m'])}]${shift})`;
    }
  }
}

const kinds: readonly (readonly [name: string, make: (inner: StorageBackend) => StorageBackend])[] = [
  ['raw samples', (inner) => inner],
  ['rollups and raw samples', (inner) => new LeveledStorage(inner, { rawFrom: 25 * MINUTE, rollups: [{ resolution: 5 * MINUTE, from: -MINUTE }] })],
];

describe.each(kinds)('random queries over %s', (_name, make) => {
  it(`have the same result whichever passes run (seed ${SEED})`, { timeout: 60_000 }, async () => {
    const dice = new Random(SEED);
    const storage = make(await storageOf(dice));
    const grower = new Grower(dice);
    let answered = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const text = grower.vector(dice.below(4));
      const written = await answer(storage, text, [], GRID.count).catch(() => undefined);
      if (written === undefined) continue;
      answered++;
      for (const passes of [PASSES, ...PASSES.map((pass) => [pass])]) {
        const where = `seed ${SEED}, round ${round}, ${passes.map(({ name }) => name).join(', ')}: ${text}`;
        const got = await answer(storage, text, passes, 1 + dice.below(GRID.count)).catch((cause: unknown) => {
          throw new Error(where, { cause });
        });
        expect(got.columns, where).toEqual(written.columns);
        // Nothing is said about series that were not read.
        expect(written.annotations, where).toEqual(expect.arrayContaining([...got.annotations]));
        if (passes.every(({ name }) => name !== 'propagate matchers')) expect(got.annotations, where).toEqual(written.annotations);
      }
    }
    expect(answered).toBeGreaterThan(ROUNDS / 2);
  });
});
