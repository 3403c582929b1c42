import { METRIC_NAME } from '@metrics-dashboard/sdk';
import type { Matcher } from '@metrics-dashboard/sdk';
import { signatureOf } from '../functions/signatures.js';
import type { Grouping, Matching } from '../language/ast.js';
import type { AggregateNode, BinaryNode, LogicalNode } from './logical.js';
import { typeOf, withInputs } from './logical.js';

/** Functions whose series don't have the labels of their argument's. */
const RELABELING: ReadonlySet<string> = new Set(
  'label_replace label_join absent absent_over_time vector info histogram_quantile histogram_quantiles histogram_fraction'.split(' '),
);
/** Aggregations that answer with series of their argument: what they leave out depends on all of them. */
const CHOOSING: ReadonlySet<string> = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio', 'count_values']);

/**
 * Where two vectors are matched, what a selector on one side asks of a label that both sides share is asked on the
 * other side as well: `a{job="x"} / b` reads `b{job="x"}` alone.
 */
export function propagateMatchers(plan: LogicalNode): LogicalNode {
  const node = withInputs(plan, propagateMatchers);
  if (node.kind !== 'binary' || typeOf(node.left) !== 'vector' || typeOf(node.right) !== 'vector') return node;
  const { operator, matching } = node;
  if (operator === 'or' || matching.fillLeft !== undefined || matching.fillRight !== undefined) return node;
  const toRight = shared(matching, known(node.left));
  const toLeft = operator === 'unless' ? [] : shared(matching, known(node.right));
  return { ...node, left: ask(node.left, toLeft), right: ask(node.right, toRight) };
}

/** What holds for the labels of every series that a node yields. */
function known(node: LogicalNode): readonly Matcher[] {
  switch (node.kind) {
    case 'select':
    case 'window':
      return node.matchers.filter(({ name }) => name !== METRIC_NAME);
    case 'subquery':
    case 'negate':
    case 'once':
    case 'shared':
      return known(node.inner);
    case 'aggregate':
      return node.name === 'count_values' ? [] : keptBy(node, known(node.inner));
    case 'call': {
      const vector = RELABELING.has(node.name) ? undefined : vectorOf(node.args);
      return vector === undefined ? [] : known(vector);
    }
    case 'binary':
      return knownOfBinary(node);
    case 'constant':
    case 'text':
      return [];
  }
}

function knownOfBinary({ left, right, operator, matching }: BinaryNode): readonly Matcher[] {
  if (typeOf(left) === 'scalar') return known(right);
  if (typeOf(right) === 'scalar' || operator === 'and' || operator === 'unless') return known(left);
  if (operator === 'or' || matching.fillLeft !== undefined || matching.fillRight !== undefined) return [];
  if (matching.cardinality === 'one-to-one') return shared(matching, [...known(left), ...known(right)]);
  const [many, one] = matching.cardinality === 'many-to-one' ? [left, right] : [right, left];
  const untouched = known(many).filter(({ name }) => !matching.include.includes(name));
  return [...untouched, ...shared(matching, known(one))];
}

/** The matchers on labels that series of both sides have in common. */
function shared({ on, labels }: Matching, matchers: readonly Matcher[]): readonly Matcher[] {
  return matchers.filter(({ name }) => name !== METRIC_NAME && labels.includes(name) === on);
}

function keptBy(node: { readonly grouping: Grouping; readonly name: string }, matchers: readonly Matcher[]): readonly Matcher[] {
  const { grouping, name } = node;
  if (CHOOSING.has(name)) return matchers;
  return matchers.filter((one) => grouping.labels.includes(one.name) !== grouping.without);
}

function vectorOf(args: readonly LogicalNode[]): LogicalNode | undefined {
  return args.find((argument) => typeOf(argument) === 'vector' || typeOf(argument) === 'matrix');
}

/** The node, reading only what the matchers let through, as far as that can be told below. */
function ask(node: LogicalNode, matchers: readonly Matcher[]): LogicalNode {
  if (matchers.length === 0) return node;
  switch (node.kind) {
    case 'select':
    case 'window':
      return { ...node, matchers: united(node.matchers, matchers) };
    case 'subquery':
    case 'negate':
    case 'once':
    case 'shared':
      return { ...node, inner: ask(node.inner, matchers) };
    case 'aggregate':
      return { ...node, inner: ask(node.inner, groupedBy(node, matchers)) };
    case 'call': {
      const vector = RELABELING.has(node.name) || signatureOf(node.name)?.returns === 'scalar' ? undefined : vectorOf(node.args);
      return { ...node, args: node.args.map((argument) => (argument === vector ? ask(argument, matchers) : argument)) };
    }
    case 'binary':
      return askBinary(node, matchers);
    case 'constant':
    case 'text':
      return node;
  }
}

/** Groups stay whole only where all their series have the label's value. */
function groupedBy({ name, grouping: { without, labels } }: AggregateNode, matchers: readonly Matcher[]): readonly Matcher[] {
  return name === 'count_values' ? [] : matchers.filter((one) => labels.includes(one.name) !== without);
}

function askBinary(node: BinaryNode, matchers: readonly Matcher[]): LogicalNode {
  const { left, right, operator, matching } = node;
  if (typeOf(left) === 'scalar') return { ...node, right: ask(right, matchers) };
  if (typeOf(right) === 'scalar') return { ...node, left: ask(left, matchers) };
  // A series on the left that nobody asks for may still hide one on the right, unless they have the label in common.
  if (operator === 'or') return { ...node, left: ask(left, shared(matching, matchers)), right: ask(right, matchers) };
  const both = shared(matching, matchers).filter(({ name }) => !matching.include.includes(name));
  return { ...node, left: ask(left, both), right: ask(right, both) };
}

function united(own: readonly Matcher[], more: readonly Matcher[]): readonly Matcher[] {
  const isOwn = (one: Matcher): boolean => own.some(({ name, operator, value }) => name === one.name && operator === one.operator && value === one.value);
  const fresh = more.filter((one, i) => !isOwn(one) && more.findIndex((other) => other.name === one.name && other.operator === one.operator && other.value === one.value) === i);
  return fresh.length === 0 ? own : [...own, ...fresh];
}
