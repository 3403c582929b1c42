import { Labels } from '@metrics-dashboard/sdk';
import type { Matcher } from '@metrics-dashboard/sdk';
import type { CallBody } from '../operators/call.js';

/** The labels that a missing series would have, as far as equality matchers say: a label that is matched twice says nothing. */
export function absentLabels(matchers: readonly Matcher[]): Labels {
  const values = new Map<string, string>();
  for (const { name, operator, value } of matchers) {
    if (name === '__name__') continue;
    const isFirst = !values.has(name) && operator === '=';
    values.set(name, isFirst ? value : '');
  }
  return Labels.from(values);
}

/** 1 at each step at which the argument has no sample. */
export function absence(labels: Labels): CallBody {
  return {
    series: () => [{ labels, dropsName: false }],
    compute: ([vector], out) => {
      if (vector === undefined) return;
      for (let k = 0; k < vector.steps; k++) {
        const from = k * vector.width;
        const found = vector.present.subarray(from, from + vector.width).includes(1);
        out.values[k] = 1;
        out.present[k] = found ? 0 : 1;
      }
    },
  };
}
