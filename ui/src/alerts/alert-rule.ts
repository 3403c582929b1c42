import type { Alert } from './alert.js';
import { expressionOf } from './alert.js';
import { comparisonOf, onlyWith } from './comparison.js';
import { numberOf, operatorText } from './rule-draft.js';
import type { OwnRule, Rule, RuleGroup } from './rule-rows.js';
import { ownFile } from './rule-rows.js';

/** Where an alert comes from, as far as it can be told. */
export interface AlertOrigin {
  readonly rule: Rule | undefined;
  readonly group: RuleGroup | undefined;
  readonly own: OwnRule | undefined;
}

/** The rule of an alert: of its name, with labels that the alert has; where several are so, the one of its expression. */
export function originOf({ labels, generatorUrl }: Alert, groups: readonly RuleGroup[], ownRules: readonly OwnRule[]): AlertOrigin {
  const expression = expressionOf(generatorUrl);
  const candidates = groups.flatMap((group) => group.rules.filter((rule) => rule.kind === 'ALERTING' && rule.name === labels.alertname && hasLabels(labels, rule)).map((rule) => ({ group, rule })));
  const found = candidates.find(({ rule }) => rule.expression === expression) ?? candidates[0];
  const own = found?.group.file === ownFile ? ownRules.find(({ name }) => name === found.group.name) : undefined;
  return { rule: found?.rule, group: found?.group, own };
}

/** A template may have made anything of a label. */
function hasLabels(labels: Readonly<Record<string, string>>, rule: Rule): boolean {
  return Object.entries(rule.labels).every(([name, value]) => labels[name] === value || value.includes('{{'));
}

/** A line across an alert's chart. */
export interface AlertLevel {
  readonly value: number;
  readonly text: string;
  readonly isResolve: boolean;
}

/** What is drawn of an alert: the values that are compared, of its series alone, and what they are compared with. */
export interface AlertPicture {
  readonly expression: string;
  readonly levels: readonly AlertLevel[];
}

export function pictureOf(alert: Alert, { rule, own }: AlertOrigin): AlertPicture | undefined {
  const expression = own?.expression ?? rule?.expression ?? expressionOf(alert.generatorUrl);
  if (expression === undefined || expression === '') return undefined;
  if (rule === undefined) return { expression, levels: [] };
  const given = new Set(['alertname', ...Object.keys(rule.labels), ...(own === undefined ? [] : ['severity'])]);
  const ofSeries = Object.fromEntries(Object.entries(alert.labels).filter(([name]) => !given.has(name)));
  if (own !== undefined) return { expression: onlyWith(expression, ofSeries), levels: own.levels.flatMap((level) => levelsOf(own, level)) };
  const comparison = comparisonOf(expression);
  if (comparison === undefined) return { expression: onlyWith(expression, ofSeries), levels: [] };
  const text = `fires ${operatorText[comparison.operator]} ${comparison.threshold}`;
  return { expression: onlyWith(comparison.expression, ofSeries), levels: [{ value: comparison.threshold, text, isResolve: false }] };
}

function levelsOf({ operator }: OwnRule, { severity, threshold, resolveThreshold }: OwnRule['levels'][number]): readonly AlertLevel[] {
  const name = severity ? `${severity} ` : '';
  const fires: AlertLevel = { value: numberOf(threshold), text: `${name || 'fires '}${operatorText[operator]} ${threshold}`, isResolve: false };
  if (resolveThreshold === null || resolveThreshold === undefined) return [fires];
  return [fires, { value: numberOf(resolveThreshold), text: `${name}resolves at ${resolveThreshold}`, isResolve: true }];
}
