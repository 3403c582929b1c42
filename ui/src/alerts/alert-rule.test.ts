import { describe, expect, it } from 'vitest';
import { pendingAlert } from './alert.js';
import { originOf, pictureOf } from './alert-rule.js';
import type { OwnRule, Rule, RuleGroup } from './rule-rows.js';

const rule = (expression: string, labels: Readonly<Record<string, string>> = {}): Rule => ({
  id: expression, kind: 'ALERTING', name: 'Down', expression, labels, annotations: {}, holdFor: 0, keepFiringFor: 0, state: 'FIRING', health: 'OK', lastError: null, lastEvaluation: 0, lastGoodEvaluation: 0, evaluationDuration: 0, series: 1,
});
const group = (file: string, ...rules: Rule[]): RuleGroup => ({ id: file, file, name: 'Down', interval: 1, queryOffset: 0, limit: 0, lastEvaluation: 0, evaluationDuration: 0, missedTicks: 0, rules });
const alert = { ...pendingAlert({ fingerprint: 'f', labels: { alertname: 'Down', job: 'api', severity: 'page' }, annotations: {}, activeAt: 0 }), generatorUrl: 'http://x/explore?q=up+%3D%3D+0' };

describe('where an alert comes from', () => {
  it('is the rule of its name, its labels and its expression', () => {
    const groups = [group('a.yml', rule('up == 1', { severity: 'page' }), rule('up == 0', { severity: 'page' }), rule('up == 0', { severity: 'other' }))];
    expect(originOf(alert, groups, []).rule?.labels).toEqual({ severity: 'page' });
    expect(pictureOf(alert, originOf(alert, groups, []))).toEqual({
      expression: '(up) and on (job) label_replace(vector(1), "job", "api", "", "")', levels: [{ value: 0, text: 'fires = 0', isResolve: false }],
    });
  });

  it('draws the thresholds of a rule that was made here', () => {
    const own: OwnRule = {
      id: 'r', revision: 1, updatedAt: 0, updatedBy: '', name: 'Down', expression: 'lag', operator: 'GT', holdFor: 0, keepFiringFor: 0, interval: 1, missing: 'KEEP', labels: {}, annotations: {}, receivers: [], enabled: true, flapping: null,
      levels: [{ severity: 'page', threshold: 2, resolveThreshold: 1 }],
    };
    const picture = pictureOf(alert, originOf(alert, [group('api', rule('lag'))], [own]));
    expect(picture?.levels.map(({ text }) => text)).toEqual(['page > 2', 'page resolves at 1']);
    expect(picture?.expression).toContain('on (job)');
  });

  it('is told by the address alone where nobody knows the rule', () => {
    expect(pictureOf(alert, originOf(alert, [], []))).toEqual({ expression: 'up == 0', levels: [] });
    expect(pictureOf({ ...alert, generatorUrl: '' }, originOf(alert, [], []))).toBeUndefined();
  });
});
