/** A value of the `FloatColumn` scalar: a number, one of the three that JSON lacks as text, or no sample. */
export type FloatValue = number | string | null | undefined;

/** The float64 of a column's entry; `undefined` where there is no sample. */
export function decodeFloat(value: FloatValue): number | undefined {
  if (typeof value === 'number') return value;
  switch (value) {
    case 'NaN':
      return NaN;
    case '+Inf':
      return Infinity;
    case '-Inf':
      return -Infinity;
    default:
      return undefined;
  }
}
