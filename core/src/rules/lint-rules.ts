import type { ConfigPlace } from '../plugin/plugin-config.js';
import { nameOf } from './rule.js';
import type { AlertingRule, Rule, RuleGroup } from './rule.js';

/** Something about a rule that is not wrong, and probably not meant. */
export interface LintFinding {
  readonly at: ConfigPlace;
  readonly rule: string;
  readonly message: string;
}

/** Looks for what is probably not meant. Reads texts alone: no data is asked. */
export function lintGroups(groups: readonly RuleGroup[]): readonly LintFinding[] {
  return [...groups.flatMap((group) => group.rules.flatMap((rule) => lintRule(rule, group))), ...duplicates(groups)];
}

function lintRule(rule: Rule, group: RuleGroup): readonly LintFinding[] {
  const messages = rule.kind === 'alerting' ? lintAlert(rule, group) : lintRecord(rule.record);
  return [...messages, ...lintExpression(rule)].map((message) => ({ at: rule.at, rule: nameOf(rule), message }));
}

function lintRecord(name: string): readonly string[] {
  return name.includes(':') ? [] : ['the metric is not named level:metric:operations, so that it can be taken for one that is scraped'];
}

function lintAlert(rule: AlertingRule, { interval }: RuleGroup): readonly string[] {
  const messages: string[] = [];
  if (rule.annotations['summary'] === undefined && rule.annotations['description'] === undefined) messages.push('no summary and no description: whoever is woken is not told why');
  if (rule.labels['severity'] === undefined && !hasSeverities(rule)) messages.push('no severity label: routes can not tell it from others');
  if (rule.holdFor > 0 && rule.holdFor < interval) messages.push('"for" is shorter than the interval of the group, so that it holds for one interval anyway');
  for (const { threshold, resolveThreshold } of rule.condition?.levels ?? []) {
    if (resolveThreshold === undefined) continue;
    const isUpward = rule.condition?.operator.startsWith('>') ?? false;
    if (isUpward ? resolveThreshold > threshold : resolveThreshold < threshold) messages.push(`resolves at ${resolveThreshold}, which is beyond the threshold of ${threshold}: it would never stay firing`);
  }
  for (const [where, text] of [...Object.entries(rule.annotations), ...Object.entries(rule.labels)]) {
    for (const [, label = ''] of text.matchAll(/\$labels\.([a-zA-Z_]\w*)/g)) {
      if (isDropped(rule.expression, label) && rule.labels[label] === undefined) messages.push(`${where} uses the label ${JSON.stringify(label)}, which the expression aggregates away`);
    }
    if (Object.hasOwn(rule.labels, where) && text.includes('$value')) messages.push(`the label ${JSON.stringify(where)} holds the value: each new value is a new alert, and "for" begins anew`);
  }
  return messages;
}

function hasSeverities({ condition }: AlertingRule): boolean {
  return condition?.levels.some(({ severity }) => severity !== undefined) ?? false;
}

/** Whether an outer `by (…)` leaves a label out. Only expressions of the plain form `agg by (…) (…)` are judged. */
function isDropped(expression: string, label: string): boolean {
  const by = /^\s*\(?\s*[a-z_]+\s+by\s*\(([^)]*)\)/i.exec(expression)?.[1];
  return by !== undefined && !by.split(',').some((name) => name.trim() === label);
}

function lintExpression({ expression }: Rule): readonly string[] {
  const messages: string[] = [];
  if (/\{\s*\}|__name__\s*=~\s*"(?:\.\*|\.\+)"/.test(expression)) messages.push('reads every series there is');
  for (const [, pattern = ''] of expression.matchAll(/[=!]~\s*"((?:\\.|[^"\\])*)"/g)) {
    if (/^\.\*.*\.\*$/.test(pattern)) messages.push(`the matcher on ${JSON.stringify(pattern)} looks at each value of its label: expensive where there are many`);
  }
  for (const [, range = '', unit = ''] of expression.matchAll(/\[(\d+)([dwy])\b/g)) messages.push(`reads ${range}${unit} at each evaluation: a recording rule in between costs less`);
  return messages;
}

function duplicates(groups: readonly RuleGroup[]): readonly LintFinding[] {
  const seen = new Map<string, ConfigPlace>();
  const findings: LintFinding[] = [];
  for (const rule of groups.flatMap((group) => group.rules)) {
    const key = JSON.stringify([rule.kind, nameOf(rule), Object.entries(rule.labels).sort()]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, rule.at);
    else findings.push({ at: rule.at, rule: nameOf(rule), message: `has the name and the labels of the rule on line ${first.line ?? '?'}: what they make can not be told apart` });
  }
  return findings;
}
