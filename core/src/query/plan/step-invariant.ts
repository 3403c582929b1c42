import type { LogicalNode } from './logical.js';
import { inputsOf, typeOf, withInputs } from './logical.js';

/** Functions that answer with the evaluation time when they are asked without an argument, or in spite of one. */
const TIMED: ReadonlySet<string> = new Set(
  'time timestamp predict_linear minute hour day_of_week day_of_month day_of_year days_in_month month year'.split(' '),
);

/**
 * Puts a `once` over the largest parts whose selectors are all pinned by `@`. Ranges stay below their function, and
 * numbers cost nothing, so neither gets one of its own.
 */
export function markStepInvariant(plan: LogicalNode): LogicalNode {
  if (isInvariant(plan)) return wrapped(plan);
  return withInputs(plan, markStepInvariant);
}

function wrapped(node: LogicalNode): LogicalNode {
  if (node.kind === 'constant' || node.kind === 'text' || node.kind === 'once') return node;
  if (typeOf(node) === 'matrix') return node;
  return { kind: 'once', inner: node, from: node.from, to: node.to };
}

function isInvariant(node: LogicalNode): boolean {
  switch (node.kind) {
    case 'select':
    case 'window':
    case 'subquery':
      return node.shift.at !== undefined;
    case 'call':
      return !isTimed(node.name, node.args) && node.args.every(isInvariant);
    default:
      return inputsOf(node).every(isInvariant);
  }
}

function isTimed(name: string, args: readonly LogicalNode[]): boolean {
  if (!TIMED.has(name)) return false;
  if (name === 'timestamp') return args[0]?.kind !== 'select';
  return args.length === 0 || name === 'predict_linear';
}
