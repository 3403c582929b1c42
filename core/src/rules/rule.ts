import type { Duration } from '@metrics-dashboard/sdk';
import type { ConfigPlace } from '../plugin/plugin-config.js';

/** Rules that are evaluated one after another on one tick. Plain data, checked as far as that goes without the engine. */
export interface RuleGroup {
  /** The rule file; of a rule that was made by the API, `api`. */
  readonly file: string;
  readonly name: string;
  readonly interval: Duration;
  /** How far in the past expressions are evaluated, so that samples that come late count. */
  readonly queryOffset: Duration;
  /** The most series or alert instances a rule may make; 0 for no limit. */
  readonly limit: number;
  readonly rules: readonly Rule[];
  readonly at: ConfigPlace;
}

export type Rule = RecordingRule | AlertingRule;

interface AnyRule {
  /** PromQL. */
  readonly expression: string;
  /** Those of the group among them. Of an alerting rule, templates. */
  readonly labels: Readonly<Record<string, string>>;
  readonly at: ConfigPlace;
  /** Where the expression begins, and each of its lines in the file, so that an error inside it can be shown. */
  readonly expressionAt: ConfigPlace;
}

/** Expression to series. */
export interface RecordingRule extends AnyRule {
  readonly kind: 'recording';
  /** The metric that it writes. */
  readonly record: string;
}

/** Expression to alert instances. */
export interface AlertingRule extends AnyRule {
  readonly kind: 'alerting';
  readonly alert: string;
  /** How long the condition must hold before an instance fires. */
  readonly holdFor: Duration;
  /** How long an instance goes on firing after the condition has ceased to hold. */
  readonly keepFiringFor: Duration;
  /** Templates. */
  readonly annotations: Readonly<Record<string, string>>;
  /** undefined: the condition holds for each series that the expression gives, as in Prometheus. */
  readonly condition: ThresholdCondition | undefined;
  readonly missing: MissingPolicy;
  readonly flapping: FlapDetection | undefined;
  /** Receivers that are told instead of those that the routing tree finds; empty: the tree is asked. */
  readonly receivers: readonly string[];
}

export type ComparisonOperator = '>' | '>=' | '<' | '<=' | '==' | '!=';

/** The condition of a threshold rule: each series of the expression is compared. */
export interface ThresholdCondition {
  readonly operator: ComparisonOperator;
  /** From the mildest to the most severe. While a severer one fires, a milder one does not begin to. */
  readonly levels: readonly ThresholdLevel[];
}

export interface ThresholdLevel {
  /** The label `severity` of its instances; undefined: they have none of this. */
  readonly severity: string | undefined;
  readonly threshold: number;
  /** What firing instances are compared with (hysteresis); undefined: the threshold. */
  readonly resolveThreshold: number | undefined;
}

/**
 * What becomes of an alert instance whose series is gone: `resolve` takes it for a condition that does not hold, `keep`
 * leaves it as it is, `alert` takes it for one that holds.
 */
export type MissingPolicy = 'resolve' | 'keep' | 'alert';

/** So many changes between firing and not within a window are flapping. */
export interface FlapDetection {
  readonly changes: number;
  readonly window: Duration;
}

/** The name of a rule, whatever it makes. */
export function nameOf(rule: Rule): string {
  return rule.kind === 'alerting' ? rule.alert : rule.record;
}
