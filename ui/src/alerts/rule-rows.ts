import type { AlertState, RuleHealth, RulesQuery, ThresholdRulesQuery } from '../graphql/generated/graphql.js';

export type RuleGroup = RulesQuery['rules'][number];
export type Rule = RuleGroup['rules'][number];
export type OwnRule = ThresholdRulesQuery['thresholdRules'][number];

/** What rules that were made here have for a file. */
export const ownFile = 'api';

export const stateBadge: Readonly<Record<AlertState, string>> = { INACTIVE: 'inactive', PENDING: 'pending', FIRING: 'firing', RESOLVED: 'resolved' };
export const healthBadge: Readonly<Record<RuleHealth, string>> = { UNKNOWN: 'pending', OK: 'resolved', ERR: 'firing' };
export const healthText: Readonly<Record<RuleHealth, string>> = { UNKNOWN: 'not yet', OK: 'ok', ERR: 'failed' };

/** Groups of files in their order; those that were made here stand apart, since each is a group of its own. */
export function ofFiles(groups: readonly RuleGroup[]): readonly RuleGroup[] {
  return groups.filter(({ file }) => file !== ownFile);
}

/** A rule that was made here, and how it does; nothing of that while it is stopped. */
export interface OwnRow {
  readonly rule: OwnRule;
  readonly group: RuleGroup | undefined;
  readonly running: Rule | undefined;
}

export function ownRows(rules: readonly OwnRule[], groups: readonly RuleGroup[]): readonly OwnRow[] {
  const byName = new Map(groups.filter(({ file }) => file === ownFile).map((group) => [group.name, group]));
  return rules.map((rule) => ({ rule, group: byName.get(rule.name), running: byName.get(rule.name)?.rules[0] }));
}

/** Whether every word stands in a rule's name, query, labels or annotations, or in what it belongs to. */
export function isRuleFound(rule: Pick<Rule, 'name' | 'expression' | 'labels' | 'annotations'>, search: string, place = ''): boolean {
  const pairs = [...Object.entries(rule.labels), ...Object.entries(rule.annotations)].map(([name, value]) => `${name}=${value}`);
  const text = [rule.name, rule.expression, place, ...pairs].join('\n').toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** What a group costs: how much of its interval an evaluation takes. */
export function loadOf({ evaluationDuration, interval }: RuleGroup): number {
  return interval === 0 ? 0 : evaluationDuration / interval;
}
