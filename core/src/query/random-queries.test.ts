import { Labels, isStale, matchesAll, setStale } from '@metrics-dashboard/sdk';
import type { AggregationFunction, SampleColumns } from '@metrics-dashboard/sdk';
import { ManualClock, Random, memoryStorage } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { QueryEngine } from './engine.js';
import type { Aggregate, Binary, Call, Expr, MatrixSelector, Subquery, VectorSelector } from './language/ast.js';
import { unwrap } from './language/ast.js';
import { secondsOf } from './language/duration.js';
import { parserFor } from './language/grammar.js';
import { parse } from './language/parse.js';

/*
 * Generated queries, answered by the engine over a grid and by an evaluator that goes step by step, sample by sample,
 * with objects and without a thought for speed.
 */

const SEED = Number(process.env.QUERY_SEED ?? 20260101);
const ROUNDS = 250;
const LOOKBACK = 5 * 60_000;
const GRID = { start: 600_000, end: 1_800_000, step: 37_000 };

interface Series extends SampleColumns {
  readonly labels: Labels;
}

/** One value under one label set. */
interface Point {
  readonly labels: Labels;
  readonly value: number;
}

type Value = number | readonly Point[];

const accumulate = (name: string, fold: (values: readonly number[]) => number): AggregationFunction => ({
  name,
  create: () => {
    let values: number[] = [];
    return {
      add: (value) => values.push(value),
      result: () => (values.length === 0 ? undefined : fold(values)),
      reset: () => (values = []),
    };
  },
});
const FOLDS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((a, b) => a + b, 0),
  max: (values) => Math.max(...values),
  count: (values) => values.length,
  spread: (values) => Math.max(...values) - Math.min(...values),
};
const aggregations = Object.entries(FOLDS).map(([name, fold]) => accumulate(name, fold));
const parser = parserFor(['spread']);

/** The naive evaluator: one time, one expression. */
class Naive {
  readonly #series: readonly Series[];

  constructor(series: readonly Series[]) {
    this.#series = series;
  }

  at(expr: Expr, time: number): Value {
    switch (expr.kind) {
      case 'number':
        return expr.value;
      case 'paren':
        return this.at(expr.inner, time);
      case 'vector-selector':
        return this.#select(expr, time);
      case 'unary':
        return mapped(this.at(expr.operand, time), (value) => (expr.operator === '-' ? -value : value));
      case 'aggregate':
        return this.#aggregate(expr, time);
      case 'call':
        return this.#call(expr, time);
      case 'binary':
        return this.#binary(expr, time);
      default:
        throw new Error(`${expr.kind} is not generated here`);
    }
  }

  #points(expr: Expr, time: number): readonly Point[] {
    const value = this.at(expr, time);
    return typeof value === 'number' ? [] : value;
  }

  #window({ matchers, offset, at }: VectorSelector, time: number, range: number): { labels: Labels; samples: [number, number][] }[] {
    const end = shifted(time, at, offset);
    return this.#series
      .filter(({ labels }) => matchesAll(matchers, labels))
      .map(({ labels, times, values }) => {
        const samples: [number, number][] = [];
        times.forEach((t, i) => {
          if (t > end - range && t <= end) samples.push([t, isStale(values[i] as number) ? STALE : (values[i] as number)]);
        });
        return { labels, samples };
      });
  }

  #select(selector: VectorSelector, time: number): readonly Point[] {
    return this.#window(selector, time, LOOKBACK).flatMap(({ labels, samples }) => {
      const last = samples.at(-1);
      return last === undefined || last[1] === STALE ? [] : [{ labels, value: last[1] }];
    });
  }

  #matrix(expr: MatrixSelector | Subquery, time: number): { labels: Labels; samples: [number, number][]; end: number; range: number }[] {
    const range = secondsOf(expr.range, NO_STEP) * 1000;
    if (expr.kind === 'matrix-selector') {
      const end = shifted(time, expr.selector.at, expr.selector.offset);
      return this.#window(expr.selector, time, range).map(({ labels, samples }) => ({ labels, samples: samples.filter(([, value]) => value !== STALE), end, range }));
    }
    const end = shifted(time, expr.at, expr.offset);
    const step = expr.step === undefined ? 60_000 : secondsOf(expr.step, NO_STEP) * 1000;
    const byKey = new Map<string, { labels: Labels; samples: [number, number][]; end: number; range: number }>();
    for (let t = Math.ceil((end - range) / step) * step; t <= end; t += step) {
      if (t <= end - range) continue;
      for (const { labels, value } of this.#points(expr.inner, t)) {
        const row = byKey.get(labels.key) ?? { labels, samples: [], end, range };
        row.samples.push([t, value]);
        byKey.set(labels.key, row);
      }
    }
    return [...byKey.values()];
  }

  #call({ name, args }: Call, time: number): Value {
    const [first] = args;
    if (name === 'time') return time / 1000;
    if (first === undefined) throw new Error(`${name} without an argument is not generated here`);
    const inner = unwrap(first);
    if (inner.kind === 'matrix-selector' || inner.kind === 'subquery') {
      return this.#matrix(inner, time).flatMap(({ labels, samples, end, range }) => {
        const value = overWindow(name, samples, end, range);
        return value === undefined ? [] : [{ labels: name === 'last_over_time' ? labels : labels.withoutMetric(), value }];
      });
    }
    if (name === 'abs') return mapped(this.at(first, time), Math.abs);
    if (name === 'scalar') {
      const points = this.#points(first, time);
      return points.length === 1 ? (points[0] as Point).value : NaN;
    }
    throw new Error(`${name} is not generated here`);
  }

  #aggregate({ name, inner, grouping }: Aggregate, time: number): readonly Point[] {
    const groups = new Map<string, { labels: Labels; values: number[] }>();
    for (const { labels, value } of this.#points(inner, time)) {
      const kept = grouping.without ? labels.without(new Set([...grouping.labels, '__name__'])) : labels.only(new Set(grouping.labels));
      const group = groups.get(kept.key) ?? { labels: kept, values: [] };
      group.values.push(value);
      groups.set(kept.key, group);
    }
    return [...groups.values()].map(({ labels, values }) => ({ labels, value: (FOLDS[name] as (all: readonly number[]) => number)(values) }));
  }

  #binary({ operator, bool, matching, left, right }: Binary, time: number): Value {
    const a = this.at(left, time);
    const b = this.at(right, time);
    const filters = ['==', '!=', '<', '>', '<=', '>='].includes(operator);
    const one = (x: number, y: number, kept: number): number | undefined => {
      const result = OPERATORS[operator]?.(x, y);
      return !filters || bool ? Number(result) : result === true ? kept : undefined;
    };
    if (typeof a === 'number' && typeof b === 'number') return one(a, b, a) as number;
    const named = filters && !bool;
    const point = (labels: Labels, value: number | undefined): Point[] => (value === undefined ? [] : [{ labels: named ? labels : labels.withoutMetric(), value }]);
    if (typeof a === 'number') return (b as readonly Point[]).flatMap(({ labels, value }) => point(labels, one(a, value, value)));
    if (typeof b === 'number') return a.flatMap(({ labels, value }) => point(labels, one(value, b, value)));
    const key = (labels: Labels): string =>
      (matching.on ? labels.only(new Set(matching.labels)) : labels.without(new Set([...matching.labels, '__name__']))).key;
    const keys = new Set((operator === 'or' ? a : b).map(({ labels }) => key(labels)));
    if (operator === 'and') return a.filter(({ labels }) => keys.has(key(labels)));
    if (operator === 'unless') return a.filter(({ labels }) => !keys.has(key(labels)));
    if (operator === 'or') return [...a, ...b.filter(({ labels }) => !keys.has(key(labels)))];
    return a.flatMap(({ labels, value }) => {
      const partner = b.find((other) => key(other.labels) === key(labels));
      const result = matching.cardinality === 'many-to-one' ? labels : matching.on ? labels.only(new Set(matching.labels)) : labels.without(new Set(matching.labels));
      return partner === undefined ? [] : point(result, one(value, partner.value, value));
    });
  }
}

/** Stands for the marker, whose bits an array of numbers would lose. */
const STALE = -123_456_789.5;
const NO_STEP = { step: NaN, range: NaN };
const OPERATORS: Readonly<Record<string, (a: number, b: number) => number | boolean>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '!=': (a, b) => a !== b,
};

function shifted(time: number, at: VectorSelector['at'], offset: VectorSelector['offset']): number {
  return (typeof at === 'number' ? at : time) - (offset === undefined ? 0 : secondsOf(offset, NO_STEP) * 1000);
}

function mapped(value: Value, change: (value: number) => number): Value {
  if (typeof value === 'number') return change(value);
  return value.map((one) => ({ labels: one.labels.withoutMetric(), value: change(one.value) }));
}

function overWindow(name: string, samples: readonly [number, number][], end: number, range: number): number | undefined {
  const values = samples.map(([, value]) => value);
  if (values.length === 0) return undefined;
  switch (name) {
    case 'sum_over_time':
      return values.reduce((a, b) => a + b, 0);
    case 'max_over_time':
      return Math.max(...values);
    case 'spread_over_time':
      return Math.max(...values) - Math.min(...values);
    case 'count_over_time':
      return values.length;
    case 'last_over_time':
      return values.at(-1);
    case 'changes':
      return values.filter((value, i) => i > 0 && value !== values[i - 1]).length;
    case 'resets':
      return values.filter((value, i) => i > 0 && value < (values[i - 1] as number)).length;
    default:
      return extrapolated(name, samples, end, range);
  }
}

/** As the manual tells it: https://prometheus.io/docs/prometheus/latest/querying/functions/#rate. */
function extrapolated(name: string, samples: readonly [number, number][], end: number, range: number): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || samples.length < 2) return undefined;
  let rise = last[1] - first[1];
  if (name !== 'delta') samples.forEach(([, value], i) => i > 0 && value < (samples[i - 1]?.[1] ?? 0) && (rise += samples[i - 1]?.[1] ?? 0));
  const covered = (last[0] - first[0]) / 1000;
  const average = covered / (samples.length - 1);
  let before = (first[0] - (end - range)) / 1000;
  let after = (end - last[0]) / 1000;
  if (before >= 1.1 * average) before = average / 2;
  if (after >= 1.1 * average) after = average / 2;
  if (name !== 'delta' && rise > 0 && first[1] >= 0) before = Math.min(before, covered * (first[1] / rise));
  // Rounded in the same order, so that a comparison at the border goes the same way.
  const factor = (covered + before + after) / covered;
  return rise * (name === 'rate' ? factor / (range / 1000) : factor);
}

/** Counters and gauges of two jobs, some with common timestamps, with gaps, resets and staleness markers. */
function makeSeries(dice: Random): Series[] {
  const shared = Array.from({ length: 130 }, (_, i) => i * 15_000);
  return ['requests_total', 'errors_total', 'temperature'].flatMap((metric) =>
    ['a', 'b'].flatMap((job) =>
      ['1', '2', '3'].map((instance) => {
        const times = Float64Array.from(dice.chance(0.5) ? shared : shared.filter(() => dice.chance(0.8)).map((t) => t + dice.below(900)));
        const values = new Float64Array(times.length);
        let value = dice.below(50);
        for (let i = 0; i < values.length; i++) {
          value = metric === 'temperature' ? dice.below(60) - 20 : dice.chance(0.03) ? dice.below(3) : value + dice.below(9);
          values[i] = value;
          if (dice.chance(0.02)) setStale(values, i);
        }
        return { labels: Labels.of({ __name__: metric, job, instance }), times, values };
      }),
    ),
  );
}

/** Grows an expression. Operands are made so that label sets never clash, which is another test's subject. */
class Grower {
  readonly #dice: Random;

  constructor(dice: Random) {
    this.#dice = dice;
  }

  vector(depth: number): string {
    const dice = this.#dice;
    const metric = this.#metric();
    if (depth <= 0) return dice.chance(0.5) ? this.#selector(metric) : this.#windowed(metric);
    const inner = this.vector(depth - 1);
    switch (dice.below(8)) {
      case 0:
        return `${dice.pick(Object.keys(FOLDS))} by (job, instance) (${inner})`;
      case 1:
        return `sum without (nothing) (${inner})`;
      case 2:
        return `(${inner}) ${dice.pick(['+', '-', '*', '/'])} ${dice.pick(['2', '0.5', 'time()', `scalar(${inner})`])}`;
      case 3:
        return `(${inner}) ${dice.pick(['>', '<=', '!='])}${dice.pick([' ', ' bool '])}${dice.below(40)}`;
      case 4:
        return `sum by (job, instance) (${inner}) ${dice.pick(['+', '/', '>', 'and', 'or', 'unless'])} on (job, instance) max by (job, instance) (${this.vector(depth - 1)})`;
      case 5:
        return `(${inner}) * on (job) group_left sum by (job) (${this.vector(depth - 1)})`;
      case 6:
        return `${dice.pick(['-', 'abs'])}(${inner})`;
      default:
        return `${dice.pick(['sum_over_time', 'count_over_time', 'spread_over_time', 'delta'])}((${inner})[${dice.pick(['3m', '200s'])}:${dice.pick(['', '30s', '41s'])}]${this.#shift()})`;
    }
  }

  #metric(): string {
    return this.#dice.pick(['requests_total', 'errors_total', 'temperature']);
  }

  #selector(metric: string): string {
    return `${metric}${this.#dice.pick(['', '{job="a"}', '{instance!="2"}', '{instance=~"1|3"}'])}${this.#shift()}`;
  }

  #windowed(metric: string): string {
    const name = this.#dice.pick(['rate', 'increase', 'delta', 'sum_over_time', 'max_over_time', 'count_over_time', 'changes', 'resets', 'last_over_time', 'spread_over_time']);
    return `${name}(${metric}[${this.#dice.pick(['1m', '5m', '47s', '10s'])}]${this.#shift()})`;
  }

  #shift(): string {
    return this.#dice.pick(['', '', '', ' offset 2m', ' offset -90s', ' @ 900', ' @ 1200 offset 33s']);
  }
}

describe('random queries', () => {
  it(`get from the engine what a step-by-step evaluation gives (seed ${SEED})`, async () => {
    const dice = new Random(SEED);
    const series = makeSeries(dice);
    const storage = memoryStorage();
    for (const { labels, times, values } of series) {
      storage.append({ count: times.length, refs: new Uint32Array(times.length).fill(storage.index.create(labels)), times, values });
    }
    await storage.commit();
    const limits = { querySeries: 1000, querySamples: 1e7, queryTimeout: 60_000 };
    const engine = new QueryEngine({ storage, aggregations, limits, clock: new ManualClock(), yieldToLoop: () => Promise.resolve() });
    const naive = new Naive(series);
    const grower = new Grower(dice);
    let points = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const expression = grower.vector(dice.below(4));
      const result = await engine.query({ expression, time: { kind: 'range', ...GRID } }, new AbortController().signal).catch((error: unknown) => {
        throw new Error(`seed ${SEED}, round ${round}: ${expression}`, { cause: error });
      });
      const got = new Map<string, number>();
      result.series.forEach((labels, i) => {
        const { key } = Labels.from(labels.map(({ name, value }): [string, string] => [name, value]));
        for (let k = result.offsets[i] as number; k < (result.offsets[i + 1] as number); k++) got.set(`${key} ${result.times[k]}`, result.values[k] as number);
      });
      const expr = parse(expression, parser);
      for (let time = GRID.start; time <= GRID.end; time += GRID.step) {
        for (const { labels, value } of naive.at(expr, time) as readonly Point[]) {
          const key = `${labels.key} ${time}`;
          const met = got.get(key);
          const close = met !== undefined && (Object.is(met, value) || met === value || Math.abs(met - value) <= 1e-9 * Math.max(1, Math.abs(value)) || (Number.isNaN(met) && Number.isNaN(value)));
          if (!close) expect.fail(`seed ${SEED}, round ${round}: ${expression}: ${labels.toString()} at ${time} is ${met}, expected ${value}`);
          got.delete(key);
          points++;
        }
      }
      if (got.size > 0) expect.fail(`seed ${SEED}, round ${round}: ${expression}: ${got.size} points too many, the first ${[...got.keys()][0]?.replaceAll('\uffff', ' ')}`);
    }
    expect(points).toBeGreaterThan(10_000);
  });
});
