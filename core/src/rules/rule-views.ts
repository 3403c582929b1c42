import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import { fingerprintOf } from './alert-instance.js';
import type { GroupRunner } from './group-runner.js';
import type { RuleHealth, RuleRunner } from './rule-runner.js';
import type { RuleGroup, Rule } from './rule.js';

/** A group of rules as it is shown. */
export interface RuleGroupView {
  readonly id: string;
  readonly group: RuleGroup;
  readonly lastEvaluation: Timestamp | undefined;
  readonly duration: Duration;
  /** Ticks that fell out since the start. */
  readonly missed: number;
  readonly rules: readonly RuleView[];
}

/** What became of groups since they were looked at last. */
export interface RuleGroupChanges {
  readonly groups: readonly RuleGroupView[];
  /** The ids of groups that are no more. */
  readonly gone: readonly string[];
}

export interface RuleView {
  readonly id: string;
  readonly rule: Rule;
  readonly health: RuleHealth;
  /** Of an alerting rule, the worst of its instances. */
  readonly state: 'inactive' | 'pending' | 'firing';
  readonly alerts: readonly InstanceView[];
}

/** An alert instance that is pending or firing, or flaps, or has resolved a short while ago. */
export interface InstanceView {
  readonly fingerprint: string;
  readonly groupId: string;
  readonly ruleId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing' | 'resolved';
  readonly value: number;
  readonly activeAt: Timestamp;
  readonly firedAt: Timestamp | undefined;
  readonly resolvedAt: Timestamp | undefined;
  readonly keepFiringSince: Timestamp | undefined;
  readonly missingSince: Timestamp | undefined;
  readonly flappingSince: Timestamp | undefined;
}

export function viewOf(runner: GroupRunner): RuleGroupView {
  return { id: runner.id, group: runner.group, ...runner.progress, rules: runner.runners.map((rule) => ruleView(runner.id, rule)) };
}

function ruleView(groupId: string, runner: RuleRunner): RuleView {
  const alerts: InstanceView[] = [];
  for (const { labels, annotations, life } of runner.instances.values()) {
    const { state, value, activeAt, firedAt, resolvedAt, keepFiringSince, missingSince, flappingSince } = life;
    if (state === 'inactive') continue;
    const shown = { labels: labels.toObject(), annotations, state, value, activeAt, firedAt, resolvedAt, keepFiringSince, missingSince, flappingSince };
    alerts.push({ fingerprint: fingerprintOf(labels), groupId, ruleId: runner.id, ...shown });
  }
  const worst = alerts.some(({ state }) => state === 'firing') ? 'firing' : alerts.some(({ state }) => state === 'pending') ? 'pending' : 'inactive';
  return { id: runner.id, rule: runner.rule, health: runner.health, state: worst, alerts };
}
