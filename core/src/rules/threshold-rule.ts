import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import { unplaced } from '../plugin/config-place.js';
import type { AlertingRule, ComparisonOperator, FlapDetection, MissingPolicy, RuleGroup, ThresholdLevel } from './rule.js';

/** A rule as people make it by the API: what is measured is compared with thresholds. Plain data. */
export interface ThresholdRuleSpec {
  /** Of the alert; no two rules made by the API have one name. */
  readonly name: string;
  /** PromQL; each of its series is compared. */
  readonly expression: string;
  readonly operator: ComparisonOperator;
  /** From the mildest to the most severe; one at least. */
  readonly levels: readonly ThresholdLevel[];
  readonly holdFor: Duration;
  readonly keepFiringFor: Duration;
  readonly interval: Duration;
  readonly missing: MissingPolicy;
  readonly flapping: FlapDetection | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Templates of the texts that people are told. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Receivers that are told instead of those that the routing tree finds. */
  readonly receivers: readonly string[];
  readonly enabled: boolean;
}

/** One that is kept. */
export interface ThresholdRule extends ThresholdRuleSpec {
  readonly id: string;
  /** Counts its changes, from 1. */
  readonly revision: number;
  readonly updatedAt: Timestamp;
  readonly updatedBy: string;
}

/** What rules that were made by the API have for a file. */
export const API_FILE = 'api';

/** The rule as it is evaluated. Its places are paths inside it. */
export function alertingRuleOf(spec: ThresholdRuleSpec): AlertingRule {
  const { name, expression, operator, levels, holdFor, keepFiringFor, missing, flapping, labels, annotations, receivers } = spec;
  return {
    kind: 'alerting',
    alert: name,
    ...{ expression, labels, annotations, holdFor, keepFiringFor, missing, flapping, receivers },
    condition: { operator, levels },
    at: unplaced(''),
    expressionAt: unplaced('expression'),
  };
}

/** Each has a group of its own, since it has an interval of its own. */
export function groupOf(spec: ThresholdRuleSpec): RuleGroup {
  return { file: API_FILE, name: spec.name, interval: spec.interval, queryOffset: 0, limit: 0, rules: [alertingRuleOf(spec)], at: unplaced('') };
}
