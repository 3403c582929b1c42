import { readRuleFile } from './config/rule-files.js';
import { readRules } from './config/sections/rules.js';
import type { ConfigPlace } from './plugin/plugin-config.js';
import { withTestEngine } from './rule-tests/test-engine.js';
import type { TestEngineOptions } from './rule-tests/test-engine.js';
import { checkGroups } from './rules/check-rules.js';
import { lintGroups } from './rules/lint-rules.js';
import type { LintFinding } from './rules/lint-rules.js';
import { nameOf } from './rules/rule.js';
import type { Rule } from './rules/rule.js';

/** What there is to say about a rule file that can be read. */
export interface RuleFileReport {
  readonly groups: number;
  readonly rules: number;
  readonly findings: readonly LintFinding[];
  /** What is evaluated, in the order of the file. */
  readonly expressions: readonly RuleExpression[];
}

export interface RuleExpression {
  readonly at: ConfigPlace;
  readonly rule: string;
  readonly expression: string;
  /** The metric that it writes; undefined for an alerting rule. */
  readonly record: string | undefined;
}

/** Checks a rule file as a start would, without data. Rejects with a `ConfigError` that tells every mistake with its place. */
export async function checkRuleFile(file: string, options: TestEngineOptions): Promise<RuleFileReport> {
  const groups = readRules([await readRuleFile(file)], { evaluationInterval: 60_000, queryOffset: 0 });
  await withTestEngine(options, (engine) => checkGroups(groups, (expression) => engine.formatExpression(expression)));
  return { groups: groups.length, rules: groups.reduce((sum, { rules }) => sum + rules.length, 0), findings: lintGroups(groups), expressions: groups.flatMap(({ rules }) => rules.map(expressionOf)) };
}

function expressionOf(rule: Rule): RuleExpression {
  return { at: rule.at, rule: nameOf(rule), expression: rule.expression, record: rule.kind === 'recording' ? rule.record : undefined };
}
