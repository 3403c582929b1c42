import { foldConstants } from './fold-constants.js';
import type { LogicalNode } from './logical.js';
import { markStepInvariant } from './step-invariant.js';

/** A rewriting of the plan that keeps its result. */
export interface Pass {
  readonly name: string;
  run(plan: LogicalNode): LogicalNode;
}

/** In order: folding first, so that what became constant is not marked. */
const PASSES: readonly Pass[] = [
  { name: 'fold constants', run: foldConstants },
  { name: 'mark what is the same at every step', run: markStepInvariant },
];

export function optimize(plan: LogicalNode): LogicalNode {
  return PASSES.reduce((node, pass) => pass.run(node), plan);
}
