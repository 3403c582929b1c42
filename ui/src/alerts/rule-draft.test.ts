import { describe, expect, it } from 'vitest';
import type { KeptRule } from './rule-draft.js';
import { differences, draftOf, inputOf, newDraft, thresholdOf } from './rule-draft.js';

const rule: KeptRule = {
  id: 'r', revision: 3, updatedAt: 0, updatedBy: 'ada', name: 'Slow', expression: 'latency', operator: 'GT', holdFor: 300_000, keepFiringFor: 0, interval: 15_000, missing: 'KEEP',
  labels: { team: 'web' }, annotations: { summary: 'Slow: {{ $value }}' }, receivers: ['pager'], enabled: true,
  levels: [{ severity: 'warning', threshold: 0.5, resolveThreshold: 0.4 }, { severity: 'page', threshold: '+Inf', resolveThreshold: null }],
  flapping: { changes: 4, window: 600_000 },
};

describe('the draft of a rule', () => {
  it('gives back the rule that it was made of', () => {
    const { input, mistakes } = inputOf(draftOf(rule));
    expect(mistakes).toEqual([]);
    expect(input).toEqual({
      name: 'Slow', expression: 'latency', operator: 'GT', holdFor: 300_000, keepFiringFor: 0, interval: 15_000, missing: 'KEEP', flapping: { changes: 4, window: 600_000 },
      labels: { team: 'web' }, annotations: { summary: 'Slow: {{ $value }}' }, receivers: ['pager'], enabled: true,
      levels: [{ severity: 'warning', threshold: 0.5, resolveThreshold: 0.4 }, { severity: 'page', threshold: '+Inf' }],
    });
  });

  it('tells every mistake', () => {
    const draft = { ...newDraft(''), holdFor: 'soon', isFlapping: true, flapChanges: '1' };
    expect(inputOf(draft).mistakes).toHaveLength(5);
  });

  it('begins with what an expression is compared with', () => {
    const draft = newDraft('up == 0', { expression: 'up', operator: 'EQ', threshold: 0 });
    expect(draft).toMatchObject({ expression: 'up', operator: 'EQ', levels: [{ threshold: '0' }] });
  });

  it('tells how two differ', () => {
    const theirs = draftOf(rule);
    expect(differences(theirs, { ...theirs, holdFor: '10m', receivers: [] })).toEqual(['for: 5m, now 10m', 'receivers: pager, now nothing']);
  });

  it('reads thresholds as people write them', () => {
    expect([' 1e3 ', '-Inf', 'inf', '', 'x'].map(thresholdOf)).toEqual([1000, -Infinity, Infinity, undefined, undefined]);
  });
});
