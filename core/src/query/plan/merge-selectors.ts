import type { TimeRange } from '@metrics-dashboard/sdk';
import { inputsOf, selectedRange, withInputs } from './logical.js';
import type { Grid, LogicalNode, Reading, SelectNode, WindowNode } from './logical.js';

/** A selector as it stands in the plan, with the time that it reads. */
interface Use {
  readonly node: SelectNode | WindowNode;
  readonly range: TimeRange;
}

/**
 * Selectors with the same matchers read their samples together where their ranges meet: `rate(a[5m]) > rate(a[1h])`
 * looks its series up once, and decodes them once.
 */
export function mergeSelectors(plan: LogicalNode, grid: Grid): LogicalNode {
  const uses = new Map<string, Use[]>();
  collect(plan, grid, { uses, shared: new Set() });
  const merged = new Map<LogicalNode, Pick<Reading, 'merged' | 'projected'>>();
  for (const [key, all] of uses) {
    const range = { start: Math.min(...all.map((use) => use.range.start)), end: Math.max(...all.map((use) => use.range.end)) };
    const lengths = all.reduce((sum, use) => sum + use.range.end - use.range.start, 0);
    if (all.length < 2 || all.length > MOST || range.end - range.start > lengths) continue;
    // Labels are there for all as soon as one needs them.
    const reading = { merged: { key, range }, ...(all.every(({ node }) => node.projected === true) && { projected: true }) };
    for (const { node } of all) merged.set(node, reading);
  }
  const rewrite = (node: LogicalNode): LogicalNode => {
    const reading = merged.get(node);
    if (reading === undefined || (node.kind !== 'select' && node.kind !== 'window')) return withInputs(node, rewrite);
    const { projected: _, ...rest } = node;
    return { ...rest, ...reading };
  };
  return merged.size === 0 ? plan : rewrite(plan);
}

/**
 * A selector over a part of its grid reads by itself, for what it was merged with reads other times; and the parts are
 * put together by their series' labels, so that those are needed.
 */
export function forPart<Node extends SelectNode | WindowNode>(node: Node, part: Grid, whole: Grid): Node {
  if (part === whole) return node;
  const { merged: _, projected: __, ...rest } = node;
  return rest as Node;
}

/** More uses than this are a chain that somebody generated. */
const MOST = 1000;

interface Collected {
  readonly uses: Map<string, Use[]>;
  /** What is computed once reads once as well. */
  readonly shared: Set<string>;
}

function collect(node: LogicalNode, grid: Grid, collected: Collected): void {
  const { uses, shared } = collected;
  if (node.kind === 'shared') {
    if (shared.has(node.key)) return;
    shared.add(node.key);
  }
  if (node.kind === 'select' || node.kind === 'window') {
    const key = JSON.stringify(node.matchers);
    const before = node.kind === 'select' ? node.lookback : node.range + (node.edges === undefined ? 0 : node.lookback);
    const ahead = node.kind === 'select' ? (node.smoothed ? node.lookback : 0) : node.edges === 'smoothed' ? node.lookback : 0;
    uses.set(key, [...(uses.get(key) ?? []), { node, range: selectedRange(grid, node.shift, before, ahead) }]);
    return;
  }
  const below = node.kind === 'subquery' ? node.innerGrid : node.kind === 'once' ? { start: grid.start, step: 0, count: 1 } : grid;
  for (const input of inputsOf(node)) collect(input, below, collected);
}
