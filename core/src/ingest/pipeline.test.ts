import { ALL_TIME, Labels, ParseError, StorageError, isStale, matcher } from '@metrics-dashboard/sdk';
import type { EntrySink, ExpositionParser } from '@metrics-dashboard/sdk';
import { ManualClock, memoryStorage } from '@metrics-dashboard/sdk/testing';
import type { MemoryStorage } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import type { Delivery, IngestLimits, SourceOptions } from './delivery.js';
import { Pipeline } from './pipeline.js';
import type { Source } from './source.js';

const T0 = 1_700_000_000_000;

describe('the pipeline', () => {
  it('stores the samples of a scrape with the labels of the target, and up with its companions', async () => {
    const world = makeWorld();
    const report = await world.scrape('a 1\nb{x="y"} 2 1700000000500');
    expect(report).toMatchObject({ accepted: 2, scraped: 2, afterRelabeling: 2, seriesAdded: 2, refused: {}, error: undefined });
    expect(await world.dump()).toEqual({
      'a{job="j"}': `${T0}=1`,
      'b{job="j",x="y"}': `${T0 + 500}=2`,
      'up{job="j"}': `${T0}=1`,
      'scrape_duration_seconds{job="j"}': `${T0}=0.25`,
      'scrape_samples_scraped{job="j"}': `${T0}=2`,
      'scrape_samples_post_metric_relabeling{job="j"}': `${T0}=2`,
      'scrape_series_added{job="j"}': `${T0}=2`,
    });
  });

  it('renames a label that the target has too, unless the sample is to be honored', async () => {
    const renaming = makeWorld();
    await renaming.scrape('a{job="own",exported_job="older"} 1');
    expect(Object.keys(await renaming.dump())).toContain('a{exported_exported_job="own",exported_job="older",job="j"}');
    const honoring = makeWorld({ honorLabels: true });
    await honoring.scrape('a{job="own"} 1');
    expect(Object.keys(await honoring.dump())).toContain('a{job="own"}');
  });

  it('takes the time of the scrape where timestamps are not honored', async () => {
    const world = makeWorld({ honorTimestamps: false });
    await world.scrape('a 1 1600000000000');
    expect((await world.dump())['a{job="j"}']).toBe(`${T0}=1`);
  });

  it('ends vanished series with a staleness marker, once, and begins them anew', async () => {
    const world = makeWorld();
    await world.scrape('a 1\nb 1');
    await world.scrape('a 2', 15_000);
    await world.scrape('a 3', 30_000);
    await world.scrape('a 4\nb 4', 45_000);
    expect((await world.dump())['b{job="j"}']).toBe(`${T0}=1 ${T0 + 15_000}=stale ${T0 + 45_000}=4`);
  });

  it('writes no staleness marker for a series whose samples have their own times', async () => {
    const world = makeWorld();
    await world.scrape('a 1 1700000000000');
    await world.scrape('b 1', 15_000);
    expect((await world.dump())['a{job="j"}']).toBe(`${T0}=1`);
  });

  it('does not end a series that the target only writes in another way', async () => {
    const world = makeWorld();
    await world.scrape('a{x="1",y="2"} 1');
    await world.scrape('a{y="2",x="1"} 2', 15_000);
    expect((await world.dump())['a{job="j",x="1",y="2"}']).toBe(`${T0}=1 ${T0 + 15_000}=2`);
  });

  it('ends all series when a scrape fails, and writes up 0', async () => {
    const world = makeWorld();
    await world.scrape('a 1');
    const report = await world.ingest({ at: T0 + 15_000, seconds: 1, outcome: { ok: false, error: 'refused' } });
    await world.ingest({ at: T0 + 30_000, seconds: 1, outcome: { ok: false, error: 'refused' } });
    await world.scrape('a 2', 45_000);
    expect(report).toMatchObject({ accepted: 0, error: undefined });
    const stored = await world.dump();
    expect(stored['a{job="j"}']).toBe(`${T0}=1 ${T0 + 15_000}=stale ${T0 + 45_000}=2`);
    expect(stored['up{job="j"}']).toBe(`${T0}=1 ${T0 + 15_000}=0 ${T0 + 30_000}=0 ${T0 + 45_000}=1`);
  });

  it('stores nothing of a body that can not be read, and says why', async () => {
    const world = makeWorld();
    await world.scrape('a 1');
    const report = await world.scrape('b 1\nboom', 15_000);
    expect(report.error).toEqual({ kind: 'parse', message: 'line 2, column 1: boom' });
    const stored = await world.dump();
    expect(Object.keys(stored)).not.toContain('b{job="j"}');
    expect(stored['a{job="j"}']).toBe(`${T0}=1 ${T0 + 15_000}=stale`);
    expect(stored['up{job="j"}']).toBe(`${T0}=1 ${T0 + 15_000}=0`);
    expect((await world.scrape('b 1', 30_000)).accepted).toBe(1);
  });

  it('outlives a parser that throws what it should not', async () => {
    const world = makeWorld();
    expect((await world.scrape('bug')).error).toEqual({ kind: 'parse', message: 'parser lines: undefined is not a function' });
  });

  it('refuses a body of a type that nobody reads', async () => {
    const world = makeWorld();
    const report = await world.ingest(delivery('<html>', 0, 'text/html; charset=utf-8'));
    expect(report.error).toEqual({ kind: 'unsupported', message: 'content type "text/html", expected one of text/lines' });
    const fallback = makeWorld({ fallbackContentType: 'text/lines' });
    expect((await fallback.ingest(delivery('a 1', 0, ''))).accepted).toBe(1);
  });

  it('refuses a delivery over its sample limit whole, counted after relabeling', async () => {
    const world = makeWorld({
      sampleLimit: 2,
      relabel: [{ action: 'drop', sourceLabels: ['__name__'], separator: ';', targetLabel: '', regex: 'noise', modulus: 0, replacement: '$1' }],
    });
    expect((await world.scrape('a 1\nb 1\nnoise 1')).accepted).toBe(2);
    const report = await world.scrape('a 1\nb 1\nc 1', 15_000);
    expect(report).toMatchObject({ accepted: 0, scraped: 3, error: { kind: 'limit', message: 'sample_limit is 2, met 3' } });
    expect(world.storage.find(Labels.of({ __name__: 'c', job: 'j' }))).toBeUndefined();
  });

  it('creates no series over the limit of a metric, and goes on with the known ones', async () => {
    const world = makeWorld({}, { seriesPerMetric: 2, seriesPerMetricPolicy: 'reject' });
    const body = 'a{i="1"} 1\na{i="2"} 1\na{i="3"} 1\nb 1';
    const report = await world.scrape(body);
    expect(report).toMatchObject({ accepted: 3, refused: { cardinality_limit: 1 } });
    expect(report.examples[0]).toMatchObject({
      reason: 'cardinality_limit',
      message: 'limits.series_per_metric is 2, and metric "a" has as many series',
    });
    expect(await world.scrape(body, 15_000)).toMatchObject({ accepted: 3, refused: { cardinality_limit: 1 } });
  });

  it('lets a refused series in as soon as the limit allows', async () => {
    const world = makeWorld({}, { seriesPerMetric: 1, seriesPerMetricPolicy: 'drop' });
    const body = 'a{i="1"} 1\na{i="2"} 1';
    expect(await world.scrape(body)).toMatchObject({ accepted: 1, refused: { dropped_cardinality_limit: 1 } });
    world.pipeline.configure({ seriesPerMetric: 2, seriesPerMetricPolicy: 'drop' });
    expect(await world.scrape(body, 15_000)).toMatchObject({ accepted: 2, refused: {} });
  });

  it('gives a target no more series than its limit, also right after a restart, and new ones when old ones go', async () => {
    const storage = memoryStorage();
    const limits = { seriesPerMetric: 100, seriesPerMetricPolicy: 'reject', seriesPerTarget: 2 } as const;
    const first = makeWorld({}, limits, storage);
    expect(await first.scrape('a 1\nb 1\nc 1')).toMatchObject({ accepted: 2, refused: { cardinality_limit: 1 } });
    const world = makeWorld({}, limits, storage);
    const report = await world.scrape('c 1\na 1\nb 1', 15_000);
    expect(report).toMatchObject({ accepted: 2, refused: { cardinality_limit: 1 } });
    expect(report.examples[0]?.message).toBe('limits.series_per_target is 2, and the target has as many series');
    expect(await world.scrape('c 1\na 1', 30_000)).toMatchObject({ accepted: 2, refused: {} });
  });

  it('refuses a scrape with labels of megabytes whole, though no limit is set', async () => {
    const world = makeWorld();
    const long = 'x'.repeat(1_000_000);
    expect(await world.scrape(`a{b="${long}"} 1`)).toMatchObject({ accepted: 1 });
    const report = await world.scrape(`a{b="${long}"} 1\na{b="${long}${long}"} 1`, 15_000);
    expect(report).toMatchObject({ accepted: 0, error: { kind: 'limit', message: 'the labels of a series take 2000007 bytes, expected at most 1048576' } });
  });

  it.each([
    [{ count: 2, nameLength: 0, valueLength: 0 }, 'label_limit is 2, met 3 labels of the series a{job="j",long="value"}'],
    [{ count: 0, nameLength: 3, valueLength: 0 }, 'label_name_length_limit is 3, met 8 bytes in a label name of the series'],
    [{ count: 0, nameLength: 0, valueLength: 4 }, 'label_value_length_limit is 4, met 5 bytes in the value of "long"'],
  ])('refuses a scrape with labels over %j whole', async (labelLimits, message) => {
    const world = makeWorld({ labelLimits });
    for (let round = 0; round < 2; round++) {
      const report = await world.scrape('b 1\na{long="value"} 1', round * 15_000);
      expect(report).toMatchObject({ accepted: 0, error: { kind: 'limit' } });
      expect(report.error?.message).toContain(message);
    }
    expect(await makeWorld({ labelLimits: { count: 9, nameLength: 9, valueLength: 9 } }).scrape('a{long="value"} 1')).toMatchObject({ accepted: 1 });
  });

  it('ends series whose samples have their own times where that is asked for', async () => {
    const world = makeWorld({ trackTimestampsStaleness: true });
    await world.scrape('a 1 1700000000000');
    await world.scrape('b 1', 15_000);
    expect((await world.dump())['a{job="j"}']).toBe(`${T0}=1 ${T0 + 15_000}=stale`);
  });

  it('counts series of an earlier life of the storage against the limit', async () => {
    const storage = memoryStorage();
    storage.create(Labels.of({ __name__: 'a', i: 'old' }));
    const world = makeWorld({}, { seriesPerMetric: 1, seriesPerMetricPolicy: 'reject' }, storage);
    expect(await world.scrape('a 1')).toMatchObject({ accepted: 0, refused: { cardinality_limit: 1 } });
  });

  it('refuses samples more than ten minutes ahead of the clock', async () => {
    const world = makeWorld();
    const report = await world.scrape(`a 1 ${T0 + 600_001}\nb 1 ${T0 + 600_000}`);
    expect(report).toMatchObject({ accepted: 1, refused: { too_far_in_future: 1 } });
    expect(report.examples[0]?.labels).toEqual([{ name: '__name__', value: 'a' }, { name: 'job', value: 'j' }]);
  });

  it('says which samples the storage refused, and takes the same sample twice', async () => {
    const world = makeWorld({ kind: 'push', labels: [] });
    await world.scrape(`a 1 ${T0}`);
    expect(await world.scrape(`a 1 ${T0}`)).toMatchObject({ accepted: 1, refused: {} });
    expect(await world.scrape(`a 2 ${T0}`)).toMatchObject({ accepted: 0, refused: { duplicate_timestamp: 1 } });
  });

  it('refuses names outside the legacy alphabet where that is asked for', async () => {
    const body = 'a.b 1\nc{d.e="f"} 1\ng 1';
    expect(await makeWorld({ nameValidation: 'legacy' }).scrape(body)).toMatchObject({ accepted: 1, refused: { invalid_labels: 2 } });
    expect(await makeWorld().scrape(body)).toMatchObject({ accepted: 3, refused: {} });
  });

  it('ends everything of a source that is closed with a time', async () => {
    const world = makeWorld();
    await world.scrape('a 1');
    await world.pipeline.close(world.source, T0 + 1000);
    const stored = await world.dump();
    expect(stored['a{job="j"}']).toBe(`${T0}=1 ${T0 + 1000}=stale`);
    expect(stored['up{job="j"}']).toBe(`${T0}=1 ${T0 + 1000}=stale`);
  });

  it('begins a series anew that left the head, in the same delivery', async () => {
    const world = makeWorld({ kind: 'push', labels: [] });
    await world.scrape(`a 1 ${T0}\nb 1 ${T0}`);
    world.storage.expireBefore(T0 + 1);
    expect(await world.scrape(`a 2 ${T0 + 1000}`)).toMatchObject({ accepted: 1, seriesAdded: 1 });
    expect(await world.dump()).toEqual({ a: `${T0 + 1000}=2` });
  });

  it('begins a series anew that left the head without a word', async () => {
    const storage = memoryStorage();
    storage.onRemoved = () => {};
    const world = makeWorld({ kind: 'push', labels: [] }, undefined, storage);
    await world.scrape(`a 1 ${T0}\nb 1 ${T0}`);
    storage.expireBefore(T0 + 1);
    expect(await world.scrape(`a 2 ${T0 + 1000}\nb 2 ${T0 + 1000}`)).toMatchObject({ accepted: 2, refused: {} });
    expect(await world.dump()).toEqual({ a: `${T0 + 1000}=2`, b: `${T0 + 1000}=2` });
  });

  it('rejects when nothing was kept, and ends what vanished with the next delivery that is', async () => {
    const storage = memoryStorage();
    const world = makeWorld({}, undefined, storage);
    await world.scrape('a 1\nb 1');
    const commit = storage.commit.bind(storage);
    storage.commit = () => Promise.reject(new StorageError('disk full', { retryable: true }));
    await expect(world.scrape('a 2', 15_000)).rejects.toThrow('disk full');
    storage.commit = commit;
    await world.scrape('a 3', 30_000);
    expect((await world.dump())['b{job="j"}']).toContain('stale');
  });

  it('adds differences up, and does not count one twice', async () => {
    const world = makeWorld({ kind: 'push', labels: [] });
    await world.scrape('delta\nc 5\nsum\ng 5', 0);
    await world.scrape('delta\nc 3\nsum\ng 3', 1000);
    const again = await world.scrape('delta\nc 3\nsum\ng 3', 1000);
    expect(await world.dump()).toEqual({ c: `${T0}=5 ${T0 + 1000}=8`, g: `${T0}=5 ${T0 + 1000}=3` });
    expect(again).toMatchObject({ accepted: 1, refused: { duplicate_timestamp: 1 } });
  });

  it('tells refusals by item where the format has them', async () => {
    const world = makeWorld({ kind: 'push', labels: [], describedRefusals: 100 }, { seriesPerMetric: 2, seriesPerMetricPolicy: 'reject' });
    const report = await world.scrape('item.a\na{x="1"} 1\nitem.h\nh_b{x="1"} 1\nh_b{x="2"} 1\nh_b{x="3"} 1\nh_b{x="4"} 1\nitem.z\nz 1');
    expect(report).toMatchObject({ accepted: 4, refused: { cardinality_limit: 2 }, items: { count: 3, refused: 1 } });
    expect(report.examples.map(({ metric, reason }) => [metric, reason])).toEqual([['h', 'cardinality_limit']]);
  });

  it('ends the series that a pushed group no longer has, and writes nothing about it', async () => {
    const world = makeWorld({ kind: 'group', labels: [] });
    await world.scrape('a 1\nb 1', 0);
    await world.scrape('b 2', 1000);
    await world.scrape('boom 1', 2000);
    expect(await world.dump()).toEqual({ a: `${T0}=1 ${T0 + 1000}=stale`, b: `${T0}=1 ${T0 + 1000}=2` });
    await world.pipeline.close(world.source, T0 + 3000);
    expect((await world.dump())['b']).toContain(`${T0 + 3000}=stale`);
  });

  it('forgets refused series when they come in a flood', async () => {
    const world = makeWorld({ kind: 'push', labels: [] }, { seriesPerMetric: 10, seriesPerMetricPolicy: 'reject' });
    for (let i = 0; i < 30; i++) {
      const body = Array.from({ length: 10_000 }, (_, j) => `a{i="${i * 10_000 + j}"} 1`).join('\n');
      expect((await world.scrape(body)).refused).toEqual({ cardinality_limit: i === 0 ? 9990 : 10_000 });
    }
    expect(world.source.cache.size).toBeLessThan(120_000);
  });

  it('ends and begins series as a target of any temper has them', async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    let state = seed;
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    for (let round = 0; round < 20; round++) {
      const world = makeWorld();
      const want = new Map<string, string[]>();
      let alive = new Set<string>();
      for (let step = 0; step < 30; step++) {
        const at = T0 + step * 15_000;
        const fails = random() < 0.15;
        const names = fails ? [] : ['a', 'b', 'c', 'd', 'e'].filter(() => random() < 0.7).sort(() => random() - 0.5);
        if (fails && random() < 0.5) await world.ingest({ at, seconds: 1, outcome: { ok: false, error: 'down' } });
        else await world.scrape([...names.map((name) => `${name} ${step}`), ...(fails ? ['boom'] : [])].join('\n'), step * 15_000);
        for (const name of names) want.set(name, [...(want.get(name) ?? []), `${at}=${step}`]);
        for (const name of alive) if (!names.includes(name)) want.get(name)?.push(`${at}=stale`);
        alive = new Set(names);
      }
      const stored = await world.dump();
      for (const [name, samples] of want) expect(stored[`${name}{job="j"}`], `seed ${seed}`).toBe(samples.join(' '));
    }
  });

  it('knows a staleness marker that was pushed from any other NaN', async () => {
    const world = makeWorld({ kind: 'push', labels: [] });
    await world.scrape('a stale\nb NaN');
    expect(await world.dump()).toEqual({ a: `${T0}=stale`, b: `${T0}=NaN` });
  });
});

describe('a body that is to be stored whole', () => {
  const push = (world: ReturnType<typeof makeWorld>, body: string, after = 0, whole = true) => world.ingest({ ...delivery(body, after), whole });

  it.each([
    ['an older value', `b 1\na 9 ${T0 - 700_000}`, 'too_old'],
    ['another value at its time', `b 1\na 9 ${T0}`, 'duplicate_timestamp'],
    ['a time that has not come', `b 1\na 9 ${T0 + 700_000}`, 'too_far_in_future'],
  ])('stores nothing where it has %s', async (_, body, reason) => {
    const world = makeWorld({ kind: 'push', labels: [] });
    await push(world, `a 1 ${T0}`);
    expect(await push(world, body)).toMatchObject({ accepted: 0, scraped: 2, refused: { [reason]: 1 } });
    expect(await world.dump()).toEqual({ a: `${T0}=1` });
    expect((await push(world, body, 0, false)).accepted).toBe(1);
  });

  it('stores all else where there are too many series', async () => {
    const world = makeWorld({ kind: 'push', labels: [] }, { seriesPerMetric: 1, seriesPerMetricPolicy: 'reject' });
    expect(await push(world, 'a{x="1"} 1\na{x="2"} 2\nb 3')).toMatchObject({ accepted: 2, refused: { cardinality_limit: 1 } });
  });

  it('is stored when series of it have left the storage', async () => {
    const world = makeWorld({ kind: 'push', labels: [] });
    await push(world, `a 1 ${T0}`);
    world.storage.expireBefore(T0 + 1);
    expect((await push(world, `a 2 ${T0 + 1}\nb 1`)).accepted).toBe(2);
  });
});

describe('a series that begins far behind the others', () => {
  const options: Partial<SourceOptions> = { kind: 'push', labels: [], furthestBehind: 100_000 };

  it('is refused, and leaves nothing behind', async () => {
    const world = makeWorld(options);
    await world.scrape(`a 1 ${T0}`);
    const report = await world.scrape(`b 1 ${T0 - 100_001}\nc 1 ${T0 - 100_000}`);
    expect(report).toMatchObject({ accepted: 1, refused: { too_old: 1 } });
    expect(report.examples[0]?.message).toContain('2023-11-14T22:13:20.000Z, the newest sample that came on this road');
    expect(world.storage.index.find(Labels.of({ __name__: 'b' }))).toBeUndefined();
    expect((await world.scrape(`b 1 ${T0}`)).accepted).toBe(1);
  });

  it('is stored where it is known, or nothing newer came, or some of its samples are newer', async () => {
    const world = makeWorld(options);
    expect((await world.scrape(`a 1 ${T0}\nb 1 ${T0 - 500_000}`)).accepted).toBe(2);
    expect((await world.scrape(`b 2 ${T0 - 400_000}\nc 1 ${T0 - 200_000}\nc 2 ${T0}`)).accepted).toBe(3);
  });
});

/** A small format: `name{labels} value [milliseconds]`, one sample a line, without blanks in labels. */
const lines: ExpositionParser = {
  kind: 'lines',
  contentTypes: ['text/lines'],
  accept: [],
  parse({ body }, sink: EntrySink) {
    let start = 0;
    for (const [i, line] of Buffer.from(body).toString().split('\n').entries()) {
      const [key = '', value = '', at] = line.split(' ');
      if (key === 'boom') throw new ParseError('boom', { position: { line: i + 1, column: 1 } });
      if (key === 'delta' || key === 'sum') sink.delta(key === 'delta' ? key : undefined);
      if (key.startsWith('item.')) sink.item?.(key.slice(5));
      if (value === '' && key !== 'bug') {
        start += line.length + 1;
        continue;
      }
      if (key === 'bug') throw new TypeError('undefined is not a function');
      const column = new Float64Array([Number(value)]);
      if (value === 'stale') new BigUint64Array(column.buffer)[0] = 0x7ff0000000000002n;
      sink.sample(body, start, start + key.length, column[0] as number, at === undefined ? NaN : Number(at));
      start += line.length + 1;
    }
  },
  labels(key, start, end) {
    const text = Buffer.from(key.subarray(start, end)).toString();
    const pairs = [...text.matchAll(/([\w.]+)="([^"]*)"/g)].map((match) => [match[1] ?? '', match[2] ?? ''] as const);
    return Labels.from([['__name__', text.replace(/\{.*/, '')], ...pairs]);
  },
};

function delivery(body: string, after: number, contentType = 'text/lines'): Delivery {
  return { at: T0 + after, seconds: 0.25, outcome: { ok: true, contentType, body: new TextEncoder().encode(body) } };
}

function makeWorld(
  options: Partial<SourceOptions> = {},
  limits: IngestLimits = { seriesPerMetric: 10_000, seriesPerMetricPolicy: 'reject' },
  storage: MemoryStorage = memoryStorage(),
) {
  const clock = new ManualClock(T0);
  const pipeline = new Pipeline({ storage, parsers: [lines], limits, clock });
  const source: Source = pipeline.open({
    name: 'test',
    kind: 'scrape',
    labels: [{ name: 'job', value: 'j' }],
    honorLabels: false,
    honorTimestamps: true,
    relabel: [],
    sampleLimit: 0,
    nameValidation: 'utf8',
    fallbackContentType: undefined,
    ...options,
  });
  const ingest = (one: Delivery) => pipeline.ingest(source, one);
  const scrape = (body: string, after = 0) => ingest(delivery(body, after));
  return { storage, pipeline, source, ingest, scrape, dump: () => dump(storage) };
}

/** Everything stored, as text by series. */
async function dump(storage: MemoryStorage): Promise<Record<string, string>> {
  const signal = new AbortController().signal;
  const view = storage.view(ALL_TIME);
  const found = await view.find([matcher('__name__', '!=', '')], 1000, signal);
  const [level] = view.levels;
  if (level === undefined) return {};
  const set = await view.load(found, { level, columns: ['value'], range: ALL_TIME }, signal);
  const result: Record<string, string> = {};
  for (let i = 0; i < set.size; i++) {
    const group = set.timeGroup[i] ?? 0;
    const times = new Float64Array(set.capacity(group));
    const values = new Float64Array(set.capacity(group));
    set.times(group, times);
    const count = set.values(i, 'value', values);
    const samples = Array.from({ length: count }, (_, j) => `${times[j]}=${isStale(values[j] as number) ? 'stale' : values[j]}`);
    result[set.labels(i).toString()] = samples.join(' ');
  }
  view.release();
  return result;
}
