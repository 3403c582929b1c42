import type { Matcher } from '@metrics-dashboard/sdk';

/** The type of an expression's value: what it yields at one time. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/** Where a node stands in the query's text: characters [from, to), counted from 0. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A query as it was written, after the grammar. Operators are re-associated, durations not yet resolved. */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregate
  | Binary
  | Unary
  | Paren;

export interface NumberLiteral extends Span {
  readonly kind: 'number';
  readonly value: number;
}

export interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
}

export interface VectorSelector extends Span, TimeShift {
  readonly kind: 'vector-selector';
  /** The metric name is among them, as `__name__`. */
  readonly matchers: readonly Matcher[];
  readonly edges: Edges | undefined;
}

/**
 * What a selector knows at the edges of its range: `anchored` takes the last sample before the range as the one at its
 * start, `smoothed` draws a line between the samples on both sides of an edge.
 */
export type Edges = 'anchored' | 'smoothed';

export interface MatrixSelector extends Span {
  readonly kind: 'matrix-selector';
  readonly selector: VectorSelector;
  readonly range: DurationExpr;
}

export interface Subquery extends Span, TimeShift {
  readonly kind: 'subquery';
  readonly inner: Expr;
  readonly range: DurationExpr;
  /** undefined: the engine's default. */
  readonly step: DurationExpr | undefined;
}

export interface Call extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
}

export interface Aggregate extends Span {
  readonly kind: 'aggregate';
  readonly name: string;
  readonly parameter: Expr | undefined;
  readonly inner: Expr;
  readonly grouping: Grouping;
}

export interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
}

export interface Binary extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  /** Comparisons answer 0 or 1 instead of filtering. */
  readonly bool: boolean;
  readonly matching: Matching;
  /** Where the operator itself stands. */
  readonly operatorAt: Span;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '<' | '>' | '<=' | '>=';
export type SetOperator = 'and' | 'or' | 'unless';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;

/** How series of the two sides find each other. */
export interface Matching {
  /** Whether `on` or `ignoring` was written. */
  readonly written: boolean;
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly cardinality: 'one-to-one' | 'many-to-one' | 'one-to-many';
  /** Labels that the many side takes over from the one side. */
  readonly include: readonly string[];
  /** Stands in where a side has no partner; undefined: such series are left out. */
  readonly fillLeft: number | undefined;
  readonly fillRight: number | undefined;
}

export interface Unary extends Span {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly operand: Expr;
}

export interface Paren extends Span {
  readonly kind: 'paren';
  readonly inner: Expr;
}

/** `offset` and `@` of a selector or a subquery. */
export interface TimeShift {
  readonly offset: DurationExpr | undefined;
  /** The time `@` names, in milliseconds, or an end of the query's range. */
  readonly at: number | 'start' | 'end' | undefined;
}

/** A length of time in a query's text; its number is in seconds, as the language counts. */
export type DurationExpr =
  | ({ readonly kind: 'seconds'; readonly value: number } & Span)
  | ({ readonly kind: 'step' } & Span)
  | ({ readonly kind: 'range' } & Span)
  | ({ readonly kind: 'negate'; readonly operand: DurationExpr } & Span)
  | ({ readonly kind: 'operation'; readonly operator: DurationOperator; readonly left: DurationExpr; readonly right: DurationExpr } & Span);

export type DurationOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'min' | 'max';

const COMPARISONS: ReadonlySet<string> = new Set<ComparisonOperator>(['==', '!=', '<', '>', '<=', '>=']);
const SET_OPERATORS: ReadonlySet<string> = new Set<SetOperator>(['and', 'or', 'unless']);

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return COMPARISONS.has(operator);
}

export function isSetOperator(operator: BinaryOperator): operator is SetOperator {
  return SET_OPERATORS.has(operator);
}

/** The expression inside any parentheses. */
export function unwrap(expr: Expr): Expr {
  let inner = expr;
  while (inner.kind === 'paren') inner = inner.inner;
  return inner;
}

/** The expressions right below, as they are written. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'vector-selector':
      return [];
    case 'matrix-selector':
      return [expr.selector];
    case 'subquery':
    case 'paren':
      return [expr.inner];
    case 'unary':
      return [expr.operand];
    case 'call':
      return expr.args;
    case 'aggregate':
      return expr.parameter === undefined ? [expr.inner] : [expr.parameter, expr.inner];
    case 'binary':
      return [expr.left, expr.right];
  }
}
