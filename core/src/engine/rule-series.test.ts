import { describe, expect, it } from 'vitest';
import { isStale, staleColumn } from '@metrics-dashboard/sdk';
import { ManualClock, memoryStorage } from '@metrics-dashboard/sdk/testing';
import { CardinalityGate } from '../ingest/cardinality-gate.js';
import { QueryEngine } from '../query/engine.js';
import type { QueryResult } from '../query/query.js';
import type { RecordRequest } from './record.js';
import { RuleSeries } from './rule-series.js';

const T0 = 1_700_000_000_000;
const MINUTE = 60_000;
const never = new AbortController().signal;

function world(seriesPerMetric = 1000) {
  const storage = memoryStorage();
  const clock = new ManualClock(T0);
  const queries = new QueryEngine({ storage, aggregations: [], clock, limits: { querySeries: 1000, querySamples: 100_000, queryTimeout: MINUTE } });
  const rules = new RuleSeries(storage, new CardinalityGate(storage.index, { seriesPerMetric, seriesPerMetricPolicy: 'reject' }));
  const query = (expression: string, at: number) => queries.query({ expression, time: { kind: 'instant', at } }, never);
  const write = (at: number, samples: Record<string, number>) =>
    rules.write({
      series: Object.keys(samples).map((x) => [{ name: '__name__', value: 'm' }, { name: 'x', value: x }]),
      times: new Float64Array(Object.keys(samples).map(() => at)),
      values: new Float64Array(Object.values(samples)),
    });
  const record = async (expression: string, at: number, more: Partial<RecordRequest> = {}) =>
    rules.record({ rule: 'r', expression, at, metric: 'made', labels: [], limit: 0, ...more }, await query(expression, at));
  return { rules, query, write, record };
}

const shown = ({ series, values }: QueryResult) => series.map((labels, i) => `${labels.map(({ name, value }) => `${name}=${value}`).join(',')} ${values[i]}`);

describe('a recording rule', () => {
  it('writes its result under its own name, with its labels', async () => {
    const { write, record, query } = world();
    await write(T0, { a: 1, b: 2 });
    expect(await record('m * 10', T0, { labels: [['team', 'core']] })).toEqual({ series: 2, refused: 0, ended: 0 });
    expect(shown(await query('made', T0))).toEqual(['__name__=made,team=core,x=a 10', '__name__=made,team=core,x=b 20']);
  });

  it('writes a scalar as one series', async () => {
    const { record, query } = world();
    await record('scalar(vector(7))', T0);
    expect(shown(await query('made', T0))).toEqual(['__name__=made 7']);
  });

  it('ends series that its evaluation before had, and all when it is gone', async () => {
    const { write, record, query, rules } = world();
    await write(T0, { a: 1, b: 2 });
    await record('m', T0);
    expect(await record('m{x="a"}', T0 + MINUTE)).toMatchObject({ series: 1, ended: 1 });
    expect(shown(await query('made', T0 + MINUTE))).toEqual(['__name__=made,x=a 1']);
    await rules.end('r', T0 + 2 * MINUTE);
    expect(shown(await query('made', T0 + 2 * MINUTE))).toEqual([]);
  });

  it('writes nothing when two results would be one series, or there are more than its limit', async () => {
    const { write, record, query } = world();
    await write(T0, { a: 1, b: 2 });
    await expect(record('m', T0, { labels: [['x', '']] })).rejects.toThrow('vector contains metrics with the same labelset after applying rule labels');
    await expect(record('m', T0, { limit: 1 })).rejects.toThrow('exceeded limit of 1 with 2 series');
    expect(shown(await query('made', T0))).toEqual([]);
  });

  it('says how many series the limits of cardinality refuse', async () => {
    const { write, record } = world(2);
    await write(T0, { a: 1, b: 2 });
    expect(await record('m', T0)).toMatchObject({ series: 2, refused: 0 });
    expect(await record('m', T0 + 1, { labels: [['more', '1']] })).toMatchObject({ series: 2, refused: 2, ended: 2 });
  });
});

describe('samples of the server', () => {
  it('may be staleness markers', async () => {
    const { write, query, rules } = world();
    await write(T0, { a: 1 });
    const values = staleColumn() as Float64Array<ArrayBuffer>;
    expect(isStale(values[0] as number)).toBe(true);
    await rules.write({ series: [[{ name: '__name__', value: 'm' }, { name: 'x', value: 'a' }]], times: new Float64Array([T0 + 1000]), values });
    expect(shown(await query('m', T0 + 1000))).toEqual([]);
  });
});
