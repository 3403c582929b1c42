import type { SyntaxNode } from '@lezer/common';
import { METRIC_NAME, ParseError, matcher } from '@metrics-dashboard/sdk';
import type { MatchOperator, Matcher } from '@metrics-dashboard/sdk';
import { parseError } from './position.js';
import { unquote } from './strings.js';
import { childOf, childrenOf } from './tree.js';

/** The matchers of a `VectorSelector` of the grammar, the metric name's first. */
export function convertSelector(text: string, node: SyntaxNode): readonly Matcher[] {
  const matchers: Matcher[] = [];
  let metric: string | undefined;
  const setMetric = (name: string, at: number): void => {
    if (metric !== undefined) throw parseError(text, at, `metric name must not be set twice: ${JSON.stringify(metric)} or ${JSON.stringify(name)}`);
    metric = name;
    matchers.push(matcher(METRIC_NAME, '=', name));
  };
  for (const part of childrenOf(node)) {
    if (part.name === 'Identifier') setMetric(text.slice(part.from, part.to), part.from);
    else for (const one of childrenOf(part)) {
      if (one.name === 'QuotedLabelName') setMetric(readLabelName(text, one), one.from);
      else matchers.push(convertMatcher(text, one));
    }
  }
  const named = matchers.filter(({ name, operator }) => name === METRIC_NAME && operator === '=');
  if (metric !== undefined && named.length > 1) {
    throw parseError(text, node.from, `metric name must not be set twice: ${JSON.stringify(metric)} or ${JSON.stringify(named[1]?.value)}`);
  }
  return matchers;
}

function convertMatcher(text: string, node: SyntaxNode): Matcher {
  const name = readLabelName(text, childOf(node, 0));
  const operator = childOf(node, 1);
  const value = readString(text, childOf(node, 2));
  try {
    // The grammar's match operators are those of the type.
    return matcher(name, text.slice(operator.from, operator.to) as MatchOperator, value);
  } catch (cause) {
    if (!(cause instanceof ParseError)) throw cause;
    throw parseError(text, node.from, cause.message);
  }
}

/** A label's name, quoted or not. */
export function readLabelName(text: string, node: SyntaxNode): string {
  return node.name === 'QuotedLabelName' ? readString(text, childOf(node, 0)) : text.slice(node.from, node.to);
}

/** The value of a string literal. */
export function readString(text: string, node: SyntaxNode): string {
  const literal = text.slice(node.from, node.to);
  const value = unquote(literal);
  if (value === undefined) throw parseError(text, node.from, `${literal} is not a complete string`);
  return value;
}
