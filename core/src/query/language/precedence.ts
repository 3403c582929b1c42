import type { Binary, BinaryOperator, Expr, Matching, Span } from './ast.js';

/** A binary operator between two operands, as it was written. */
export interface Infix {
  readonly kind: 'infix';
  readonly operator: BinaryOperator;
  readonly bool: boolean;
  readonly matching: Matching;
  readonly operatorAt: Span;
}

/** A sign before an operand. */
export interface Sign {
  readonly kind: 'sign';
  readonly operator: '+' | '-';
  readonly from: number;
}

/** What an expression without its parentheses is, from left to right. */
export type Item = Infix | Sign | Expr;

const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '>': 3,
  '<=': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
/** A sign takes in powers and nothing else: `-a ^ 2` is `-(a ^ 2)`, `-a * b` is `(-a) * b`. */
const SIGN_PRECEDENCE = 6;

/** Builds the tree of a flat list of operands, signs and operators. All bind to the left but `^`. */
export function associate(items: readonly Item[]): Expr {
  let next = 0;
  const operand = (): Expr => {
    const item = items[next++];
    if (item === undefined || item.kind === 'infix') throw new RangeError('an operand is missing');
    return item.kind === 'sign' ? signed(item, climb(SIGN_PRECEDENCE)) : item;
  };
  const climb = (least: number): Expr => {
    let left = operand();
    for (;;) {
      const item = items[next];
      if (item === undefined || item.kind !== 'infix') return left;
      const precedence = PRECEDENCE[item.operator];
      if (precedence < least) return left;
      next++;
      left = joined(item, left, climb(item.operator === '^' ? precedence : precedence + 1));
    }
  };
  return climb(0);
}

function signed(sign: Sign, operand: Expr): Expr {
  const span = { from: sign.from, to: operand.to };
  if (operand.kind === 'number') return { kind: 'number', value: sign.operator === '-' ? -operand.value : operand.value, ...span };
  return { kind: 'unary', operator: sign.operator, operand, ...span };
}

function joined(infix: Infix, left: Expr, right: Expr): Binary {
  const { operator, bool, matching, operatorAt } = infix;
  return { kind: 'binary', operator, bool, matching, operatorAt, left, right, from: left.from, to: right.to };
}
