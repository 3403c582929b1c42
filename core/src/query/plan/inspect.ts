import type { StepBatch } from '@metrics-dashboard/sdk';
import type { Execution } from '../operators/execution.js';

/** Warns of quantiles outside 0 to 1. */
export function inspectQuantile(execution: Execution, at: number): (scalar: StepBatch) => void {
  return (scalar) => {
    for (let k = 0; k < scalar.steps; k++) {
      const phi = scalar.values[k] as number;
      if (!(phi >= 0 && phi <= 1)) execution.warn(`quantile value should be between 0 and 1, got ${spelled(phi)}`, at);
    }
  };
}

/** Refuses a number of series that is not a number. */
export function inspectCount(execution: Execution, at: number): (scalar: StepBatch) => void {
  return (scalar) => {
    for (let k = 0; k < scalar.steps; k++) {
      const count = scalar.values[k] as number;
      if (Number.isNaN(count)) throw execution.failure('Parameter value is NaN', at);
      if (Math.abs(count) >= 2 ** 63) throw execution.failure(`Scalar value ${spelled(count)} ${count > 0 ? 'over' : 'under'}flows int64`, at);
    }
  };
}

/** Refuses a share that is not a number, and warns of one beyond the whole. */
export function inspectRatio(execution: Execution, at: number): (scalar: StepBatch) => void {
  return (scalar) => {
    for (let k = 0; k < scalar.steps; k++) {
      const ratio = scalar.values[k] as number;
      if (Number.isNaN(ratio)) throw execution.failure('Ratio value is NaN', at);
      if (Math.abs(ratio) > 1) execution.warn(`ratio value should be between -1 and 1, got ${spelled(ratio)}, capping to ${Math.sign(ratio)}`, at);
    }
  };
}

function spelled(value: number): string {
  return value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
}
