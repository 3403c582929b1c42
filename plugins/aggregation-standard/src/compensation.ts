/**
 * Adds a value to a sum that carries its rounding error beside it, after Kahan and Neumaier: cell i of `sums` and of
 * `lost`. An infinite sum has no error.
 * Source: https://en.wikipedia.org/wiki/Kahan_summation_algorithm#Further_enhancements.
 */
export function addCompensated(sums: Float64Array, lost: Float64Array, i: number, value: number): void {
  const sum = sums[i] as number;
  const total = sum + value;
  if (total === Infinity || total === -Infinity) lost[i] = 0;
  else if (Math.abs(sum) >= Math.abs(value)) lost[i] = (lost[i] as number) + (sum - total + value);
  else lost[i] = (lost[i] as number) + (value - total + sum);
  sums[i] = total;
}
