import type { SyntaxNode } from '@lezer/common';
import { parseDuration } from '@metrics-dashboard/sdk';
import type { DurationExpr, DurationOperator } from './ast.js';
import { parseError } from './position.js';
import { childOf, childrenOf } from './tree.js';

const OPERATORS: Readonly<Record<string, DurationOperator>> = { Add: '+', Sub: '-', Mul: '*', Div: '/', Mod: '%', Pow: '^' };

/** A number as the language writes it, `1_000`, `0x1f`, `.5`, `Inf`, or a duration in seconds, `1h30m`. */
export function parseNumber(literal: string): number {
  const text = literal.replaceAll('_', '').toLowerCase();
  if (/^\d.*[a-z]$/.test(text) && !text.startsWith('0x')) return parseDuration(text) / 1000;
  if (text === 'inf') return Infinity;
  if (text === 'nan') return NaN;
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return Number(text);
}

/** A `DurationExpr` or `OffsetDurationExpr` of the grammar. */
export function convertDuration(text: string, node: SyntaxNode): DurationExpr {
  const span = { from: node.from, to: node.to };
  const parts = childrenOf(node);
  const [first, second, third] = parts;
  if (first === undefined) throw parseError(text, node.from, 'missing duration');
  switch (first.name) {
    case 'NumberDurationLiteralInDurationContext':
      return { kind: 'seconds', value: parseNumber(text.slice(first.from, first.to)), ...span };
    case 'DurationStep':
      return { kind: 'step', ...span };
    case 'DurationRange':
      return { kind: 'range', ...span };
    case 'UnaryOp': {
      const operand = convertDuration(text, childOf(node, 1));
      return text[first.from] === '-' ? { kind: 'negate', operand, ...span } : operand;
    }
    case 'DurationMinOf':
    case 'DurationMaxOf': {
      const operator = first.name === 'DurationMinOf' ? 'min' : 'max';
      return { kind: 'operation', operator, left: convertDuration(text, childOf(node, 1)), right: convertDuration(text, childOf(node, 2)), ...span };
    }
  }
  if (second === undefined) return convertDuration(text, first);
  const operator = OPERATORS[second.name];
  if (operator === undefined || third === undefined) throw parseError(text, second.from, 'missing duration');
  return { kind: 'operation', operator, left: convertDuration(text, first), right: convertDuration(text, third), ...span };
}

/** What a duration depends on besides its text, in seconds. */
export interface DurationContext {
  readonly step: number;
  readonly range: number;
}

/** The seconds of a duration. */
export function secondsOf(duration: DurationExpr, context: DurationContext): number {
  switch (duration.kind) {
    case 'seconds':
      return duration.value;
    case 'step':
      return context.step;
    case 'range':
      return context.range;
    case 'negate':
      return -secondsOf(duration.operand, context);
    case 'operation':
      return operate(duration.operator, secondsOf(duration.left, context), secondsOf(duration.right, context));
  }
}

function operate(operator: DurationOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '^':
      return a ** b;
    case 'min':
      return Math.min(a, b);
    case 'max':
      return Math.max(a, b);
  }
}
