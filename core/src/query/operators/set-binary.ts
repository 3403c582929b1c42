import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Matching, SetOperator } from '../language/ast.js';
import type { CallBody } from './call.js';
import { matchGroups } from './matching.js';

/** `and`, `unless` and `or`: which series stay, by whether the other side has their match group at the step. */
export function setBinary(operator: SetOperator, matching: Matching): CallBody {
  let groups = matchGroups([], [], matching);
  return {
    series: ([left = [], right = []]) => {
      groups = matchGroups(left, right, matching);
      return operator === 'or' ? [...left, ...right] : left;
    },
    compute: ([left, right], out) => {
      if (left === undefined || right === undefined) return;
      const seen = new Uint8Array(groups.labels.length);
      for (let k = 0; k < out.steps; k++) {
        seen.fill(0);
        if (operator === 'or') {
          mark(left, groups.left, seen, k);
          pass(left, out, k, 0, () => true);
          pass(right, out, k, left.width, (j) => seen[groups.right[j] as number] === 0);
        } else {
          mark(right, groups.right, seen, k);
          const wanted = operator === 'and' ? 1 : 0;
          pass(left, out, k, 0, (i) => seen[groups.left[i] as number] === wanted);
        }
      }
    },
  };
}

function mark(side: StepBatch, groups: Uint32Array, seen: Uint8Array, k: number): void {
  const row = k * side.width;
  for (let i = 0; i < side.width; i++) if (side.present[row + i] === 1) seen[groups[i] as number] = 1;
}

function pass(side: StepBatch, out: StepBatch, k: number, column: number, stays: (i: number) => boolean): void {
  const from = k * side.width;
  const to = k * out.width + column;
  for (let i = 0; i < side.width; i++) {
    if (side.present[from + i] !== 1 || !stays(i)) continue;
    out.values[to + i] = side.values[from + i] as number;
    out.present[to + i] = 1;
  }
}
