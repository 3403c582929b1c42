import type { AggregationInput, ColumnAggregation, StepBatch } from '@metrics-dashboard/sdk';

/** The state of many accumulators of one kind, by their number; each begins without a sample. */
export interface Cells {
  add(cell: number, value: number): void;
  /** undefined: no sample came. */
  result(cell: number): number | undefined;
  reset(cell: number): void;
}

/** Aggregates a batch step by step; the cells are the groups, and are used again for each step. */
export function acrossCells(cells: Cells, input: AggregationInput, groups: Uint32Array, output: StepBatch): void {
  for (let step = 0, cell = 0; step < input.steps; step++) {
    for (let i = 0; i < input.width; i++, cell++) {
      if (input.present[cell] === 1) cells.add(groups[i] as number, input.values[cell] as number);
    }
    for (let group = 0; group < output.width; group++) {
      put(output, step * output.width + group, cells.result(group));
      cells.reset(group);
    }
  }
}

/** Aggregates series by series; there is a cell for each step of each group, those of a group side by side. */
export function columnsOfCells(cells: Cells, groups: number, steps: number): ColumnAggregation {
  return {
    add: (group, { values, present }) => {
      const first = group * steps;
      for (let step = 0; step < steps; step++) if (present[step] === 1) cells.add(first + step, values[step] as number);
    },
    finish: (output) => {
      for (let group = 0, cell = 0; group < groups; group++) {
        for (let step = 0; step < steps; step++, cell++) put(output, step * groups + group, cells.result(cell));
      }
    },
  };
}

function put(output: StepBatch, at: number, result: number | undefined): void {
  if (result === undefined) return;
  output.values[at] = result;
  output.present[at] = 1;
}
