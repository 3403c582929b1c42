import { ConfigError, MetricsDashboardError, messageOf } from '@metrics-dashboard/sdk';
import { readRuleFile } from './config/rule-files.js';
import { readRules } from './config/sections/rules.js';
import { readRuleTests } from './rule-tests/rule-test-file.js';
import { runRuleTest } from './rule-tests/run-rule-test.js';
import { withTestEngine } from './rule-tests/test-engine.js';
import type { TestEngineOptions } from './rule-tests/test-engine.js';
import { checkGroups } from './rules/check-rules.js';
import type { RuleGroup } from './rules/rule.js';

/** How the tests of a file went. */
export interface RuleTestReport {
  readonly file: string;
  /** What is wrong with the file itself, or with its rules; then no test ran. */
  readonly error: string | undefined;
  readonly tests: readonly { readonly name: string; readonly failures: readonly string[] }[];
}

/** Runs the tests of a file in promtool's format, each in an empty engine of its own. Does not reject for what is written wrongly. */
export async function testRules(file: string, options: TestEngineOptions): Promise<RuleTestReport> {
  try {
    const { tests, ruleFiles, evaluationInterval, groupOrder, isFuzzy, route } = await readRuleTests(file);
    const files = await Promise.all(ruleFiles.map(readRuleFile));
    const groups = inOrder(readRules(files, { evaluationInterval, queryOffset: 0 }), groupOrder);
    await withTestEngine(options, (engine) => checkGroups(groups, (expression) => engine.formatExpression(expression)));
    const reports: { name: string; failures: readonly string[] }[] = [];
    for (const test of tests) {
      const failures = await withTestEngine(options, (engine) => runRuleTest(test, { engine, clock: options.clock, groups, evaluationInterval, isFuzzy, route }));
      reports.push({ name: test.name, failures });
    }
    return { file, error: undefined, tests: reports };
  } catch (error) {
    if (!(error instanceof MetricsDashboardError)) throw error;
    return { file, error: messageOf(error), tests: [] };
  }
}

/** Those that are named come first, in the order of their names. */
function inOrder(groups: readonly RuleGroup[], names: readonly string[]): readonly RuleGroup[] {
  if (names.length === 0) return groups;
  const unknown = names.find((name) => !groups.some((group) => group.name === name));
  if (unknown !== undefined) throw new ConfigError(`group_eval_order: there is no group ${JSON.stringify(unknown)}`);
  const place = ({ name }: RuleGroup): number => (names.includes(name) ? names.indexOf(name) : names.length);
  return [...groups].sort((a, b) => place(a) - place(b));
}
