import type { ThresholdRuleSpec } from '../threshold-rule.js';

/** A rule that fires above 80 and resolves below 70, looked at every 15 seconds. */
export const SPEC: ThresholdRuleSpec = {
  name: 'Hot',
  expression: 'm',
  operator: '>',
  levels: [{ severity: undefined, threshold: 80, resolveThreshold: 70 }],
  holdFor: 0,
  keepFiringFor: 0,
  interval: 15_000,
  missing: 'resolve',
  flapping: undefined,
  labels: { team: 'core' },
  annotations: { summary: '{{ $labels.x }} is at {{ $value }}' },
  receivers: [],
  enabled: true,
};
