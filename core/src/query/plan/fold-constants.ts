import { isComparison, isSetOperator } from '../language/ast.js';
import { arithmetic, compare } from '../functions/arithmetic.js';
import type { LogicalNode } from './logical.js';
import { withInputs } from './logical.js';

/** Numbers under operators become one number. */
export function foldConstants(plan: LogicalNode): LogicalNode {
  const node = withInputs(plan, foldConstants);
  const { from, to } = node;
  if (node.kind === 'negate' && node.inner.kind === 'constant') return { kind: 'constant', value: -node.inner.value, from, to };
  if (node.kind !== 'binary' || node.left.kind !== 'constant' || node.right.kind !== 'constant') return node;
  const { operator, left, right } = node;
  if (isSetOperator(operator)) return node;
  const value = isComparison(operator) ? Number(compare(operator, left.value, right.value)) : arithmetic(operator, left.value, right.value);
  return { kind: 'constant', value, from, to };
}
