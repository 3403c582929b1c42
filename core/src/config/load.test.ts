import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@metrics-dashboard/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from './config.js';
import { parseConfig } from './document.js';
import { loadConfig, readConfig } from './load.js';

function read(text: string, environment: Record<string, string> = {}): Config {
  return readConfig(parseConfig(text, 'my.yml', environment), 'none');
}

function refused(text: string): ConfigError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

/** The keys of the file that Debian's package prometheus ships, and its order. */
const LIKE_DEBIAN = `
# Sample
global:
  scrape_interval:     15s # comment
  evaluation_interval: 15s
  external_labels:
      monitor: 'example'
alerting:
  alertmanagers:
  - static_configs:
    - targets: ['localhost:9093']
rule_files:
  # - "first_rules.yml"
scrape_configs:
  - job_name: 'prometheus'
    scrape_interval: 5s
    scrape_timeout: 5s
    static_configs:
      - targets: ['localhost:9090']
  - job_name: node
    static_configs:
      - targets: ['localhost:9100']
`;

function expectDebian(config: Config): void {
  expect(config.global).toMatchObject({ scrapeInterval: 15_000, scrapeTimeout: 10_000, externalLabels: { monitor: 'example' } });
  expect(config.scrapeConfigs.map(({ jobName, interval, timeout, discoveries }) => [jobName, interval, timeout, discoveries[0]?.config])).toEqual([
    ['prometheus', 5000, 5000, [{ targets: ['localhost:9090'] }]],
    ['node', 15_000, 10_000, [{ targets: ['localhost:9100'] }]],
  ]);
  expect(config.warnings).toEqual([]);
  expect(config.alerting.relay.alertmanagers[0]?.discoveries[0]?.kind).toBe('static');
}

describe('a configuration', () => {
  it('of no file has every default', async () => {
    const config = await loadConfig({ file: undefined, environment: {}, anonymousDefault: 'admin' });
    expect(config).toMatchObject({
      file: undefined,
      scrapeConfigs: [],
      storage: { backend: { kind: 'tsdb', config: {} } },
      limits: { seriesPerMetric: 10_000, seriesPerMetricPolicy: 'reject', querySeries: 50_000, querySamples: 50_000_000, queryTimeout: 120_000, variableOptions: 1000 },
      auth: undefined,
      alerting: { resolveTimeout: 300_000, route: undefined, receivers: [], inhibitRules: [], timeIntervals: {}, templates: [], relay: { alertRelabel: [], alertmanagers: [] }, notificationRetention: 30 * 24 * 3600_000 },
      plugins: [],
      selfScrape: true,
      warnings: [],
    });
  });

  it('says how long the history of alerts goes back', () => {
    expect(read('').alertHistoryRetention).toBe(90 * 24 * 3600_000);
    expect(read('alerting: { alert_history_retention: 2w }').alertHistoryRetention).toBe(14 * 24 * 3600_000);
  });

  it.each(['', '---\n', '# nothing\n', '{}', 'scrape_configs:\n'])('may be empty: %j', (text) => {
    expect(read(text).scrapeConfigs).toEqual([]);
  });

  it('in the form that Debian ships works unchanged', () => {
    expectDebian(read(LIKE_DEBIAN));
  });

  it.runIf(existsSync('/etc/prometheus/prometheus.yml'))('that Debian ships works unchanged', async () => {
    expectDebian(await loadConfig({ file: '/etc/prometheus/prometheus.yml', environment: {}, anonymousDefault: 'none' }));
  });

  const mistakes: readonly [text: string, line: number, column: number, path: string | undefined, message: string][] = [
    ['scrape_config: []', 1, 1, 'scrape_config', 'unknown key "scrape_config", did you mean "scrape_configs"?'],
    ['global:\n  scrap_interval: 5s', 2, 3, 'global.scrap_interval', 'unknown key "scrap_interval", did you mean "scrape_interval"?'],
    ['global:\n  banana: 5s', 2, 3, 'global.banana', 'unknown key "banana"'],
    ['global:\n  scrape_interval: 5 seconds', 2, 20, 'global.scrape_interval', '"5 seconds" is not a duration, expected a form like 15s, 1h30m or 250ms'],
    ['global:\n  scrape_interval: 15', 2, 20, 'global.scrape_interval', '"15" is not a duration, expected a form like 15s, 1h30m or 250ms'],
    ['global:\n  scrape_interval: 0', 2, 20, 'global.scrape_interval', 'expected a time longer than 0'],
    ['global:\n  scrape_interval: 5s\n  scrape_timeout: 6s', 3, 19, 'global.scrape_timeout', 'is longer than scrape_interval'],
    ['global: 5', 1, 9, 'global', 'expected a mapping, met 5'],
    ['global:\n  scrape_interval: 1s\nglobal: {}', 3, 1, undefined, 'this key is there twice'],
    ['scrape_configs:\n  job_name: a', 2, 3, 'scrape_configs', 'expected a list, met {"job_name":"a"}'],
    ['scrape_configs:\n  - metrics_path: /m', 2, 5, 'scrape_configs[0].job_name', 'is missing'],
    ['scrape_configs:\n  - job_name: a\n  - job_name: a', 3, 15, 'scrape_configs[1].job_name', 'there is a job "a" already'],
    ['scrape_configs:\n  - job_name: a\n    shceme: https', 3, 5, 'scrape_configs[0].shceme', 'unknown key "shceme", did you mean "scheme"?'],
    ['scrape_configs:\n  - job_name: a\n    scheme: ftp', 3, 13, 'scrape_configs[0].scheme', 'expected "http" or "https", met "ftp"'],
    ['scrape_configs:\n  - job_name: a\n    sample_limit: -1', 3, 19, 'scrape_configs[0].sample_limit', 'expected at least 0, met -1'],
    ['scrape_configs:\n  - job_name: a\n    body_size_limit: 5XB', 3, 22, 'scrape_configs[0].body_size_limit', '"5XB" is not a size, expected a form like 512KB or 10MB'],
    ['scrape_configs:\n  - job_name: a\n    honor_labels: maybe', 3, 19, 'scrape_configs[0].honor_labels', 'expected true or false, met "maybe"'],
    ['scrape_configs:\n  - job_name: a\n    relabel_configs:\n      - action: keep\n        regex: "("', 5, 16, 'scrape_configs[0].relabel_configs[0].regex', ''],
    ['scrape_configs:\n  - job_name: a\n    relabel_configs:\n      - action: hashmod\n        target_label: x', 4, 9, 'scrape_configs[0].relabel_configs[0]', 'the action hashmod needs a modulus'],
    ['scrape_configs:\n  - job_name: a\n    relabel_configs:\n      - source_labels: [a]', 4, 9, 'scrape_configs[0].relabel_configs[0]', 'the action replace needs a target_label'],
    ['scrape_configs:\n  - job_name: a\n    bearer_token_file: nowhere.txt', 3, 24, 'scrape_configs[0].bearer_token_file', `there is no file ${join(process.cwd(), 'nowhere.txt')}`],
    ['scrape_configs:\n  - job_name: a\n    static_configs: [{ targets: [a:1, "http://a/b"] }]', 3, 39, 'scrape_configs[0].static_configs[0].targets[1]', '"http://a/b" is not an address, expected host:port without a scheme or a path'],
    ['remote_write:\n  - url: http://x\n    queue_config: { max_shard: 3 }', 3, 21, 'remote_write[0].queue_config.max_shard', 'unknown key "max_shard", did you mean "max_shards"?'],
    ['limits:\n  query_timeout: soon', 2, 18, 'limits.query_timeout', '"soon" is not a duration, expected a form like 15s, 1h30m or 250ms'],
    ['limits:\n  series_per_metric_policy: refuse', 2, 29, 'limits.series_per_metric_policy', 'expected "reject" or "drop", met "refuse"'],
    ['storage:\n  retention: 1d\n  tsdb:\n    retention: { time: 1d }', 4, 24, 'storage.tsdb.retention.time', 'says the same as storage.retention, which is there too'],
    ['auth:\n  anonymous: root', 2, 14, 'auth.anonymous', 'expected "none" or "viewer" or "editor" or "admin", met "root"'],
    ['plugins:\n  - config: {}', 2, 5, 'plugins[0]', 'needs one of package and path'],
    ['plugins:\n  - path: nowhere.mjs', 2, 11, 'plugins[0].path', `there is no file ${join(process.cwd(), 'nowhere.mjs')}`],
    ['receivers:\n  - name: a\n    webhook_config: []', 3, 5, 'receivers[0].webhook_config', 'unknown key "webhook_config"'],
    ['global:\n  external_labels:\n    a: [1]', 3, 8, 'global.external_labels.a', 'is of none of the possible forms, met ["1"]'],
    ['storage:\n  retention: ${MISSING}', 2, 14, 'storage.retention', 'the environment variable MISSING is not set'],
    ['a: *b', 1, 4, 'a', 'there is no anchor "&b" before this'],
    ['a: [', 1, 5, undefined, ''],
    ['a: b: c', 1, 4, undefined, ''],
    ['global:\n\tscrape_interval: 5s', 2, 1, undefined, ''],
  ];
  it.each(mistakes)('refuses %j at line %i, column %i', (text, line, column, path, message) => {
    const error = refused(text);
    expect({ file: error.file, path: error.path, position: error.position }).toEqual({ file: 'my.yml', path, position: { line, column } });
    const begin = [`my.yml:${line}:${column}`, ...(path === undefined ? [] : [path])].join(': ');
    expect(error.message.startsWith(`${begin}: ${message}`), error.message).toBe(true);
  });

  it('tells all mistakes at once', () => {
    const error = refused('global:\n  scrape_interval: x\n  banana: 1\nlimits:\n  query_series: 0\n');
    expect(error.message.split('\n')).toEqual([
      'my.yml:2:20: global.scrape_interval: "x" is not a duration, expected a form like 15s, 1h30m or 250ms',
      'my.yml:3:3: global.banana: unknown key "banana"',
      'my.yml:5:17: limits.query_series: expected at least 1, met 0',
    ]);
  });

  it('that is not there is named', async () => {
    const load = loadConfig({ file: '/nowhere/my.yml', environment: {}, anonymousDefault: 'none' });
    await expect(load).rejects.toMatchObject({ code: 'CONFIG', file: '/nowhere/my.yml', message: '/nowhere/my.yml: read the configuration' });
  });

  it('warns, with file and line, of what is known and not acted on', () => {
    const { warnings } = read(`
global:
  query_log_file: q.log
scrape_configs:
  - job_name: a
    scrape_failure_log_file: f.log
    scrape_native_histograms: true
rule_files: [a.yml]
remote_write: [{ url: http://x }]
runtime: { gogc: 75 }
storage: { exemplars: { max_exemplars: 1 } }
tracing:
`);
    expect(warnings).toEqual([
      'my.yml:3: global.query_log_file: is known and not acted on',
      'my.yml:7: scrape_configs[0].scrape_native_histograms: is known and not acted on',
      'my.yml:6: scrape_configs[0].scrape_failure_log_file: is known and not acted on: the last error of each target is shown with the target',
      'my.yml:10: runtime: is known and not acted on',
      'my.yml:9: remote_write: is known and not acted on',
    ]);
  });

  it('takes the storage options of Prometheus as ours, each at its place', () => {
    const { backend } = read('storage:\n  tsdb:\n    out_of_order_time_window: 30m\n    retention:\n      time: 100y\n      size: 1GB\n  wal: fast\n').storage;
    expect(backend).toMatchObject({
      kind: 'tsdb',
      config: { out_of_order_window: '30m', retention: '100y', retention_size: '1GB', wal: 'fast' },
      at: { path: 'storage', parts: { retention: { line: 5, column: 13 }, retention_size: { line: 6, column: 13 }, wal: { line: 7, column: 8 } } },
    });
  });

  it('takes a key without a value for one that is not there', () => {
    const { storage, scrapeConfigs } = read('storage:\n  retention:\n  out_of_order_window: 0\nscrape_configs:\n  - job_name: a\n    params:\n    tls_config:\n    basic_auth: { username: u, password: }\n');
    expect(storage.backend.config).toEqual({ out_of_order_window: '0' });
    expect(scrapeConfigs[0]?.scraper.config).toEqual({ basic_auth: { username: 'u' } });
  });

  it('hands kinds their own part: discoveries, the scraper, channels', () => {
    const { scrapeConfigs, alerting } = read(`
scrape_configs:
  - job_name: a
    basic_auth: { username: u, password: 12345 }
    static_configs: [{ targets: [x:1], labels: { version: 1.10 } }]
    dns_sd_configs: [{ names: [n] }]
  - job_name: b
    scraper: { kind: json, path: $.a }
receivers:
  - name: team
    webhook_configs: [{ url: http://x }, { url: http://y }]
    pager_configs: [{}]
`);
    const [a, b] = scrapeConfigs;
    expect(a?.discoveries).toMatchObject([
      { kind: 'static', config: [{ targets: ['x:1'], labels: { version: '1.10' } }], at: { path: 'scrape_configs[0].static_configs' } },
      { kind: 'dns', config: { names: ['n'] }, at: { path: 'scrape_configs[0].dns_sd_configs[0]', line: 6 } },
    ]);
    expect(a?.scraper).toMatchObject({ kind: 'http', config: { basic_auth: { username: 'u', password: '12345' } } });
    expect(b?.scraper).toMatchObject({ kind: 'json', config: { path: '$.a' }, at: { line: 8 } });
    expect(alerting.receivers.map(({ name, channels }) => [name, ...channels.map(({ kind, at }) => `${kind} ${at.path}`)])).toEqual([
      ['team', 'webhook receivers[0].webhook_configs[0]', 'webhook receivers[0].webhook_configs[1]', 'pager receivers[0].pager_configs[0]'],
    ]);
  });

  it('inherits limits and the naming scheme from global, and leaves targets that are relabeled alone', () => {
    const { scrapeConfigs } = read(`
global: { sample_limit: 5, body_size_limit: 1KB, metric_name_validation_scheme: legacy }
scrape_configs:
  - job_name: a
    sample_limit: 0
    metric_name_validation_scheme: ""
    fallback_scrape_protocol: PrometheusText0.0.4
    static_configs: [{ targets: ["https://example.com/"] }]
    relabel_configs: [{ source_labels: [__address__], target_label: __param_target }]
  - job_name: b
    sample_limit: 9
    body_size_limit: 10MiB
    metric_name_validation_scheme: utf8
`);
    expect(scrapeConfigs).toMatchObject([
      { sampleLimit: 5, bodySizeLimit: 1024, nameValidation: 'legacy', fallbackContentType: 'text/plain; version=0.0.4' },
      { sampleLimit: 9, bodySizeLimit: 10 * 1024 ** 2, nameValidation: 'utf8', fallbackContentType: undefined },
    ]);
  });

  it('reads who may come in', () => {
    const { auth } = read('auth:\n  anonymous: viewer\n  tokens: [{ name: ci, role: editor, hash: 0123 }]\n  providers: [{ kind: ldap, url: x }]');
    expect(auth).toMatchObject({
      anonymous: 'viewer',
      providers: [
        { kind: 'static', config: { tokens: [{ name: 'ci', role: 'editor', hash: '0123' }] }, at: { path: 'auth' } },
        { kind: 'ldap', config: { url: 'x' }, at: { path: 'auth.providers[0]' } },
      ],
    });
    expect(read('auth: {}').auth).toEqual({ anonymous: 'none', providers: [] });
  });

  it('finds plugins from where it stands', () => {
    const { plugins } = read('plugins:\n  - package: metrics-dashboard-plugin-foo\n    config: { a: 1 }\n  - path: core/package.json\n');
    expect(plugins).toMatchObject([
      { specifier: 'metrics-dashboard-plugin-foo', config: { a: 1 } },
      { specifier: './core/package.json', config: undefined },
    ]);
    expect(plugins[0]?.from).toMatch(/^file:\/\/\/.*\/my.yml$/);
  });

  it('expands variables of the environment, but not in relabeling rules', () => {
    const config = read(
      `
global:
  external_labels: { host: $HOST, literal: $$HOST, none: "x\${NOPE}" }
limits:
  query_series: \${SERIES}
storage: { retention: "\${DAYS}d", note: "$\${DAYS}" }
scrape_configs:
  - job_name: a
    relabel_configs:
      - { source_labels: [x], target_label: y, replacement: "\${1}:\${DAYS}" }
`,
      { HOST: 'h1', SERIES: '7', DAYS: '3' },
    );
    expect(config.global.externalLabels).toEqual({ host: 'h1', literal: '$HOST', none: 'x' });
    expect(config.limits.querySeries).toBe(7);
    expect(config.storage.backend.config).toEqual({ retention: '3d', note: '${DAYS}' });
    expect(config.scrapeConfigs[0]?.relabel[0]?.replacement).toBe('${1}:${DAYS}');
  });

  it('follows anchors, aliases and merge keys', () => {
    const { scrapeConfigs } = read(`
scrape_configs:
  - &base { job_name: a, scrape_interval: 7s, scrape_timeout: 3s }
  - { <<: *base, job_name: b, scrape_timeout: 2s }
`);
    expect(scrapeConfigs.map(({ jobName, interval, timeout }) => [jobName, interval, timeout])).toEqual([
      ['a', 7000, 3000],
      ['b', 7000, 2000],
    ]);
  });

  it('is not felled by aliases that multiply', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 0; i < 8; i += 1) lines.push(`b${i}: &b${i} [${Array(10).fill(i === 0 ? '*a' : `*b${i - 1}`).join(', ')}]`);
    expect(refused(lines.join('\n')).message).toMatch(/is too large or too deep/);
  });

  describe('beside other files', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'config-'));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('names them with their whole path', async () => {
      writeFileSync(join(folder, 'token'), 'secret');
      writeFileSync(join(folder, 'my.yml'), 'scrape_configs: [{ job_name: a, authorization: { credentials_file: token } }]');
      const config = await loadConfig({ file: join(folder, 'my.yml'), environment: {}, anonymousDefault: 'none' });
      expect(config.scrapeConfigs[0]?.scraper.config).toEqual({ authorization: { credentials_file: join(folder, 'token') } });
    });
  });
});
