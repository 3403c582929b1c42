import { ConfigError, ParseError, QueryError, messageOf } from '@metrics-dashboard/sdk';
import type { Position } from '@metrics-dashboard/sdk';
import { configErrorAt, mergeErrors, partOf } from '../plugin/config-place.js';
import type { ConfigPlace } from '../plugin/plugin-config.js';
import { compileRule } from './compiled-rule.js';
import { nameOf } from './rule.js';
import type { Rule, RuleGroup } from './rule.js';

/** Reads an expression. Rejects with a `ParseError` or a `QueryError` that knows the place inside it. */
export type CheckExpression = (expression: string) => Promise<unknown>;

/** Checks what can be checked without data: expressions and templates. Rejects with one `ConfigError` that tells every mistake with its place. */
export async function checkGroups(groups: readonly RuleGroup[], checkExpression: CheckExpression): Promise<void> {
  const errors: ConfigError[] = [];
  for (const group of groups) {
    for (const rule of group.rules) {
      for (const error of await errorsOf(rule, checkExpression)) errors.push(error);
    }
  }
  if (errors.length > 0) throw mergeErrors(errors);
}

/** Throws one `ConfigError` that tells every receiver that rules name and that is not there, with its place. */
export function assertReceivers(groups: readonly RuleGroup[], known: ReadonlySet<string>): void {
  const errors: ConfigError[] = [];
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    for (const [i, receiver] of (rule.kind === 'alerting' ? rule.receivers : []).entries()) {
      if (known.has(receiver)) continue;
      const names = [...known].map((name) => JSON.stringify(name)).join(', ') || 'none';
      errors.push(configErrorAt(partOf(rule.at, ['receivers', i]), `there is no receiver ${JSON.stringify(receiver)}, known are ${names}`));
    }
  }
  if (errors.length > 0) throw mergeErrors(errors);
}

async function errorsOf(rule: Rule, checkExpression: CheckExpression): Promise<readonly ConfigError[]> {
  const errors: ConfigError[] = [];
  try {
    await checkExpression(rule.expression);
  } catch (error) {
    const isWrong = error instanceof ParseError || error instanceof QueryError;
    if (!isWrong) throw error;
    errors.push(configErrorAt(placeInside(rule.expressionAt, error.position), `rule ${JSON.stringify(nameOf(rule))}: ${withoutPosition(messageOf(error))}`));
  }
  try {
    if (rule.kind === 'alerting') compileRule(rule);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    errors.push(error);
  }
  return errors;
}

/** The place in the file of a place inside the expression; without a file, that inside the expression. */
function placeInside(at: ConfigPlace, position: Position | undefined): ConfigPlace {
  if (position === undefined) return at;
  const { line, column } = position;
  if (at.line === undefined || at.column === undefined) return { ...at, line, column };
  return { ...at, line: at.line + line - 1, column: line === 1 ? at.column + column - 1 : column + (at.parts?.['indent']?.column ?? 0) };
}

/** The place in the file says it better than the one in the expression. */
function withoutPosition(message: string): string {
  return message.replace(/^\d+:\d+: (?:parse error: )?/, '');
}
