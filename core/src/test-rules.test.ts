import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { silentLogger } from '@metrics-dashboard/sdk/testing';
import { checkRuleFile } from './lint-rules.js';
import { unplaced } from './plugin/config-place.js';
import { systemClock } from './runtime/system-clock.js';
import { testRules } from './test-rules.js';

const dir = await mkdtemp(join(tmpdir(), 'rule-tests-'));
afterAll(() => rm(dir, { recursive: true, force: true }));

const plugin = (name: string) => ({ specifier: fileURLToPath(new URL(`../../plugins/${name}/src/index.ts`, import.meta.url)), from: import.meta.url, config: undefined, at: unplaced('') });
const options = { plugins: [plugin('storage-tsdb'), plugin('aggregation-standard')], clock: systemClock, log: silentLogger };

async function write(name: string, text: string): Promise<string> {
  await writeFile(join(dir, name), text);
  return join(dir, name);
}

await write(
  'rules.yml',
  `
groups:
  - name: first
    rules:
      - { record: 'job:up:sum', expr: 'sum by (job) (up)' }
  - name: second
    rules:
      - alert: Down
        expr: up == 0
        for: 2m
        labels: { severity: page }
        annotations: { summary: '{{ $labels.instance }} of {{ $externalLabels.dc }} is down, {{ with query "job:up:sum" }}{{ . | first | value }}{{ end }} left' }
`,
);

const TEST = `
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - name: a target goes
    interval: 1m
    external_labels: { dc: a }
    input_series:
      - { series: 'up{job="j",instance="x"}', values: '1 0x5' }
      - { series: 'up{job="j",instance="y"}', values: '1x9' }
    promql_expr_test:
      - expr: job:up:sum
        eval_time: 3m
        exp_samples: [{ labels: 'job:up:sum{job="j"}', value: 1 }]
    alert_rule_test:
      - { alertname: Down, eval_time: 2m59s, exp_alerts: [] }
      - alertname: Down
        eval_time: 3m
        exp_alerts:
          - exp_labels: { severity: page, instance: x, job: j }
            exp_annotations: { summary: 'x of a is down, 1 left' }
`;

describe('tests of rules', () => {
  it('pass when all is as expected', async () => {
    expect(await testRules(await write('good.yml', TEST), options)).toMatchObject({ error: undefined, tests: [{ name: 'a target goes', failures: [] }] });
  });

  it('say what was expected and what was met', async () => {
    const file = await write('bad.yml', TEST.replace('value: 1 }', 'value: 2 }').replace('instance: x, job: j', 'instance: z, job: j'));
    const { tests } = await testRules(file, options);
    expect(tests[0]?.failures).toEqual([
      expect.stringMatching(/^alertname: Down, time: 180s,\n {4}exp:\n.*instance="z".*\n {4}got:\n.*instance="x"/),
      'expr: "job:up:sum", time: 180s,\n    exp:\n      job:up:sum{job="j"} 2\n    got:\n      job:up:sum{job="j"} 1',
    ]);
  });

  it('say who is told', async () => {
    await write('alertmanager.yml', 'route: { receiver: team, routes: [{ receiver: pager, matchers: [severity="page", dc="a"], continue: true }, { receiver: log }] }\nreceivers: [{ name: team }, { name: pager }, { name: log }]\n');
    const told = (receivers: string): string =>
      TEST.replace('evaluation_interval', 'alertmanager_config_file: alertmanager.yml\nevaluation_interval').replace("is down, 1 left' }", `is down, 1 left' }\n            exp_receivers: ${receivers}`);
    expect(await testRules(await write('told.yml', told('[log, pager]')), options)).toMatchObject({ error: undefined, tests: [{ failures: [] }] });
    const { tests } = await testRules(await write('untold.yml', told('[team]')), options);
    expect(tests[0]?.failures).toEqual([expect.stringMatching(/receivers: \["team"\][^]*got:[^]*receivers: \["log","pager"\]/)]);
  });

  it.each([
    [TEST.replace('eval_time: 3m', 'eval_tim: 3m'), 'unknown key "eval_tim"'],
    [TEST.replace('0x5', '0y5'), 'input_series[0]'],
    [TEST.replace('rules.yml', 'nowhere.yml'), 'nowhere.yml'],
    [`group_eval_order: [nope]\n${TEST}`, 'there is no group "nope"'],
  ])('that can not be read say why', async (text, message) => {
    const { error } = await testRules(await write('unreadable.yml', text), options);
    expect(error).toContain(message);
  });
});

describe('a rule file that is checked', () => {
  it('tells mistakes with their places in the file', async () => {
    const file = await write('wrong.yml', 'groups:\n  - name: g\n    rules:\n      - record: a\n        expr: |\n          sum(\n            up)) + 1\n');
    await expect(checkRuleFile(file, options)).rejects.toThrow(`${file}:7:16: groups[0].rules[0].expr: rule "a": unexpected ")"`);
  });

  it('is told of what is probably not meant', async () => {
    const file = await write(
      'odd.yml',
      `
groups:
  - name: g
    interval: 1m
    rules:
      - { record: total, expr: 'sum(up)' }
      - alert: A
        expr: sum by (job) (rate(errors[30d])) > 1
        for: 30s
        labels: { value: '{{ $value }}' }
        annotations: { summary: '{{ $labels.instance }}' }
      - { alert: A, expr: 'up{x=~".*y.*"}', labels: { value: '{{ $value }}' } }
`,
    );
    const { findings } = await checkRuleFile(file, options);
    expect(findings.map(({ rule, message }) => `${rule}: ${message.slice(0, 40)}`)).toEqual([
      'total: the metric is not named level:metric:ope',
      'A: no severity label: routes can not tell i',
      'A: "for" is shorter than the interval of th',
      'A: summary uses the label "instance", which',
      'A: the label "value" holds the value: each ',
      'A: reads 30d at each evaluation: a recordin',
      'A: no summary and no description: whoever i',
      'A: no severity label: routes can not tell i',
      'A: the label "value" holds the value: each ',
      'A: the matcher on ".*y.*" looks at each val',
      'A: has the name and the labels of the rule ',
    ]);
  });
});
