import { foldConstants } from './fold-constants.js';
import type { Grid, LogicalNode } from './logical.js';
import { mergeSelectors } from './merge-selectors.js';
import { propagateMatchers } from './propagate-matchers.js';
import { pushGrouping } from './push-grouping.js';
import { shareCommon } from './share.js';
import { markStepInvariant } from './step-invariant.js';

/** A rewriting of the plan that keeps its result. */
export interface Pass {
  readonly name: string;
  readonly run: (plan: LogicalNode, grid: Grid) => LogicalNode;
}

/**
 * In order: folding first, so that what became constant is not marked; matchers before what compares selectors; sharing
 * before labels are left out for one of two users, and before merging, so that what is computed once is not read twice. The choice of a rollup level comes after them: it needs
 * the storage, and is made where a selector becomes an operator (`physical-levels.ts`).
 */
export const PASSES: readonly Pass[] = [
  { name: 'fold constants', run: foldConstants },
  { name: 'mark what is the same at every step', run: markStepInvariant },
  { name: 'propagate matchers', run: propagateMatchers },
  { name: 'share common subexpressions', run: shareCommon },
  { name: 'push grouping', run: pushGrouping },
  { name: 'merge selectors', run: mergeSelectors },
];

/** The plan after all passes, or after some. */
export function optimize(plan: LogicalNode, grid: Grid, passes: readonly Pass[] = PASSES): LogicalNode {
  return passes.reduce((node, pass) => pass.run(node, grid), plan);
}

/** The names of the passes that find something to do, in order. */
export function passesThatMatter(plan: LogicalNode, grid: Grid): readonly string[] {
  let node = plan;
  return PASSES.filter(({ run }) => {
    const before = JSON.stringify(node);
    node = run(node, grid);
    return JSON.stringify(node) !== before;
  }).map(({ name }) => name);
}
