/**
 * The φ-quantile of some values by linear interpolation between the two nearest; sorts them in place. Below 0 it is
 * -Inf, above 1 +Inf; NaN values count as the smallest.
 */
export function quantileOf(phi: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(phi)) return NaN;
  if (phi < 0) return -Infinity;
  if (phi > 1) return Infinity;
  const sorted = sortedNaNFirst(values);
  const rank = phi * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (sorted[lower] as number) * (1 - weight) + (sorted[upper] as number) * weight;
}

/** A typed array sorts NaN to its end; here they belong to the start. */
function sortedNaNFirst(values: Float64Array): Float64Array {
  values.sort();
  let numbers = values.length;
  while (numbers > 0 && Number.isNaN(values[numbers - 1])) numbers--;
  const count = values.length - numbers;
  if (count > 0) {
    values.copyWithin(count, 0, numbers);
    values.fill(NaN, 0, count);
  }
  return values;
}
