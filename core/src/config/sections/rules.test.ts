import { describe, expect, it } from 'vitest';
import { parseConfig } from '../document.js';
import { readRules } from './rules.js';

const DEFAULTS = { evaluationInterval: 60_000, queryOffset: 0 };
const read = (text: string) => readRules([{ document: parseConfig(text, 'rules.yml', undefined), lines: text.split('\n') }], DEFAULTS);

const WHOLE = `
groups:
  - name: node
    interval: 15s
    query_offset: 30s
    limit: 10
    labels: { team: infra }
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
        labels: { version: 1.10 }
      - alert: Down
        expr: |
          up
            == 0
        for: 5m
        keep_firing_for: 2m
        labels: { severity: page, team: web }
        annotations: { summary: '{{ $labels.instance }} \${1}' }
      - alert: Hot
        expr: "temperature"
        threshold: { operator: '>', levels: [{ severity: warning, value: 70 }, { severity: critical, value: 80, resolve_value: 75 }] }
        missing_data: alert
        flapping: { changes: 4, window: 10m }
        receivers: [pager]
`;

describe('a rule file', () => {
  it('is read as Prometheus has it, and with keys of our own', () => {
    const [group] = read(WHOLE);
    expect(group).toMatchObject({ file: 'rules.yml', name: 'node', interval: 15_000, queryOffset: 30_000, limit: 10 });
    const [recording, down, hot] = group?.rules ?? [];
    expect(recording).toMatchObject({ kind: 'recording', record: 'job:up:sum', labels: { team: 'infra', version: '1.10' } });
    expect(down).toMatchObject({ kind: 'alerting', holdFor: 300_000, keepFiringFor: 120_000, labels: { team: 'web', severity: 'page' }, annotations: { summary: '{{ $labels.instance }} ${1}' }, missing: 'resolve' });
    expect(hot).toMatchObject({
      condition: { operator: '>', levels: [{ severity: 'warning', threshold: 70, resolveThreshold: undefined }, { severity: 'critical', threshold: 80, resolveThreshold: 75 }] },
      missing: 'alert',
      flapping: { changes: 4, window: 600_000 },
      receivers: ['pager'],
    });
    expect(recording?.expressionAt).toMatchObject({ line: 10, column: 15 });
    expect(down?.expressionAt).toMatchObject({ line: 14, column: 11 });
    expect(hot?.expressionAt).toMatchObject({ line: 21, column: 16 });
  });

  it('may be empty', () => {
    expect(read('')).toEqual([]);
    expect(read('groups: [{ name: a }]')).toMatchObject([{ name: 'a', interval: 60_000, rules: [] }]);
  });

  it.each([
    ['groups: [{ name: a, rules: [{ alert: A, expr: x, nope: 1 }] }]', 'rules.yml:1:50: groups[0].rules[0].nope: unknown key "nope"'],
    ['groups: [{ name: a, rules: [{ alert: A, record: B, expr: x }] }]', 'either records or alerts'],
    ['groups: [{ name: a, rules: [{ expr: x }] }]', 'a rule needs "record" or "alert"'],
    ['groups: [{ name: a, rules: [{ alert: A }] }]', 'groups[0].rules[0].expr: is missing'],
    ['groups: [{ name: a, rules: [{ record: A, expr: x, for: 5m }] }]', 'is of alerting rules'],
    ['groups: [{ name: a, rules: [{ alert: A, expr: x, for: soon }] }]', 'groups[0].rules[0].for: "soon" is not a duration'],
    ['groups: [{ name: a, rules: [{ alert: A, expr: x, labels: { __name__: x } }] }]', '"__name__" is no name of a label'],
    ['groups: [{ name: a }, { name: a }]', 'rules.yml:1:31: groups[1].name: the group "a" is there twice in this file'],
    ['groups: [{ name: a, rules: [{ alert: A, expr: x, missing_data: keep }] }]', 'needs a threshold'],
    ['groups: [{ name: a, rules: [{ alert: A, expr: x, threshold: { operator: ">" } }] }]', 'either a value or levels'],
    ['nope: 1', 'unknown key "nope"'],
  ])('%j is refused: %s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('tells every mistake at once', () => {
    expect(() => read('groups: [{ name: a, rules: [{ expr: x }, { alert: B }] }]')).toThrow(/rules\[0\][^]*rules\[1\]/);
  });
});
