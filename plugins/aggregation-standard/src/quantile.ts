import type { Accumulator, AggregationFunction } from '@metrics-dashboard/sdk';

/** The φ-quantile, interpolated linearly between the two nearest values; NaN values count as the smallest. */
export const quantile: AggregationFunction = {
  name: 'quantile',
  parameter: 'the quantile, from 0 to 1',
  create: (parameter = NaN) => new Quantile(parameter),
  over: (values, from, to, parameter = NaN) => quantileOf(parameter, values.slice(from, to)),
};

class Quantile implements Accumulator {
  readonly #phi: number;
  #values = new Float64Array(8);
  #count = 0;

  constructor(phi: number) {
    this.#phi = phi;
  }

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = value;
  }

  result(): number | undefined {
    return this.#count === 0 ? undefined : quantileOf(this.#phi, this.#values.slice(0, this.#count));
  }

  reset(): void {
    this.#count = 0;
  }
}

/** Sorts the values in place. */
function quantileOf(phi: number, values: Float64Array): number {
  if (Number.isNaN(phi)) return NaN;
  if (phi < 0 || phi > 1) return phi < 0 ? -Infinity : Infinity;
  values.sort();
  // A typed array sorts NaN to its end; here they belong before the numbers.
  let numbers = values.length;
  while (numbers > 0 && Number.isNaN(values[numbers - 1])) numbers--;
  const missing = values.length - numbers;
  const at = (rank: number): number => (rank < missing ? NaN : (values[rank - missing] as number));
  const rank = phi * (values.length - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(values.length - 1, lower + 1);
  const weight = rank - lower;
  return at(lower) * (1 - weight) + at(upper) * weight;
}
