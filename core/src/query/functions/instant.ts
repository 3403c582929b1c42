import type { StepBatch } from '@metrics-dashboard/sdk';
import type { CallBody } from '../operators/call.js';
import { SCALAR_SERIES } from '../operators/constant.js';
import { presentColumns } from '../operators/operator.js';
import type { OutputSeries } from '../operators/operator.js';
import { calendarFields } from './calendar.js';
import { scalarAt } from './range-function.js';

const degrees = 180 / Math.PI;

/** Functions of one value, and of scalars that follow it. */
const byValue: Readonly<Record<string, (value: number, a: number, b: number) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  exp: Math.exp,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
  sgn: (value) => (value > 0 ? 1 : value < 0 ? -1 : value),
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cos: Math.cos,
  cosh: Math.cosh,
  sin: Math.sin,
  sinh: Math.sinh,
  tan: Math.tan,
  tanh: Math.tanh,
  deg: (value) => value * degrees,
  rad: (value) => value / degrees,
  round: (value, nearest) => roundTo(value, Number.isNaN(nearest) ? 1 : nearest),
  clamp: (value, least, most) => Math.max(least, Math.min(most, value)),
  clamp_min: (value, least) => Math.max(least, value),
  clamp_max: (value, most) => Math.min(most, value),
  ...calendarFields,
};

/** The multiple of `nearest` next to a value, halves upwards. By the inverse, since 1/10 has no exact float64. */
function roundTo(value: number, nearest: number): number {
  const inverse = 1 / nearest;
  return Math.floor(value * inverse + 0.5) / inverse;
}

/** The body of a function that maps each sample on its own; undefined for other functions. */
export function mapping(name: string): CallBody | undefined {
  const compute = Object.hasOwn(byValue, name) ? byValue[name] : undefined;
  if (compute === undefined) return undefined;
  return {
    series: ([vector = []]) => dropNames(vector),
    compute: ([vector, ...scalars], out) => vector && mapInto(vector, scalars, out, compute, name),
  };
}

function mapInto(vector: StepBatch, scalars: readonly StepBatch[], out: StepBatch, compute: (value: number, a: number, b: number) => number, name: string): void {
  const { width } = vector;
  for (let k = 0, cell = 0; k < vector.steps; k++) {
    const a = scalarAt(scalars, 0, k);
    const b = scalarAt(scalars, 1, k);
    const empty = name === 'clamp' && a > b;
    for (let i = 0; i < width; i++, cell++) {
      if (vector.present[cell] !== 1 || empty) continue;
      out.values[cell] = compute(vector.values[cell] as number, a, b);
      out.present[cell] = 1;
    }
  }
}

/** The same series, whose values are no longer the metric's own. */
export function dropNames(series: readonly OutputSeries[]): readonly OutputSeries[] {
  return series.map(({ labels }) => ({ labels, dropsName: true }));
}

/** `-x`. */
export const negation: CallBody = {
  series: ([vector = []]) => dropNames(vector),
  compute: ([vector], out) => vector && mapInto(vector, [], out, (value) => -value, '-'),
};

/** The value of the only series of a vector, NaN where there is not exactly one. */
export const toScalar: CallBody = {
  series: () => SCALAR_SERIES,
  compute: ([vector], out) => {
    if (vector === undefined) return;
    for (let k = 0; k < vector.steps; k++) {
      let count = 0;
      let value = NaN;
      for (let cell = k * vector.width; cell < (k + 1) * vector.width; cell++) {
        if (vector.present[cell] !== 1) continue;
        count++;
        value = vector.values[cell] as number;
      }
      out.values[k] = count === 1 ? value : NaN;
      out.present[k] = 1;
    }
  },
};

/** The evaluation time of each sample, in seconds; of a selector, its samples' own times come as values already. */
export function timestamps(ofSelector: boolean): CallBody {
  return {
    series: ([vector = []]) => dropNames(vector),
    compute: ([vector], out) => {
      if (vector === undefined) return;
      copy(vector, out);
      if (ofSelector) return;
      for (let k = 0; k < out.steps; k++) out.values.fill((out.times[k] as number) / 1000, k * out.width, (k + 1) * out.width);
    },
  };
}

/** When each counter started, in seconds; samples are stored without it, and 0 says so. */
export const startTimestamps: CallBody = {
  series: ([vector = []]) => dropNames(vector),
  compute: ([vector], out) => {
    if (vector === undefined) return;
    copy(vector, out);
    out.values.fill(0, 0, out.steps * out.width);
  },
};

/** The same samples, in the order of their values. NaN comes last either way. */
export function sorting(descending: boolean): CallBody {
  return {
    series: ([vector = []]) => vector,
    compute: ([vector], out) => vector && copy(vector, out),
    order: (only) => {
      const columns = presentColumns(only);
      return columns.sort((a, b) => byNumber(only.values[a] as number, only.values[b] as number, descending));
    },
  };
}

/** NaN after every number, whichever the direction. */
export function byNumber(a: number, b: number, descending: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return descending ? b - a || 0 : a - b || 0;
}

/** The same samples, handed on. */
export const identity: CallBody = {
  series: ([vector = []]) => vector,
  compute: ([vector], out) => vector && copy(vector, out),
};

export function copy(from: StepBatch, to: StepBatch): void {
  const cells = from.steps * from.width;
  to.values.set(from.values.subarray(0, cells));
  to.present.set(from.present.subarray(0, cells));
}
