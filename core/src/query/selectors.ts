import { METRIC_NAME, ParseError } from '@metrics-dashboard/sdk';
import type { Matcher } from '@metrics-dashboard/sdk';
import { childrenOf } from './language/ast.js';
import type { Expr } from './language/ast.js';
import { parserFor } from './language/grammar.js';
import { parse } from './language/parse.js';

const parser = parserFor([]);

/**
 * Whether an expression asks for a metric by its name, or by a pattern of names. Variables, `$name` and `${name}`, may
 * stand for anything. A text that can't be read asks for the metrics that it names.
 */
export function askedBy(expression: string): (metric: string) => boolean {
  const selectors = selectorsOf(expression);
  if (selectors === undefined) {
    const words = new Set(expression.match(/[a-zA-Z_:][\w:]*/g));
    return (metric) => words.has(metric);
  }
  const named = selectors.map((matchers) => matchers.filter(({ name }) => name === METRIC_NAME));
  return (metric) => named.some((matchers) => matchers.length > 0 && matchers.every((one) => one.matches(metric)));
}

function selectorsOf(expression: string): (readonly Matcher[])[] | undefined {
  try {
    return [...selectorsIn(parse(expression.replace(VARIABLE, '1'), parser))];
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

/** What is put in its place, a digit, is well-formed as a number, as a duration and in a literal. */
const VARIABLE = /\$(?:\w+|\{\w+(?::\w+)?\})/g;

function* selectorsIn(expr: Expr): Generator<readonly Matcher[]> {
  if (expr.kind === 'vector-selector') yield expr.matchers;
  for (const child of childrenOf(expr)) yield* selectorsIn(child);
}
