import type { StepBatch } from '@metrics-dashboard/sdk';
import { arithmetic, compare } from '../functions/arithmetic.js';
import { isComparison } from '../language/ast.js';
import type { ArithmeticOperator, ComparisonOperator } from '../language/ast.js';
import type { CallBody } from './call.js';
import { SCALAR_SERIES } from './constant.js';

export interface ScalarBinary {
  readonly operator: ArithmeticOperator | ComparisonOperator;
  readonly bool: boolean;
  /** Which side is a scalar. */
  readonly scalars: 'both' | 'left' | 'right';
}

/** An operator with a scalar on one side or on both. */
export function scalarBinary(options: ScalarBinary): CallBody {
  const { operator, bool, scalars } = options;
  const keepsName = isComparison(operator) && !bool;
  return {
    series: ([left = [], right = []]) => {
      if (scalars === 'both') return SCALAR_SERIES;
      const vector = scalars === 'left' ? right : left;
      return keepsName ? vector : vector.map(({ labels }) => ({ labels, dropsName: true }));
    },
    compute: ([left, right], out) => {
      if (left === undefined || right === undefined) return;
      if (scalars === 'left') combine(options, right, left, out);
      else combine(options, left, right, out);
    },
  };
}

/** A comparison without `bool` lets the vector's own value pass, on whichever side the vector stands. */
function combine({ operator, bool, scalars }: ScalarBinary, vector: StepBatch, scalar: StepBatch, out: StepBatch): void {
  const { width } = vector;
  for (let k = 0, cell = 0; k < vector.steps; k++) {
    const number = scalar.values[k] as number;
    for (let i = 0; i < width; i++, cell++) {
      if (vector.present[cell] !== 1) continue;
      const value = vector.values[cell] as number;
      const left = scalars === 'left' ? number : value;
      const right = scalars === 'left' ? value : number;
      if (!isComparison(operator)) out.values[cell] = arithmetic(operator, left, right);
      else {
        const holds = compare(operator, left, right);
        if (!holds && !bool) continue;
        out.values[cell] = bool ? Number(holds) : value;
      }
      out.present[cell] = 1;
    }
  }
}
