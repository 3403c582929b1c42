import type { Matcher, TimeRange } from '@metrics-dashboard/sdk';
import type { Binary, Edges, Grouping, Span, ValueType } from '../language/ast.js';

/**
 * What is to be computed, before it is said how: every time is a number of milliseconds, every shift is explicit, and
 * what does not depend on the step stands under a `once`.
 */
export type LogicalNode =
  | ConstantNode
  | TextNode
  | SelectNode
  | WindowNode
  | SubqueryNode
  | CallNode
  | AggregateNode
  | BinaryNode
  | NegateNode
  | OnceNode
  | SharedNode;

/** The evaluation times of a node: `count` times, `step` apart. */
export interface Grid {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

export interface ConstantNode extends Span {
  readonly kind: 'constant';
  readonly value: number;
}

export interface TextNode extends Span {
  readonly kind: 'text';
  readonly value: string;
}

/** The latest sample of each series, at most `lookback` old. */
export interface SelectNode extends Span, Reading {
  readonly kind: 'select';
  readonly matchers: readonly Matcher[];
  readonly shift: Shift;
  readonly lookback: number;
  /** Whether the samples' values are wanted, or their times. */
  readonly yields: 'value' | 'time';
  /** Whether a line is drawn to the next sample, at most `lookback` away as well. */
  readonly smoothed: boolean;
}

/** Where a selector looks, seen from an evaluation time. */
export interface Shift {
  readonly offset: number;
  /** The evaluation time to use instead of the step's; undefined: the step's. */
  readonly at: number | undefined;
}

/** The samples of each series in (t - range, t]. */
export interface WindowNode extends Span, Reading {
  readonly kind: 'window';
  readonly matchers: readonly Matcher[];
  readonly shift: Shift;
  readonly range: number;
  /** Whether samples around the window are needed too, and how far away they may be. */
  readonly edges: Edges | undefined;
  readonly lookback: number;
}

/** The values of an expression on an inner grid, in (t - range, t]. */
export interface SubqueryNode extends Span {
  readonly kind: 'subquery';
  readonly inner: LogicalNode;
  readonly innerGrid: Grid;
  readonly shift: Shift;
  readonly range: number;
}

export interface CallNode extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly LogicalNode[];
  readonly returns: ValueType;
}

export interface AggregateNode extends Span {
  readonly kind: 'aggregate';
  readonly name: string;
  readonly parameter: LogicalNode | undefined;
  readonly inner: LogicalNode;
  readonly grouping: Grouping;
}

export interface BinaryNode extends Span, Pick<Binary, 'operator' | 'bool' | 'matching'> {
  readonly kind: 'binary';
  readonly left: LogicalNode;
  readonly right: LogicalNode;
}

export interface NegateNode extends Span {
  readonly kind: 'negate';
  readonly inner: LogicalNode;
}

/** Computed at one time, and the same at every step. */
export interface OnceNode extends Span {
  readonly kind: 'once';
  readonly inner: LogicalNode;
}

/** Computed once for all nodes with its key over one grid. */
export interface SharedNode extends Span {
  readonly kind: 'shared';
  readonly key: string;
  readonly inner: LogicalNode;
}

/** What passes find out about a selector. */
export interface Reading {
  /** No label but the metric's name is asked for. */
  readonly projected?: boolean;
  /** Selectors with one key read their samples together, over a range that holds all of theirs. */
  readonly merged?: { readonly key: string; readonly range: TimeRange };
}

/** The range of time in which a selector looks for samples: how far a step sees back (exclusive), and ahead. */
export function selectedRange(grid: Grid, shift: Shift, before: number, ahead = 0): TimeRange {
  const first = (shift.at ?? grid.start) - shift.offset;
  const last = (shift.at ?? grid.start + Math.max(0, grid.count - 1) * grid.step) - shift.offset;
  return { start: first - before + 1, end: last + ahead };
}

/** The type of what a node yields. */
export function typeOf(node: LogicalNode): ValueType {
  switch (node.kind) {
    case 'constant':
      return 'scalar';
    case 'text':
      return 'string';
    case 'select':
    case 'aggregate':
      return 'vector';
    case 'window':
    case 'subquery':
      return 'matrix';
    case 'call':
      return node.returns;
    case 'binary':
      return typeOf(node.left) === 'scalar' && typeOf(node.right) === 'scalar' ? 'scalar' : 'vector';
    case 'negate':
    case 'once':
    case 'shared':
      return typeOf(node.inner);
  }
}

/** The nodes right below. */
export function inputsOf(node: LogicalNode): readonly LogicalNode[] {
  switch (node.kind) {
    case 'constant':
    case 'text':
    case 'select':
    case 'window':
      return [];
    case 'subquery':
    case 'negate':
    case 'once':
    case 'shared':
      return [node.inner];
    case 'call':
      return node.args;
    case 'aggregate':
      return node.parameter === undefined ? [node.inner] : [node.parameter, node.inner];
    case 'binary':
      return [node.left, node.right];
  }
}

/** The node with other nodes below it, in the order of `inputsOf`. */
export function withInputs(node: LogicalNode, change: (input: LogicalNode) => LogicalNode): LogicalNode {
  switch (node.kind) {
    case 'constant':
    case 'text':
    case 'select':
    case 'window':
      return node;
    case 'subquery':
    case 'negate':
    case 'once':
    case 'shared':
      return { ...node, inner: change(node.inner) };
    case 'call':
      return { ...node, args: node.args.map(change) };
    case 'aggregate':
      return { ...node, parameter: node.parameter && change(node.parameter), inner: change(node.inner) };
    case 'binary':
      return { ...node, left: change(node.left), right: change(node.right) };
  }
}
