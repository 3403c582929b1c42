import { describe, expect, it } from 'vitest';
import { Labels } from '@metrics-dashboard/sdk';
import { compileRelabel } from '../ingest/relabel.js';
import type { RelabelRule } from '../ingest/relabel.js';
import { traceRelabel } from './relabel-trace.js';

const rule = (own: Partial<RelabelRule>): RelabelRule => ({
  action: 'replace', sourceLabels: [], separator: ';', targetLabel: '', regex: '(.*)', modulus: 0, replacement: '$1', ...own,
});

describe('a trace of rules', () => {
  const discovered = Labels.of({ __address__: 'db1:9100', zone: 'eu-1', role: 'db' });
  const rules = [
    rule({ sourceLabels: ['zone'], regex: '(..)-.*', targetLabel: 'region' }),
    rule({ action: 'labeldrop', regex: 'zone' }),
    rule({ action: 'keep', sourceLabels: ['role'], regex: 'web' }),
    rule({ action: 'labeldrop', regex: 'role' }),
  ];

  it('shows what each rule did, and ends with the one that dropped the target', () => {
    const steps = traceRelabel(rules, discovered);
    expect(steps.map(({ rule: { action } }) => action)).toEqual(['replace', 'labeldrop', 'keep']);
    expect(steps[0]?.after).toContainEqual({ name: 'region', value: 'eu' });
    expect(steps[1]?.before).toEqual(steps[0]?.after);
    expect(steps[1]?.after).not.toContainEqual({ name: 'zone', value: 'eu-1' });
    expect(steps[2]?.after).toBeUndefined();
  });

  it('ends where the rules end that run all at once', () => {
    const kept = rules.filter(({ action }) => action !== 'keep');
    expect(traceRelabel(kept, discovered).at(-1)?.after).toEqual([...(compileRelabel(kept)(discovered) ?? [])]);
    expect(traceRelabel([], discovered)).toEqual([]);
  });
});
