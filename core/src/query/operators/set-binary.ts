import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Matching, SetOperator } from '../language/ast.js';
import type { CallBody } from './call.js';
import { matchGroups } from './matching.js';
import { seriesKey } from './operator.js';

/** `and` and `unless`: which series of the left side stay, by whether the right one has their match group at the step. */
export function setBinary(operator: SetOperator, matching: Matching): CallBody {
  if (operator === 'or') return union(matching);
  let groups = matchGroups([], [], matching);
  const wanted = operator === 'and' ? 1 : 0;
  return {
    series: ([left = [], right = []]) => {
      groups = matchGroups(left, right, matching);
      return left;
    },
    compute: ([left, right], out) => {
      if (left === undefined || right === undefined) return;
      const seen = new Uint8Array(groups.labels.length);
      for (let k = 0; k < out.steps; k++) {
        seen.fill(0);
        mark(right, groups.right, seen, k);
        for (let i = 0; i < left.width; i++) if (seen[groups.left[i] as number] === wanted) pass(left, i, out, i, k);
      }
    },
  };
}

/** `or`: the left side, and of the right one what has a match group that the left side lacks at the step. */
function union(matching: Matching): CallBody {
  let groups = matchGroups([], [], matching);
  /** The result's column of each series of the right side: a series of both sides has one. */
  let columns: readonly number[] = [];
  return {
    series: ([left = [], right = []]) => {
      groups = matchGroups(left, right, matching);
      const series = [...left];
      const byKey = new Map(left.map((one, i) => [seriesKey(one), i]));
      columns = right.map((one) => byKey.get(seriesKey(one)) ?? series.push(one) - 1);
      return series;
    },
    compute: ([left, right], out) => {
      if (left === undefined || right === undefined) return;
      const seen = new Uint8Array(groups.labels.length);
      for (let k = 0; k < out.steps; k++) {
        seen.fill(0);
        mark(left, groups.left, seen, k);
        for (let i = 0; i < left.width; i++) pass(left, i, out, i, k);
        for (let j = 0; j < right.width; j++) if (seen[groups.right[j] as number] === 0) pass(right, j, out, columns[j] as number, k);
      }
    },
  };
}

function mark(side: StepBatch, groups: Uint32Array, seen: Uint8Array, k: number): void {
  const row = k * side.width;
  for (let i = 0; i < side.width; i++) if (side.present[row + i] === 1) seen[groups[i] as number] = 1;
}

/** Hands a sample on, where there is one. */
function pass(side: StepBatch, i: number, out: StepBatch, column: number, k: number): void {
  const from = k * side.width + i;
  if (side.present[from] !== 1) return;
  const to = k * out.width + column;
  out.values[to] = side.values[from] as number;
  out.present[to] = 1;
}
