import { LimitError, ParseError, QueryError } from '@metrics-dashboard/sdk';
import type { AggregationFunction, StorageBackend, StorageView } from '@metrics-dashboard/sdk';
import { ManualClock, memoryStorage, parseSeries } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { QueryEngine } from './engine.js';
import { isReservedFunction } from './language/names.js';
import type { QueryLimits, QueryRequest, QueryResult } from './query.js';

const LIMITS: QueryLimits = { querySeries: 100, querySamples: 10_000, queryTimeout: 1000 };
const MINUTE = 60_000;
const never = new AbortController().signal;

/** The product of the values: an aggregation as a plugin writes it, from `create` alone. */
const product: AggregationFunction = {
  name: 'product',
  create: () => {
    let result: number | undefined;
    return {
      add: (value) => (result = (result ?? 1) * value),
      result: () => result,
      reset: () => (result = undefined),
    };
  },
};

async function storageOf(...lines: readonly string[]): Promise<StorageBackend> {
  const storage = memoryStorage();
  for (const line of lines) {
    const series = parseSeries(line);
    const { times, values } = series.columns(0, MINUTE);
    storage.append({ count: times.length, refs: new Uint32Array(times.length).fill(storage.index.create(series.labels)), times, values });
  }
  await storage.commit();
  return storage;
}

interface Bench {
  readonly engine: QueryEngine;
  readonly clock: ManualClock;
}

function benchOf(storage: StorageBackend, limits: Partial<QueryLimits> = {}, yieldToLoop = (): Promise<void> => Promise.resolve()): Bench {
  const clock = new ManualClock();
  return { clock, engine: new QueryEngine({ storage, aggregations: [product], limits: { ...LIMITS, ...limits }, clock, yieldToLoop }) };
}

function at(expression: string, minutes = 0): QueryRequest {
  return { expression, time: { kind: 'instant', at: minutes * MINUTE } };
}

function over(expression: string, minutes: number): QueryRequest {
  return { expression, time: { kind: 'range', start: 0, end: minutes * MINUTE, step: MINUTE } };
}

/** Each series of a result as text with its values. */
function shown({ series, offsets, values }: QueryResult): Record<string, number[]> {
  const name = (i: number): string => series[i]?.map((label) => `${label.name}=${label.value}`).join(',') ?? '';
  return Object.fromEntries(series.map((_, i) => [name(i), [...values.slice(offsets[i], offsets[i + 1])]]));
}

async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('expected an error'),
    (error: unknown) => error,
  );
}

/** A storage that says what its views are asked for. */
function watched(storage: StorageBackend): { storage: StorageBackend; calls: string[]; open: () => number } {
  const calls: string[] = [];
  let open = 0;
  const view = (range: Parameters<StorageBackend['view']>[0]): StorageView => {
    open++;
    const inner = storage.view(range);
    return {
      levels: inner.levels,
      find: (...args) => (calls.push('find'), inner.find(...args)),
      load: (...args) => (calls.push('load'), inner.load(...args)),
      labelNames: (...args) => inner.labelNames(...args),
      labelValues: (...args) => inner.labelValues(...args),
      release: () => {
        open--;
        inner.release();
      },
    };
  };
  const wrapped: StorageBackend = {
    index: storage.index,
    append: (batch) => storage.append(batch),
    commit: () => storage.commit(),
    stats: () => storage.stats(),
    close: () => storage.close(),
    view,
  };
  return { storage: wrapped, calls, open: () => open };
}

describe('a query', () => {
  it('answers a range in columns, sorted by labels, with what it cost', async () => {
    const { engine } = benchOf(await storageOf('n{a="2"} 5 6 7', 'n{a="1"} 1 _ 3'));
    const result = await engine.query(over('n', 2), never);
    expect(result.type).toBe('matrix');
    expect(shown(result)).toEqual({ '__name__=n,a=1': [1, 1, 3], '__name__=n,a=2': [5, 6, 7] });
    expect([...result.times]).toEqual([0, MINUTE, 2 * MINUTE, 0, MINUTE, 2 * MINUTE]);
    expect(result.stats).toMatchObject({ seriesSelected: 2, samplesLoaded: 5 });
  });

  it('answers an instant with scalars and strings as well', async () => {
    const { engine } = benchOf(await storageOf());
    expect(await engine.query(at('1 + 1'), never)).toMatchObject({ type: 'scalar', values: Float64Array.of(2), series: [[]] });
    expect(await engine.query(at('"text"'), never)).toMatchObject({ type: 'string', text: 'text', series: [] });
  });

  it('looks back as far as it is told', async () => {
    const { engine } = benchOf(await storageOf('n 1'));
    expect(shown(await engine.query({ ...at('n', 3), lookbackDelta: 2 * MINUTE }, never))).toEqual({});
    expect(shown(await engine.query({ ...at('n', 3), lookbackDelta: 4 * MINUTE }, never))).toEqual({ '__name__=n': [1] });
  });

  it('cuts more series than were asked for, with a warning', async () => {
    const { engine } = benchOf(await storageOf('n{a="1"} 1', 'n{a="2"} 2', 'n{a="3"} 3'));
    const result = await engine.query({ ...at('n'), seriesLimit: 2 }, never);
    expect(result.series).toHaveLength(2);
    expect([...result.offsets]).toEqual([0, 1, 2]);
    expect(result.warnings).toEqual(['results truncated due to limit']);
  });
});

describe('errors', () => {
  it.each([
    ['sum(', 'unexpected end of input', { line: 1, column: 5 }],
    ['up{job="a"}\n  bogus', 'unexpected "bogus"', { line: 2, column: 3 }],
    ['', 'no expression found in input', { line: 1, column: 1 }],
    ['rate(up)', 'expected type range vector in call to function "rate", got instant vector', { line: 1, column: 6 }],
    ['up[0s]', 'duration must be greater than 0', { line: 1, column: 4 }],
    ['"open', '"open is not a complete string', { line: 1, column: 1 }],
    [`${'('.repeat(300)}1${')'.repeat(300)}`, 'more than 200 nested parentheses', { line: 1, column: 201 }],
  ])('of the text %j say %s and where', async (expression, message, position) => {
    const { engine } = benchOf(await storageOf());
    const error = await thrownBy(engine.query(at(expression), never));
    expect(error).toBeInstanceOf(ParseError);
    expect(error).toMatchObject({ position, message: `${position.line}:${position.column}: parse error: ${message}` });
  });

  it.each(['histogram_stddev(up)', 'up </ 1'])('say that %s is not supported', async (expression) => {
    const { engine } = benchOf(await storageOf());
    const error = await thrownBy(engine.query(at(expression), never));
    expect(error).toBeInstanceOf(QueryError);
    expect(error).toHaveProperty('message', expect.stringMatching(/^1:\d+: not supported: /));
  });

  it('answer a chain of operators too long to walk', async () => {
    const { engine } = benchOf(await storageOf('a 1'));
    expect(await thrownBy(engine.query(at(`a${'+a'.repeat(20_000)}`), never))).toHaveProperty('code', expect.stringMatching(/QUERY|PARSE/));
    expect(await thrownBy(engine.query(at(`${'-'.repeat(20_000)}a`), never))).toHaveProperty('code', expect.stringMatching(/QUERY|PARSE/));
  });

  it('refuse a range of more points than a screen could show', async () => {
    const { engine } = benchOf(await storageOf());
    const request: QueryRequest = { expression: 'up', time: { kind: 'range', start: 0, end: 11_000, step: 1 } };
    expect(await thrownBy(engine.query(request, never))).toHaveProperty('message', expect.stringContaining('exceeded maximum resolution of 11,000 points'));
  });
});

describe('limits', () => {
  it('refuse too many series before a sample is read, naming the limit, its value and what was met', async () => {
    const { storage, calls, open } = watched(await storageOf('n{a="1"} 1', 'n{a="2"} 1', 'm{a="1"} 1'));
    const { engine } = benchOf(storage, { querySeries: 2 });
    const error = await thrownBy(engine.query(at('n + on(a) m'), never));
    expect(error).toBeInstanceOf(LimitError);
    expect(error).toMatchObject({ limit: 'limits.query_series', allowed: 2, met: 3 });
    expect(calls).not.toContain('load');
    expect(open()).toBe(0);
  });

  it('refuse too many samples by the estimate of the index', async () => {
    const { storage, calls } = watched(await storageOf('n 1x500'));
    const { engine } = benchOf(storage, { querySamples: 400 });
    const error = await thrownBy(engine.query(over('n', 500), never));
    expect(error).toMatchObject({ limit: 'limits.query_samples', allowed: 400 });
    expect(calls).not.toContain('load');
  });

  it('refuse a result of more points than samples may be read', async () => {
    const { engine } = benchOf(await storageOf('n 1x10'), { querySamples: 100 });
    const request: QueryRequest = { expression: 'n', time: { kind: 'range', start: 0, end: 600_000, step: 1000 } };
    const error = await thrownBy(engine.query(request, never));
    expect(error).toMatchObject({ limit: 'limits.query_samples', allowed: 100, met: 601 });
  });

  it('refuse to join everything with everything', async () => {
    const many = Array.from({ length: 1500 }, (_, i) => [`a{i="${i}"} 1`, `b{j="${i}"} 1`]).flat();
    const { engine } = benchOf(await storageOf(...many), { querySeries: 5000 });
    expect(await thrownBy(engine.query(at('a * on () group_left (j) b'), never))).toHaveProperty('message', expect.stringContaining('pairs of series match'));
  });

  it('end a query that takes too long', async () => {
    const bench = benchOf(await storageOf('n 1x100'), {}, () => bench.clock.advance(1100));
    const error = await thrownBy(bench.engine.query({ expression: 'max_over_time(n[5m:1s])', time: { kind: 'range', start: 0, end: 6_000_000, step: 1000 } }, never));
    expect(error).toMatchObject({ reason: 'timeout', message: 'query timed out after 1000 ms' });
  });

  it('end a query that nobody waits for any more', async () => {
    const { storage, open } = watched(await storageOf('n 1x100'));
    const leaving = new AbortController();
    const { engine } = benchOf(storage, {}, () => Promise.resolve(leaving.abort()));
    const error = await thrownBy(engine.query(over('max_over_time(n[5m:1s])', 100), leaving.signal));
    expect(error).toMatchObject({ reason: 'canceled' });
    expect(open()).toBe(0);
  });

  it('change for the queries from now on', async () => {
    const { engine } = benchOf(await storageOf('n{a="1"} 1', 'n{a="2"} 1'), { querySeries: 1 });
    expect(await thrownBy(engine.query(at('n'), never))).toBeInstanceOf(LimitError);
    engine.configure(LIMITS);
    expect((await engine.query(at('n'), never)).series).toHaveLength(2);
  });

  it('give the loop back where there is much to do, and release every view', async () => {
    let turns = 0;
    const { storage, open } = watched(await storageOf('n 1x500'));
    const { engine } = benchOf(storage, {}, () => Promise.resolve(void turns++));
    await engine.query(over('n + n', 500), never);
    expect(turns).toBe(0);
    await engine.query(over('max_over_time(n[5m:1s])', 100), never);
    expect(turns).toBeGreaterThan(0);
    expect(open()).toBe(0);
  });
});

describe('an expression that comes again', () => {
  it('is answered anew, at other times as well', async () => {
    const { engine } = benchOf(await storageOf('n 1 2 3'));
    for (const minutes of [1, 2, 1]) expect(shown(await engine.query(over('n * 2', minutes), never))).toEqual({ '': [2, 4, 6].slice(0, minutes + 1) });
  });

  it('is refused anew where it is wrong', async () => {
    const { engine } = benchOf(await storageOf('n 1'));
    for (let i = 0; i < 2; i++) expect(await thrownBy(engine.query(at('n +'), never))).toHaveProperty('message', expect.stringContaining('1:4'));
  });
});

describe("a plugin's aggregation", () => {
  const lines = ['n{a="1",b="x"} 2 3', 'n{a="2",b="x"} 5 5', 'n{a="3",b="y"} 7 1', 'product{a="1"} 9'];

  it.each([
    ['product(n)', { '': [70] }],
    ['product by (b) (n)', { 'b=x': [10], 'b=y': [7] }],
    ['product without (a) (n)', { 'b=x': [10], 'b=y': [7] }],
    ['product(n) by (b)', { 'b=x': [10], 'b=y': [7] }],
  ])('works across series: %s', async (expression, expected) => {
    const { engine } = benchOf(await storageOf(...lines));
    expect(shown(await engine.query(at(expression), never))).toEqual(expected);
  });

  it('works over the samples of a window', async () => {
    const { engine } = benchOf(await storageOf(...lines));
    expect(shown(await engine.query(at('product_over_time(n{b="x"}[5m])', 1), never))).toEqual({ 'a=1,b=x': [6], 'a=2,b=x': [25] });
  });

  it('leaves its name to metrics', async () => {
    const { engine } = benchOf(await storageOf(...lines));
    expect(shown(await engine.query(at('product(product)'), never))).toEqual({ '': [9] });
    expect(shown(await engine.query(at('product + 0'), never))).toEqual({ 'a=1': [9] });
  });

  it('may not take a name that the language has', () => {
    expect(['rate', 'topk', 'and', 'by', 'info', 'mad', 'last', 'histogram_quantile'].filter((name) => !isReservedFunction(name))).toEqual([]);
    expect(['sum', 'quantile', 'product', 'geomean'].filter(isReservedFunction)).toEqual([]);
  });
});

describe('labels and series', () => {
  const lines = ['http_total{job="api",code="200"} 1', 'http_total{job="api",code="500"} 1', 'up{job="web"} 1'];
  const request = { selectors: [], range: { start: 0, end: MINUTE }, limit: 10 };

  it('come sorted, united over selectors', async () => {
    const { engine } = benchOf(await storageOf(...lines));
    expect(await engine.labelNames(request, never)).toEqual({ values: ['__name__', 'code', 'job'], truncated: false });
    expect(await engine.labelValues('job', { ...request, selectors: ['up', 'http_total{code="500"}'] }, never)).toEqual({ values: ['api', 'web'], truncated: false });
    const { values } = await engine.series({ ...request, selectors: ['http_total'] }, never);
    expect(values.map((labels) => labels.map(({ value }) => value).join())).toEqual(['http_total,200,api', 'http_total,500,api']);
  });

  it('say when there are more than the limit', async () => {
    const { engine } = benchOf(await storageOf(...lines));
    expect(await engine.labelValues('code', { ...request, limit: 1 }, never)).toEqual({ values: ['200'], truncated: true });
    expect((await engine.series({ ...request, limit: 2 }, never)).truncated).toBe(true);
  });

  it('narrow to what contains a text', async () => {
    const { engine } = benchOf(await storageOf(...lines));
    expect((await engine.labelValues('code', { ...request, search: '50' }, never)).values).toEqual(['500']);
    expect((await engine.labelNames({ ...request, search: 'JO' }, never)).values).toEqual(['job']);
  });

  it('take selectors and nothing else', async () => {
    const { engine } = benchOf(await storageOf(...lines));
    expect(await thrownBy(engine.series({ ...request, selectors: ['sum(up)'] }, never))).toBeInstanceOf(ParseError);
  });
});
