import { formatDuration, formatMatcher } from '@metrics-dashboard/sdk';
import type { Matching } from '../language/ast.js';
import type { LogicalNode, SelectNode, Shift, WindowNode } from '../plan/logical.js';

/** A plan on one line, for tests: `(+ select{a} 2)`. What passes found out of a selector stands behind it. */
export function planText(node: LogicalNode): string {
  switch (node.kind) {
    case 'constant':
      return String(node.value);
    case 'text':
      return JSON.stringify(node.value);
    case 'select':
      return `select${selection(node)}`;
    case 'window':
      return `window${selection(node)}[${formatDuration(node.range)}]`;
    case 'subquery':
      return `(subquery[${formatDuration(node.range)}]${shiftText(node.shift)} ${planText(node.inner)})`;
    case 'call':
      return `(${[node.name, ...node.args.map(planText)].join(' ')})`;
    case 'aggregate': {
      const { name, grouping, parameter, inner } = node;
      const by = grouping.labels.length === 0 && !grouping.without ? '' : ` ${grouping.without ? 'without' : 'by'}(${grouping.labels.join(',')})`;
      return `(${name}${by}${parameter === undefined ? '' : ` ${planText(parameter)}`} ${planText(inner)})`;
    }
    case 'binary':
      return `(${node.operator}${matchingText(node.matching)} ${planText(node.left)} ${planText(node.right)})`;
    case 'negate':
      return `(- ${planText(node.inner)})`;
    case 'once':
      return `(once ${planText(node.inner)})`;
    case 'shared':
      return `(shared ${planText(node.inner)})`;
  }
}

function selection({ matchers, shift, projected, merged }: SelectNode | WindowNode): string {
  const found = (projected === true ? ' nameless' : '') + (merged === undefined ? '' : ` ${merged.range.start / 1000}s…${merged.range.end / 1000}s`);
  const names = matchers.map((one) => (one.name === '__name__' && one.operator === '=' ? one.value : formatMatcher(one)));
  return `{${names.join(',')}${found}}${shiftText(shift)}`;
}

function shiftText({ at, offset }: Shift): string {
  return (at === undefined ? '' : `@${at / 1000}`) + (offset === 0 ? '' : ` offset ${formatDuration(offset)}`);
}

function matchingText({ written, on, labels, cardinality }: Matching): string {
  if (!written) return '';
  return ` ${on ? 'on' : 'ignoring'}(${labels.join(',')})${cardinality === 'one-to-one' ? '' : ` ${cardinality}`}`;
}
