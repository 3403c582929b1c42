import { signatureOf } from '../functions/signatures.js';
import { formatValue } from '../functions/format-value.js';
import type { Binary, Call, DurationExpr, Expr, TimeShift, VectorSelector } from './ast.js';
import { isSetOperator } from './ast.js';
import { typeOfChecked } from './check.js';
import { secondsOf } from './duration.js';
import { writtenName } from './format.js';

/**
 * The syntax tree of a checked expression as JSON text, in the form of the Prometheus HTTP API's `parse_query`. Durations
 * are in milliseconds; those that depend on the query's step or range, which is not known here, are 0.
 */
export function syntaxTree(expr: Expr, text: string): string {
  return JSON.stringify(translate(expr, text));
}

function translate(expr: Expr, text: string): object {
  const below = (inner: Expr): object => translate(inner, text);
  switch (expr.kind) {
    case 'number':
      return { type: 'numberLiteral', val: formatValue(expr.value) };
    case 'string':
      return { type: 'stringLiteral', val: expr.value };
    case 'paren':
      return { type: 'parenExpr', expr: below(expr.inner) };
    case 'unary':
      return { type: 'unaryExpr', op: expr.operator, expr: below(expr.operand) };
    case 'vector-selector':
      return { type: 'vectorSelector', ...selection(expr, text) };
    case 'matrix-selector':
      return { type: 'matrixSelector', ...selection(expr.selector, text), range: milliseconds(expr.range) };
    case 'subquery':
      return { type: 'subquery', expr: below(expr.inner), range: milliseconds(expr.range), step: expr.step === undefined ? 0 : milliseconds(expr.step), ...shift(expr), alignEvalTime: false };
    case 'aggregate': {
      const { name: op, inner, parameter, grouping } = expr;
      return { type: 'aggregation', op, expr: below(inner), param: parameter === undefined ? null : below(parameter), grouping: grouping.labels, without: grouping.without };
    }
    case 'call':
      return { type: 'call', func: functionOf(expr), args: expr.args.map(below) };
    case 'binary':
      return { type: 'binaryExpr', op: expr.operator, lhs: below(expr.left), rhs: below(expr.right), matching: matchingOf(expr), bool: expr.bool };
  }
}

function selection(selector: VectorSelector, text: string): object {
  const { matchers, edges } = selector;
  return {
    name: writtenName(selector, text),
    matchers: matchers.map(({ name, operator, value }) => ({ name, value, type: operator })),
    ...shift(selector),
    anchored: edges === 'anchored',
    smoothed: edges === 'smoothed',
  };
}

function shift({ offset, at }: TimeShift): object {
  return {
    offset: offset === undefined ? 0 : milliseconds(offset),
    timestamp: typeof at === 'number' ? at : null,
    startOrEnd: typeof at === 'string' ? at : null,
  };
}

/** How many of the last arguments may be left out, or -1 where the last one may come again and again. */
function functionOf({ name, args }: Call): object {
  const signature = signatureOf(name);
  // The function of a plugin's aggregation: a range, and its parameter before it.
  if (signature === undefined) return { name, argTypes: args.length > 1 ? ['scalar', 'matrix'] : ['matrix'], variadic: 0, returnType: 'vector' };
  return { name, argTypes: signature.args, variadic: signature.repeats ? -1 : signature.optional, returnType: signature.returns };
}

function matchingOf({ left, right, operator, matching }: Binary): object | null {
  if (typeOfChecked(left) !== 'vector' || typeOfChecked(right) !== 'vector') return null;
  const { on, labels, cardinality, include, fillLeft, fillRight } = matching;
  return {
    card: isSetOperator(operator) ? 'many-to-many' : cardinality,
    labels,
    on,
    include,
    fillValues: { lhs: fillLeft ?? null, rhs: fillRight ?? null },
  };
}

function milliseconds(duration: DurationExpr): number {
  const value = secondsOf(duration, { step: NaN, range: NaN }) * 1000;
  return Number.isFinite(value) ? Math.round(value) : 0;
}
