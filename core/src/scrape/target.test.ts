import { describe, expect, it } from 'vitest';
import type { Labels, TargetGroup } from '@metrics-dashboard/sdk';
import type { Relabel } from '../ingest/relabel.js';
import { PLAIN_JOB } from './scrape-config.js';
import type { ScrapeConfig } from './scrape-config.js';
import { MAX_DROPPED_SHOWN, targetsOf } from './target.js';

function scrapeConfig(overrides: Partial<ScrapeConfig> = {}): ScrapeConfig {
  const at = { file: undefined, path: '', line: undefined, column: undefined };
  return {
    jobName: 'node',
    interval: 15_000,
    timeout: 10_000,
    ...PLAIN_JOB,
    discoveries: [],
    scraper: { kind: 'http', config: {}, at },
    ...overrides,
  };
}

const keep: Relabel = (labels) => labels;

function only(job: ScrapeConfig, relabel: Relabel, group: Partial<TargetGroup> = {}) {
  const groups = [{ source: 'test', targets: ['db1:9100'], labels: {}, ...group }];
  const { targets, dropped } = targetsOf(job, relabel, groups);
  return { target: targets[0], dropped: dropped[0], count: targets.length };
}

const set =
  (changes: Readonly<Record<string, string>>): Relabel =>
  (labels: Labels) =>
    labels.with(changes);

describe('targets of a job', () => {
  it('get the labels that Prometheus gives them', () => {
    const { target } = only(scrapeConfig(), keep, { labels: { env: 'prod', __meta_rack: 'r1' } });
    expect(target?.labels.toObject()).toEqual({ env: 'prod', instance: 'db1:9100', job: 'node' });
    expect(target?.discovered.toObject()).toEqual({
      __address__: 'db1:9100',
      __meta_rack: 'r1',
      __metrics_path__: '/metrics',
      __scheme__: 'http',
      __scrape_interval__: '15s',
      __scrape_timeout__: '10s',
      env: 'prod',
      job: 'node',
    });
    expect(target?.url).toBe('http://db1:9100/metrics');
  });

  it('keep an address as it is written: no port is added or taken away', () => {
    const urls = ['db1', 'db1:80', '[::1]:9100'].map((address) => only(scrapeConfig(), keep, { targets: [address] }).target);
    expect(urls.map((target) => target?.url)).toEqual(['http://db1/metrics', 'http://db1:80/metrics', 'http://[::1]:9100/metrics']);
    expect(urls.map((target) => target?.labels.get('instance'))).toEqual(['db1', 'db1:80', '[::1]:9100']);
  });

  it('let a group and relabeling change job, instance, scheme, path and timing', () => {
    const job = scrapeConfig();
    expect(only(job, keep, { labels: { job: 'mine', instance: 'x' } }).target?.labels.toObject()).toEqual({ job: 'mine', instance: 'x' });
    const { target } = only(
      job,
      set({ __address__: 'proxy:1', __scheme__: 'https', __metrics_path__: 'probe', __scrape_interval__: '5s', __scrape_timeout__: '1s' }),
    );
    expect(target).toMatchObject({ url: 'https://proxy:1/probe', interval: 5000, timeout: 1000 });
    expect(target?.labels.get('instance')).toBe('proxy:1');
  });

  it('take parameters from the job, and the first value of each from its label', () => {
    const job = scrapeConfig({ params: { module: ['http', 'dns'], a: ['1 2'] } });
    expect(only(job, keep).target?.url).toBe('http://db1:9100/metrics?a=1+2&module=http&module=dns');
    expect(only(job, set({ __param_module: 'tcp', __param_target: 'x/y' })).target?.url).toBe(
      'http://db1:9100/metrics?a=1+2&module=tcp&module=dns&target=x%2Fy',
    );
  });

  it('stand in places of the interval that are far enough apart to be worth the wake-up', () => {
    const at = (interval: number): number[] =>
      Array.from({ length: 200 }, (_, i) => only({ ...scrapeConfig(), interval, timeout: Math.min(interval, 1000) }, keep, { targets: [`a:${i}`] }).target?.offset ?? NaN);
    expect([...new Set(at(1000))].sort((a, b) => a - b)).toEqual([0, 200, 400, 600, 800]);
    expect(new Set(at(15_000)).size).toBeGreaterThan(50);
    expect([...new Set(at(100))].sort((a, b) => a - b)).toEqual([0, 20, 40, 60, 80]);
    expect(Math.max(...at(15_000))).toBeLessThan(15_000);
  });

  it('are each there once, under an id and an offset that stay', () => {
    const twice = only(scrapeConfig(), keep, { targets: ['db1:9100', 'db1:9100'] });
    expect(twice.count).toBe(1);
    const again = only(scrapeConfig(), keep);
    expect(again.target?.id).toBe(twice.target?.id);
    expect(again.target?.offset).toBe(twice.target?.offset);
    const groups = [{ source: 'many', labels: {}, targets: Array.from({ length: 300 }, (_, i) => `h${i}:1`) }];
    const { targets } = targetsOf(scrapeConfig(), keep, groups);
    expect(new Set(targets.map(({ id }) => id)).size).toBe(300);
    for (const third of [0, 1, 2]) {
      const inThird = targets.filter(({ offset }) => Math.floor(offset / 5000) === third);
      expect(inThird.length).toBeGreaterThan(60);
    }
  });

  it('that relabeling drops are shown, a bounded number of them', () => {
    const { dropped, count } = only(scrapeConfig(), () => undefined);
    expect(count).toBe(0);
    expect(dropped).toMatchObject({ scrapePool: 'node', error: undefined });
    const groups = [{ source: 'many', labels: {}, targets: Array.from({ length: 3000 }, (_, i) => `h${i}:1`) }];
    expect(targetsOf(scrapeConfig(), () => undefined, groups).dropped).toHaveLength(MAX_DROPPED_SHOWN);
  });

  it.each([
    [{ __address__: '' }, 'no address'],
    [{ __address__: 'a/b' }, 'contains a slash'],
    [{ __address__: 'a b:c' }, 'not an address'],
    [{ __scheme__: 'ftp' }, 'expected http or https'],
    [{ __scrape_interval__: 'soon' }, 'not a duration'],
    [{ __scrape_interval__: '0s' }, 'interval is 0'],
    [{ __scrape_timeout__: '0s' }, 'timeout is 0'],
    [{ __scrape_timeout__: '16s' }, 'longer than the interval'],
  ])('that can not be scraped say why: %j', (changes, message) => {
    const { dropped, count } = only(scrapeConfig(), set(changes));
    expect(count).toBe(0);
    expect(dropped?.error).toContain(message);
  });
});
