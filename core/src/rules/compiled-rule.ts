import { messageOf } from '@metrics-dashboard/sdk';
import type { ConfigError } from '@metrics-dashboard/sdk';
import { configErrorAt, mergeErrors, partOf } from '../plugin/config-place.js';
import type { Templates } from '../template/template.js';
import type { AlertingRule, ComparisonOperator, ThresholdCondition } from './rule.js';
import { expandRuleTemplate, readRuleTemplate } from './rule-template.js';
import type { TemplateData, TemplateWorld } from './rule-template.js';

/** A text of a rule: itself, or a template. */
type RuleText = string | Templates;

/** An alerting rule with its templates read. */
export interface CompiledRule {
  readonly rule: AlertingRule;
  /** What is asked at each evaluation. */
  readonly question: string;
  readonly labels: readonly (readonly [name: string, text: RuleText])[];
  readonly annotations: readonly (readonly [name: string, text: RuleText])[];
}

/** Reads the templates of a rule. Throws one `ConfigError` that tells all that can't be read, with their places. */
export function compileRule(rule: AlertingRule): CompiledRule {
  const errors: ConfigError[] = [];
  const compile = (kind: 'labels' | 'annotations') =>
    Object.entries(rule[kind]).map(([name, text]): readonly [string, RuleText] => {
      try {
        return [name, text.includes('{{') ? readRuleTemplate(`${rule.alert}/${kind}/${name}`, text) : text];
      } catch (error) {
        errors.push(configErrorAt(partOf(rule.at, [kind, name]), messageOf(error)));
        return [name, ''];
      }
    });
  const compiled = { rule, question: questionOf(rule), labels: compile('labels'), annotations: compile('annotations') };
  if (errors.length > 0) throw mergeErrors(errors);
  return compiled;
}

/** Expands the texts. One that can't be expanded is told in its place, as in Prometheus: an alert told badly is better than none. */
export async function expandTexts(kind: 'labels' | 'annotations', compiled: CompiledRule, world: TemplateWorld, data: TemplateData): Promise<readonly (readonly [string, string])[]> {
  const expanded: (readonly [string, string])[] = [];
  for (const [name, text] of compiled[kind]) {
    if (typeof text === 'string') expanded.push([name, text]);
    else expanded.push([name, await expandOne(text, `${compiled.rule.alert}/${kind}/${name}`, world, data)]);
  }
  return expanded;
}

async function expandOne(text: Templates, name: string, world: TemplateWorld, data: TemplateData): Promise<string> {
  try {
    return await expandRuleTemplate(text, name, world, data);
  } catch (error) {
    return `<error expanding template: ${messageOf(error)}>`;
  }
}

/** Whether a value meets a comparison. */
export function compares(value: number, operator: ComparisonOperator, threshold: number): boolean {
  switch (operator) {
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
    case '==':
      return value === threshold;
    case '!=':
      return value !== threshold;
  }
}

/**
 * Where nothing depends on series that are fine, only those cross that meet the mildest threshold, or the one that firing
 * instances are compared with.
 */
function questionOf({ expression, condition, missing }: AlertingRule): string {
  if (condition === undefined || missing !== 'resolve') return expression;
  const mildest = mildestOf(condition);
  return mildest === undefined ? expression : `(\n${expression}\n) ${condition.operator} ${mildest}`;
}

function mildestOf({ operator, levels }: ThresholdCondition): number | undefined {
  const bounds = levels.flatMap(({ threshold, resolveThreshold }) => (resolveThreshold === undefined ? [threshold] : [threshold, resolveThreshold]));
  if (bounds.some((bound) => !Number.isFinite(bound))) return undefined;
  if (operator === '>' || operator === '>=') return Math.min(...bounds);
  if (operator === '<' || operator === '<=') return Math.max(...bounds);
  return undefined;
}
