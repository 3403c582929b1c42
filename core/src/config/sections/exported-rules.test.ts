import { describe, expect, it } from 'vitest';
import { exportRules } from '../../rules/export-rules.js';
import { SPEC } from '../../rules/testing/threshold-spec.js';
import { alertingRuleOf, groupOf } from '../../rules/threshold-rule.js';
import type { ThresholdRuleSpec } from '../../rules/threshold-rule.js';
import { parseConfig } from '../document.js';
import { readRules } from './rules.js';

const S = 1000;
const M = 60 * S;

describe('an exported rule', () => {
  const levels = [{ severity: 'warning', threshold: 70, resolveThreshold: 65 }, { severity: 'critical', threshold: 80, resolveThreshold: undefined }];
  const spec: ThresholdRuleSpec = { ...SPEC, levels, missing: 'keep', flapping: { changes: 4, window: 10 * M }, receivers: ['pager'], holdFor: 5 * M };

  it('is read back as it was', () => {
    const { yaml, omitted } = exportRules([groupOf(spec)], 'extended');
    expect(omitted).toEqual([]);
    const { at: _at, expressionAt: _expressionAt, ...rest } = alertingRuleOf(spec);
    const [group] = readRules([{ document: parseConfig(yaml, 'x.yml', undefined), lines: yaml.split('\n') }], { evaluationInterval: M, queryOffset: 0 });
    expect(group?.rules[0]).toMatchObject({ ...rest });
  });

  it('for Prometheus has its thresholds in its expressions, and tells what it leaves out', () => {
    const { yaml, omitted } = exportRules([groupOf(spec)], 'prometheus');
    expect(yaml).toBe(`groups:
  - name: Hot
    interval: 15s
    rules:
      - alert: Hot
        expr: (m) > 70
        labels:
          team: core
          severity: warning
        for: 5m
        annotations:
          summary: "{{ $labels.x }} is at {{ $value }}"
      - alert: Hot
        expr: (m) > 80
        labels:
          team: core
          severity: critical
        for: 5m
        annotations:
          summary: "{{ $labels.x }} is at {{ $value }}"
`);
    expect(omitted).toEqual([
      'Hot: the thresholds at which it resolves',
      'Hot: that a milder level waits while a severer one fires',
      'Hot: what becomes of missing series ("keep")',
      'Hot: the detection of flapping',
      'Hot: its own receivers (pager)',
    ]);
  });
});
