import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Config } from './config.js';
import { parseConfig } from './document.js';
import { loadConfig, readConfig } from './load.js';

function read(text: string): Config {
  return readConfig(parseConfig(text, '/etc/my.yml', {}), 'none');
}

describe('the options of a job', () => {
  it('limit its labels and targets, with those of all jobs where it has none of its own', () => {
    const { scrapeConfigs, warnings } = read(`
global: { label_limit: 30, label_value_length_limit: 200, target_limit: 5 }
scrape_configs:
  - job_name: a
    label_limit: 10
    label_name_length_limit: 50
    keep_dropped_targets: 7
    track_timestamps_staleness: true
  - job_name: b
`);
    expect(scrapeConfigs).toMatchObject([
      { labelLimits: { count: 10, nameLength: 50, valueLength: 200 }, targetLimit: 5, keepDroppedTargets: 7, trackTimestampsStaleness: true },
      { labelLimits: { count: 30, nameLength: 0, valueLength: 200 }, targetLimit: 5, keepDroppedTargets: 0, trackTimestampsStaleness: false },
    ]);
    expect(warnings).toEqual([]);
  });

  it('for the connection go to the scraper, which checks them', () => {
    const { scrapeConfigs } = read(`
scrape_configs:
  - job_name: a
    proxy_url: http://proxy:3128
    no_proxy: 10.0.0.0/8
    http_headers: { X-Shard: { values: [7] } }
    oauth2: { client_id: 12, client_secret: s, token_url: http://token/ }
`);
    expect(scrapeConfigs[0]?.scraper).toMatchObject({
      kind: 'http',
      config: {
        proxy_url: 'http://proxy:3128',
        no_proxy: '10.0.0.0/8',
        http_headers: { 'X-Shard': { values: ['7'] } },
        oauth2: { client_id: '12', client_secret: 's', token_url: 'http://token/' },
      },
    });
  });

  it('name files from the folder of the configuration, patterns too', () => {
    const { scrapeConfigs } = read('scrape_configs: [{ job_name: a, file_sd_configs: [{ files: [t/*.json, /abs/b.yml] }] }]');
    expect(scrapeConfigs[0]?.discoveries[0]?.config).toEqual({ files: ['/etc/t/*.json', '/abs/b.yml'] });
  });

  it('order the formats that targets are asked for', () => {
    const { scrapeConfigs, warnings } = read(`
global: { scrape_protocols: [PrometheusProto, PrometheusText0.0.4] }
scrape_configs:
  - job_name: a
    scrape_protocols: [OpenMetricsText1.0.0, PrometheusText0.0.4]
  - job_name: b
`);
    expect(scrapeConfigs.map(({ accept }) => accept)).toEqual([
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.9,text/plain;version=0.0.4;q=0.8,*/*;q=0.1',
      'text/plain;version=0.0.4;q=0.9,*/*;q=0.1',
    ]);
    expect(warnings).toEqual(['/etc/my.yml:2: global.scrape_protocols[0]: is known and not asked for: there are no native histograms here']);
  });

  it('say nothing where they ask for what is done anyway', () => {
    const { warnings } = read(`
scrape_configs:
  - job_name: a
    scrape_classic_histograms: true
    always_scrape_classic_histograms: true
    convert_classic_histograms_to_nhcb: false
    scrape_native_histograms: false
    metric_name_escaping_scheme: allow-utf-8
  - job_name: b
    metric_name_escaping_scheme: dots
`);
    expect(warnings).toEqual(['/etc/my.yml:10: scrape_configs[1].metric_name_escaping_scheme: is known and not acted on']);
  });

  it.each([
    ['scrape_protocols: [PrometheusProto]', 'names no protocol that is read here'],
    ['scrape_protocols: [PrometheusText0.0.4, PrometheusText0.0.4]', 'is there twice'],
    ['scrape_protocols: [Text]', 'expected "PrometheusText0.0.4" or'],
    ['target_limit: -1', 'expected at least 0'],
  ])('are refused: %s', (option, message) => {
    expect(() => read(`scrape_configs:\n  - job_name: a\n    ${option}\n`)).toThrow(message);
  });
});

describe('scrape_config_files', () => {
  const folders: string[] = [];

  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  function load(files: Readonly<Record<string, string>>): Promise<Config> {
    const folder = mkdtempSync(join(tmpdir(), 'scrape-files-'));
    folders.push(folder);
    mkdirSync(join(folder, 'jobs'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return loadConfig({ file: join(folder, 'my.yml'), environment: {}, anonymousDefault: 'none' });
  }

  const MAIN = 'scrape_config_files: [jobs/*.yml]\nscrape_configs: [{ job_name: a }]\n';

  it('add their jobs, whose files are named from their own folder', async () => {
    const { scrapeConfigs, warnings } = await load({
      'my.yml': MAIN,
      'jobs/b.yml': 'scrape_configs:\n  - job_name: c\n    file_sd_configs: [{ files: [t.json] }]\n',
      'jobs/a.yml': 'scrape_configs: [{ job_name: b, scrape_native_histograms: true }]\n',
      'jobs/not.txt': '{',
    });
    expect(scrapeConfigs.map(({ jobName }) => jobName)).toEqual(['a', 'b', 'c']);
    expect(scrapeConfigs[2]?.discoveries[0]?.config).toEqual({ files: [join(folders[0] ?? '', 'jobs', 't.json')] });
    expect(warnings[0]).toContain('jobs/a.yml:1: scrape_configs[0].scrape_native_histograms');
  });

  it.each([
    ['has a job of the same name', { 'jobs/a.yml': 'scrape_configs: [{ job_name: a }]' }, /jobs\/a\.yml:1:.*job "a" already/],
    ['says more than jobs', { 'jobs/a.yml': 'global: {}' }, /jobs\/a\.yml:1:.*unknown key "global"/],
    ['can not be read', { 'jobs/a.yml': 'scrape_configs: [' }, /jobs\/a\.yml:1/],
  ])('are refused where one %s', async (_, files, message) => {
    await expect(load({ 'my.yml': MAIN, ...files })).rejects.toThrow(message);
  });

  it('are refused where one that is named without a pattern is not there', async () => {
    await expect(load({ 'my.yml': 'scrape_config_files: [jobs/z.yml]' })).rejects.toThrow(/jobs\/z\.yml/);
  });
});
