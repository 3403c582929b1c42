import { Labels, ParseError, matcher } from '@metrics-dashboard/sdk';
import type { StorageBackend } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, memoryStorage, silentLogger } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { CardinalityGate } from '../ingest/cardinality-gate.js';
import type { IngestLimits } from '../ingest/delivery.js';
import type { RelabelRule } from '../ingest/relabel.js';
import type { CardinalityChange } from './cardinality.js';
import { forecastCardinality } from './cardinality-forecast.js';
import { surveyCardinality } from './cardinality-survey.js';
import { GateLog } from './gate-log.js';
import { watchSeries } from './series-gauges.js';

const NEVER = new AbortController().signal;
const START = Date.UTC(2026, 0, 1);

async function worldOf(series: readonly Record<string, string>[], limits: Partial<IngestLimits> = {}) {
  const storage: StorageBackend = memoryStorage();
  const clock = new ManualClock(START);
  const registry = new Registry();
  const lines: string[] = [];
  const log = new GateLog({ ...silentLogger, warn: (message, fields) => void lines.push(`${message} ${JSON.stringify(fields)}`) }, registry);
  const refs = series.map((labels) => storage.index.create(Labels.of(labels)));
  storage.append({ count: refs.length, refs: Uint32Array.from(refs), times: new Float64Array(refs.length).fill(START), values: new Float64Array(refs.length) });
  await storage.commit();
  const gate = new CardinalityGate(storage.index, { seriesPerMetric: 10, seriesPerMetricPolicy: 'reject', ...limits }, log);
  let turns = 0;
  const walk = { storage, clock, yieldToLoop: () => Promise.resolve(void turns++) };
  const survey = (metric?: string, limit = 10) => surveyCardinality({ ...walk, gate, log }, { metric, limit }, NEVER);
  const forecast = (change: Partial<CardinalityChange>, selector?: string) => {
    const whole = { relabel: [], selector, seriesPerMetric: undefined, seriesPerTarget: undefined, series: undefined, limit: 10, ...change };
    return forecastCardinality(walk, whole, selector === undefined ? [] : [matcher('job', '=', selector)], NEVER);
  };
  return { storage, clock, registry, gate, log, lines, walk, survey, forecast, turns: () => turns };
}

const requests = (count: number): Record<string, string>[] =>
  Array.from({ length: count }, (_, i) => ({ __name__: 'requests_total', job: 'api', instance: `api-${i % 2}`, path: `/${i}` }));
const ups = ['api-0', 'api-1', 'db-0'].map((instance) => ({ __name__: 'up', job: instance.slice(0, -2), instance }));

const rule = (own: Partial<RelabelRule>): RelabelRule => ({
  action: 'replace', sourceLabels: [], separator: ';', targetLabel: '', regex: '(.*)', modulus: 0, replacement: '$1', ...own,
});

describe('a survey', () => {
  it('tells of the largest metrics, labels and values', async () => {
    const { survey } = await worldOf([...requests(6), ...ups]);
    const report = await survey();
    expect(report).toMatchObject({ series: 9, metrics: [{ metric: 'requests_total', series: 6 }, { metric: 'up', series: 3 }] });
    expect(report.labels[0]).toEqual({ label: 'path', values: 6 });
    expect(report.pairs[0]).toEqual({ label: 'job', value: 'api', series: 8 });
    expect(report.labelPairs).toBe(6 + 3 + 2 + 2);
    expect((await survey(undefined, 1)).metrics).toHaveLength(1);
  });

  it('of one metric tells of its own labels alone', async () => {
    const { survey } = await worldOf([...requests(6), ...ups]);
    const report = await survey('up');
    expect(report).toMatchObject({ series: 3, metrics: [{ metric: 'up', series: 3 }] });
    expect(report.labels).toContainEqual({ label: 'instance', values: 3 });
    expect(report.labels.map(({ label }) => label)).not.toContain('path');
    expect(await survey('nothing')).toMatchObject({ series: 0, metrics: [], labels: [], pairs: [] });
  });

  it('tells of limits that are nearly met, and of what was refused', async () => {
    const { survey, gate, lines, registry } = await worldOf(requests(10));
    expect(gate.obstacle('requests_total', Infinity)).toBe('series_per_metric');
    expect(gate.obstacle('requests_total', 0)).toBe('series_per_target');
    const report = await survey();
    expect(report.near).toEqual([{ limit: 'series_per_metric', metric: 'requests_total', met: 10, allowed: 10 }]);
    expect(report.refused).toEqual([
      { limit: 'series_per_metric', metric: 'requests_total', series: 1 },
      { limit: 'series_per_target', metric: 'requests_total', series: 1 },
    ]);
    expect(lines).toEqual(['nearly as many series as limits.series_per_metric allows {"metric":"requests_total","series":10,"limit":10}']);
    expect(await registry.metrics()).toContain('metrics_dashboard_ingest_refused_series_total{limit="series_per_metric"} 1\n');
  });

  it('remembers refusals of a bounded number of metrics', async () => {
    const { log, survey } = await worldOf([]);
    for (let i = 0; i < 5000; i++) log.refused('series', `made_up_${i}`);
    expect((await survey(undefined, 10_000)).refused).toHaveLength(1000);
  });
});

describe('what a change would save', () => {
  it('by a limit on a metric, a target, or all', async () => {
    const { forecast } = await worldOf([...requests(10), ...ups]);
    expect(await forecast({ seriesPerMetric: 4 })).toMatchObject({
      before: 13, after: 7, refused: 6, dropped: 0, merged: 0,
      metrics: [{ metric: 'requests_total', before: 10, refused: 6, dropped: 0, merged: 0 }],
    });
    expect(await forecast({ seriesPerTarget: 2 })).toMatchObject({ after: 2 + 2 + 1 });
    expect(await forecast({ series: 5 })).toMatchObject({ after: 5, refused: 8 });
    expect(await forecast({})).toMatchObject({ before: 13, after: 13, metrics: [] });
  });

  it('by a rule that drops series', async () => {
    const { forecast } = await worldOf([...requests(10), ...ups]);
    const relabel = [rule({ action: 'drop', sourceLabels: ['path'], regex: '/[5-9]' })];
    expect(await forecast({ relabel })).toMatchObject({ after: 8, dropped: 5, metrics: [{ metric: 'requests_total', dropped: 5 }] });
    const keep = [rule({ action: 'keep', sourceLabels: ['job'], regex: 'api' })];
    expect(await forecast({ relabel: keep })).toMatchObject({ after: 12, metrics: [{ metric: 'up', dropped: 1 }] });
  });

  it('by a rule that makes many series one, and says so', async () => {
    const { forecast } = await worldOf([...requests(10), ...ups]);
    const relabel = [rule({ action: 'labeldrop', regex: 'path' })];
    expect(await forecast({ relabel })).toMatchObject({ after: 5, merged: 8, metrics: [{ metric: 'requests_total', merged: 8, dropped: 0 }] });
    expect(await forecast({ relabel, seriesPerMetric: 1 })).toMatchObject({ after: 2, merged: 4, refused: 1 + 4 + 2 });
  });

  it('of one job alone, where a selector says so', async () => {
    const { forecast } = await worldOf([...requests(10), ...ups]);
    const relabel = [rule({ action: 'drop', sourceLabels: ['__name__'], regex: '.*' })];
    expect(await forecast({ relabel }, 'db')).toMatchObject({ after: 12, dropped: 1 });
  });

  it('refuses a rule that can not be run', async () => {
    const { forecast } = await worldOf(ups);
    await expect(forecast({ relabel: [rule({ action: 'drop', regex: '(' })] })).rejects.toThrow(ParseError);
  });

  it('is worked out in slices, and ends when nobody wants it any more', async () => {
    const { storage, clock, walk, turns } = await worldOf(requests(5000));
    const change = { relabel: [], selector: undefined, seriesPerMetric: undefined, seriesPerTarget: undefined, series: undefined, limit: 10 };
    // A clock on which 10 ms go by between two looks.
    let elapsed = 0;
    const slow = { ...walk, clock: Object.assign(Object.create(clock) as typeof clock, { elapsed: () => (elapsed += 10) }) };
    expect((await forecastCardinality(slow, change, [], NEVER)).after).toBe(5000);
    expect(turns()).toBe(39);
    const stopping = new AbortController();
    const stopped = forecastCardinality({ ...slow, yieldToLoop: () => Promise.resolve(stopping.abort(new Error('nobody waits'))) }, change, [], stopping.signal);
    await expect(stopped).rejects.toThrow('nobody waits');
    expect(storage.stats().headSeries).toBe(5000);
  });
});

it('the largest metrics have a gauge, which goes when they are not among them any more', async () => {
  const { gate, registry, clock, storage } = await worldOf(ups);
  const stop = watchSeries(gate, registry, clock);
  await clock.advance(0);
  expect(await registry.metrics()).toContain('metrics_dashboard_metric_series{metric="up"} 3\n');
  for (let m = 0; m < 50; m++) {
    for (let i = 0; i < 4; i++) gate.take(`m${m}`);
  }
  await clock.advance(5000);
  const text = await registry.metrics();
  expect(text.match(/^metrics_dashboard_metric_series\{/gm)).toHaveLength(50);
  expect(text).not.toContain('{metric="up"}');
  stop();
  await storage.close();
});
