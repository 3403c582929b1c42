import { formatDuration } from '@metrics-dashboard/sdk';
import type { Duration } from '@metrics-dashboard/sdk';
import { stringify } from 'yaml';
import { nameOf } from './rule.js';
import type { AlertingRule, Rule, RuleGroup, ThresholdLevel } from './rule.js';

/** Rules as a rule file, and what it does not say. */
export interface ExportedRules {
  readonly yaml: string;
  /** What Prometheus has no words for and was left out, rule by rule, for people. */
  readonly omitted: readonly string[];
}

/**
 * Writes groups as a rule file. `extended` says everything, with keys of our own (`threshold`, `missing_data`, `flapping`,
 * `receivers`); `prometheus` writes what Prometheus reads, with thresholds inside the expressions, and tells what it leaves out.
 */
export function exportRules(groups: readonly RuleGroup[], format: 'extended' | 'prometheus'): ExportedRules {
  const omitted: string[] = [];
  const written = groups.map((group) => ({
    name: group.name,
    interval: formatDuration(group.interval),
    ...(group.queryOffset > 0 && { query_offset: formatDuration(group.queryOffset) }),
    ...(group.limit > 0 && { limit: group.limit }),
    rules: group.rules.flatMap((rule) => {
      if (format === 'extended' || rule.kind === 'recording') return [plainRule(rule, rule.expression, format === 'extended' ? ownKeys(rule) : {})];
      omitted.push(...leftOut(rule));
      return levelsOf(rule).map((level) => plainRule(rule, expressionOf(rule, level), {}, level?.severity));
    }),
  }));
  return { yaml: stringify({ groups: written }, { lineWidth: 0, aliasDuplicateObjects: false }), omitted };
}

function levelsOf({ condition }: AlertingRule): readonly (ThresholdLevel | undefined)[] {
  return condition === undefined ? [undefined] : condition.levels;
}

function expressionOf({ expression, condition }: AlertingRule, level: ThresholdLevel | undefined): string {
  return condition === undefined || level === undefined ? expression : `(${expression}) ${condition.operator} ${level.threshold}`;
}

function plainRule(rule: Rule, expression: string, own: object, severity?: string): object {
  const labels = severity === undefined ? rule.labels : { ...rule.labels, severity };
  const shared = { expr: expression, ...(Object.keys(labels).length > 0 && { labels }) };
  if (rule.kind === 'recording') return { record: rule.record, ...shared };
  return {
    alert: rule.alert,
    ...shared,
    ...durationKey('for', rule.holdFor),
    ...durationKey('keep_firing_for', rule.keepFiringFor),
    ...(Object.keys(rule.annotations).length > 0 && { annotations: rule.annotations }),
    ...own,
  };
}

function durationKey(key: string, value: Duration): object {
  return value > 0 ? { [key]: formatDuration(value) } : {};
}

function ownKeys(rule: Rule): object {
  if (rule.kind === 'recording') return {};
  const { condition, missing, flapping, receivers } = rule;
  return {
    ...(condition && { threshold: { operator: condition.operator, ...thresholdKeys(condition.levels) } }),
    ...(missing !== 'resolve' && { missing_data: missing }),
    ...(flapping && { flapping: { changes: flapping.changes, window: formatDuration(flapping.window) } }),
    ...(receivers.length > 0 && { receivers }),
  };
}

function thresholdKeys(levels: readonly ThresholdLevel[]): object {
  const keysOf = ({ threshold, resolveThreshold }: ThresholdLevel): object => ({ value: numberKey(threshold), ...(resolveThreshold !== undefined && { resolve_value: numberKey(resolveThreshold) }) });
  const [only] = levels;
  if (levels.length === 1 && only !== undefined && only.severity === undefined) return keysOf(only);
  return { levels: levels.map((level) => ({ severity: level.severity ?? '', ...keysOf(level) })) };
}

function numberKey(value: number): number | string {
  return Number.isFinite(value) ? value : value > 0 ? '+Inf' : '-Inf';
}

function leftOut(rule: AlertingRule): readonly string[] {
  const { condition, missing, flapping, receivers } = rule;
  const parts = [
    condition?.levels.some(({ resolveThreshold }) => resolveThreshold !== undefined) && 'the thresholds at which it resolves',
    (condition?.levels.length ?? 0) > 1 && 'that a milder level waits while a severer one fires',
    missing !== 'resolve' && `what becomes of missing series ("${missing}")`,
    flapping !== undefined && 'the detection of flapping',
    receivers.length > 0 && `its own receivers (${receivers.join(', ')})`,
  ];
  return parts.filter((part) => part !== false).map((part) => `${nameOf(rule)}: ${part}`);
}
