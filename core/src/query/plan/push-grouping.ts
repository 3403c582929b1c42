import { METRIC_NAME } from '@metrics-dashboard/sdk';
import type { AggregateNode, LogicalNode } from './logical.js';
import { typeOf, withInputs } from './logical.js';

/** Functions that leave labels aside, or look at those that every series of one metric has. */
const BLIND = /^(?:(?:.*_over_time)|rate|irate|increase|delta|idelta|resets|changes|deriv|predict_linear|double_exponential_smoothing|abs|ceil|floor|exp|ln|log2|log10|sqrt|sgn|round|clamp|clamp_min|clamp_max|deg|rad)$/;
const CHOOSING: ReadonlySet<string> = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio', 'count_values']);

/**
 * Tells selectors which labels are needed. It pays where none is: `sum(rate(a[5m]))` adds up series without ever
 * asking what they are called.
 */
export function pushGrouping(plan: LogicalNode): LogicalNode {
  const node = withInputs(plan, pushGrouping);
  if (node.kind !== 'aggregate' || !needsNoLabels(node)) return node;
  return { ...node, inner: withoutLabels(node.inner) };
}

function needsNoLabels({ name, grouping }: AggregateNode): boolean {
  return !grouping.without && grouping.labels.length === 0 && !CHOOSING.has(name);
}

function withoutLabels(node: LogicalNode): LogicalNode {
  switch (node.kind) {
    case 'select':
    case 'window':
      return node.matchers.some(({ name, operator }) => name === METRIC_NAME && operator === '=') ? { ...node, projected: true } : node;
    case 'negate':
      return { ...node, inner: withoutLabels(node.inner) };
    case 'call':
      if (!BLIND.test(node.name) || node.name === 'absent_over_time') return node;
      return { ...node, args: node.args.map((argument) => (typeOf(argument) === 'scalar' ? argument : withoutLabels(argument))) };
    case 'binary':
      if (typeOf(node.left) === 'scalar') return { ...node, right: withoutLabels(node.right) };
      return typeOf(node.right) === 'scalar' ? { ...node, left: withoutLabels(node.left) } : node;
    default:
      return node;
  }
}
