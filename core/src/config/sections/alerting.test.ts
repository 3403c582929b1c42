import { ConfigError } from '@metrics-dashboard/sdk';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AlertingConfig } from '../../alerting/alerting-config.js';
import { parseConfig } from '../document.js';
import { loadConfig, readConfig } from '../load.js';

const read = (text: string): AlertingConfig => readConfig(parseConfig(text, 'my.yml', {}), 'admin').alerting;

const WHOLE = `
global:
  resolve_timeout: 10m
  smtp_from: alerts@example.org
  smtp_smarthost: mail:25
  http_config: { tls_config: { insecure_skip_verify: true } }
route:
  receiver: team
  group_by: [alertname, zone]
  group_wait: 0s
  group_interval: 1m
  routes:
    - match: { code: 1.10 }
      match_re: { path: "/a|/b" }
      matchers: ['severity="page"', 'team=~"a|b",zone!=x']
      receiver: pager
      group_by: ['...']
      continue: yes
      repeat_interval: 1w
      mute_time_intervals: [night]
receivers:
  - name: team
    email_configs: [{ to: a@example.org }]
  - name: pager
    webhook_configs: [{ url: "http://here/" }, { url: "http://there/", http_config: {} }]
inhibit_rules:
  - source_match: { severity: page }
    target_match_re: { severity: "warning|info" }
    target_matchers: [team=a]
    equal: [zone]
time_intervals:
  - name: night
    time_intervals:
      - times: [{ start_time: "22:00", end_time: "24:00" }]
        weekdays: ["monday:friday", sunday]
        days_of_month: ["1:7", "-3:-1", "15"]
        months: ["january:march", "12"]
        years: ["2026:2027"]
        location: Europe/Paris
`;

describe("Alertmanager's sections", () => {
  it('are read as they are', () => {
    const { resolveTimeout, route, receivers, inhibitRules, timeIntervals } = read(WHOLE);
    expect(resolveTimeout).toBe(600_000);
    expect(route).toMatchObject({ receiver: 'team', groupBy: ['alertname', 'zone'], groupWait: 0, groupInterval: 60_000, repeatInterval: undefined });
    const [child] = route?.routes ?? [];
    expect(child).toMatchObject({ receiver: 'pager', groupBy: '...', continues: true, repeatInterval: 604_800_000, muteTimeIntervals: ['night'] });
    expect(child?.matchers.map(({ name, operator, value }) => name + operator + value)).toEqual(['code=1.10', 'path=~/a|/b', 'severity=page', 'team=~a|b', 'zone!=x']);
    expect(receivers.map(({ name, channels }) => [name, ...channels.map(({ kind, config }) => [kind, config])])).toEqual([
      ['team', ['email', { from: 'alerts@example.org', smarthost: 'mail:25', to: 'a@example.org' }]],
      ['pager', ['webhook', { http_config: { tls_config: { insecure_skip_verify: true } }, url: 'http://here/' }], ['webhook', { url: 'http://there/', http_config: {} }]],
    ]);
    expect(inhibitRules).toMatchObject([{ sources: [{ name: 'severity' }], targets: [{ operator: '=~' }, { name: 'team' }], equal: ['zone'] }]);
    expect(timeIntervals).toEqual({
      night: [
        {
          times: [{ from: 1320, to: 1440 }],
          weekdays: [{ from: 1, to: 5 }, { from: 0, to: 0 }],
          daysOfMonth: [{ from: 1, to: 7 }, { from: -3, to: -1 }, { from: 15, to: 15 }],
          months: [{ from: 1, to: 3 }, { from: 12, to: 12 }],
          years: [{ from: 2026, to: 2027 }],
          zone: 'Europe/Paris',
        },
      ],
    });
  });

  it('need not be there', () => {
    expect(read('').route).toBeUndefined();
    expect(read('').notificationRetention).toBe(30 * 24 * 3600_000);
    expect(read('alerting: { notification_retention: 1w }').notificationRetention).toBe(7 * 24 * 3600_000);
  });

  const ok = 'receivers: [{ name: team }]\n';
  it.each([
    [`${ok}route: { receiver: nobody }`, 'my.yml:2:20: route.receiver: unknown receiver "nobody", known are team'],
    [`${ok}route: { receiver: team, routes: [{ receiver: other }] }`, 'my.yml:2:47: route.routes[0].receiver: unknown receiver "other", known are team'],
    [`${ok}route: { group_by: [a] }`, 'route.receiver: is missing'],
    [`${ok}route: { receiver: team, matchers: [a=b] }`, 'route: the root route takes every alert'],
    [`${ok}route: { receiver: team, routes: [{ matchers: ["a=~\\"(\\""] }] }`, 'route.routes[0].matchers[0]: bad regular expression'],
    [`${ok}route: { receiver: team, routes: [{ matchers: [a] }] }`, 'column 2: expected one of = != =~ !~'],
    [`${ok}route: { receiver: team, group_interval: 0s }`, 'route.group_interval: expected a time longer than 0'],
    [`${ok}route: { receiver: team, group_by: [a, a] }`, 'route.group_by: names a label twice'],
    [`${ok}route: { receiver: team, group_by: [a, "..."] }`, '"..." stands for all labels, and alone'],
    [`${ok}route: { receiver: team, routes: [{ mute_time_intervals: [x] }] }`, 'unknown time interval "x", known are none'],
    [`${ok}route: { receiver: team, mute_time_intervals: [x] }`, 'unknown time interval "x"'],
    [`${ok}route: { receiver: team, groupby: [x] }`, 'unknown key "groupby", did you mean "group_by"?'],
    ['receivers: [{ name: a }, { name: a }]', 'there is a receiver "a" already'],
    ['inhibit_rules: [{ source_match: a }]', 'inhibit_rules[0].source_match: expected a mapping'],
    ['time_intervals: [{ name: a, time_intervals: [{ times: [{ start_time: "10:00", end_time: "09:00" }] }] }]', 'the start of a time range is before its end'],
    ['time_intervals: [{ name: a, time_intervals: [{ weekdays: [funday] }] }]', '"funday" is no day of the week'],
    ['time_intervals: [{ name: a, time_intervals: [{ days_of_month: ["0:5"] }] }]', 'is no range of days'],
    ['time_intervals: [{ name: a, time_intervals: [{ days_of_month: ["-1:3"] }] }]', 'starts from the end of the month'],
    ['time_intervals: [{ name: a, time_intervals: [{ location: Mars/Olympus }] }]', 'there is no time zone "Mars/Olympus"'],
    ['time_intervals: [{ name: a, time_intervals: [] }]\nmute_time_intervals: [{ name: a, time_intervals: [] }]', 'there is a time interval "a" already'],
    ['global: { resolve_timeout: soon }', 'global.resolve_timeout: "soon" is not a duration'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => read(text)).toThrow(ConfigError);
    expect(() => read(text)).toThrow(message);
  });
});

describe('a file of its own', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'alerting-'));
  afterAll(() => rm(dir, { recursive: true, force: true }));
  const load = async (main: string, files: Record<string, string> = {}): Promise<AlertingConfig> => {
    await writeFile(join(dir, 'main.yml'), main);
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
    return (await loadConfig({ file: join(dir, 'main.yml'), environment: {}, anonymousDefault: 'admin' })).alerting;
  };

  it('is read, with the files of templates that it names', async () => {
    const alerting = await load('alertmanager_config_file: am.yml', {
      'am.yml': 'global: { resolve_timeout: 1m, opsgenie_api_key: x }\nroute: { receiver: a }\nreceivers: [{ name: a }]\ntemplates: ["*.tmpl"]',
      'one.tmpl': '{{ define "one" }}1{{ end }}',
    });
    expect(alerting).toMatchObject({ resolveTimeout: 60_000, route: { receiver: 'a' }, templates: [{ file: join(dir, 'one.tmpl'), text: '{{ define "one" }}1{{ end }}' }] });
  });

  it('must not say again what the configuration says, or what does not belong there', async () => {
    await expect(load('alertmanager_config_file: am.yml\nreceivers: []', { 'am.yml': '' })).rejects.toThrow('stands in the file that alertmanager_config_file names, or here');
    await expect(load('alertmanager_config_file: am.yml', { 'am.yml': 'scrape_configs: []' })).rejects.toThrow('am.yml:1:1: scrape_configs: unknown key');
    await expect(load('alertmanager_config_file: none.yml')).rejects.toThrow('there is no file');
  });
});
