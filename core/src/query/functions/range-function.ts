import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Windows } from '../operators/windows.js';

/**
 * Computes a function over all windows of one series at once: fills column `column` of `out`. Step k's scalar
 * arguments are at `scalars[j].values[k]`.
 */
export type RangeKernel = (windows: Windows, out: StepBatch, column: number, scalars: readonly StepBatch[]) => void;

/** A function of the samples [from, to) of a window, of which there are at least as many as it needs. */
export type WindowFunction = (windows: Windows, from: number, to: number, k: number, scalars: readonly StepBatch[]) => number;

/** A kernel that computes each window on its own; windows with fewer samples than `least` have no result. */
export function eachWindow(least: number, compute: WindowFunction): RangeKernel {
  return (windows, out, column, scalars) => {
    for (let k = 0, cell = column; k < windows.steps; k++, cell += out.width) {
      const from = windows.from[k] as number;
      const to = windows.to[k] as number;
      if (to - from < least) continue;
      out.values[cell] = compute(windows, from, to, k, scalars);
      out.present[cell] = 1;
    }
  };
}

/** The value of a scalar argument at step k. */
export function scalarAt(scalars: readonly StepBatch[], index: number, k: number): number {
  return scalars[index]?.values[k] ?? NaN;
}
