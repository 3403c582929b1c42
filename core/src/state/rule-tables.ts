import type { Timestamp } from '@metrics-dashboard/sdk';

/** What the rules keep. */
export interface RuleTables {
  readonly alert_instances: AlertInstanceRow;
  readonly alert_events: AlertEventRow;
  readonly rule_groups: RuleGroupRow;
  readonly threshold_rules: ThresholdRuleRow;
}

/** One alert instance that is not inactive, as of its last evaluation. */
export interface AlertInstanceRow {
  readonly group_id: string;
  readonly rule_id: string;
  /** The fingerprint of its labels. */
  readonly fingerprint: string;
  /** JSON of the whole instance. */
  readonly state: string;
}

/** One change of state, for the history. */
export interface AlertEventRow {
  /** Orders events of one time. */
  readonly id: string;
  readonly at: Timestamp;
  readonly group_id: string;
  readonly rule_id: string;
  readonly fingerprint: string;
  readonly alertname: string;
  /** `pending`, `firing`, `resolved`, `inactive`, `flapping`, `settled`. */
  readonly state: string;
  /** JSON of the rest. */
  readonly event: string;
}

/** When a group that has alert instances was evaluated last. */
export interface RuleGroupRow {
  readonly group_id: string;
  readonly evaluated_at: Timestamp;
}

/** One rule that was made by the API. */
export interface ThresholdRuleRow {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly enabled: number;
  /** JSON of the rule. */
  readonly rule: string;
  readonly updated_at: Timestamp;
  readonly updated_by: string;
}
