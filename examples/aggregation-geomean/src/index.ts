import { definePlugin, points } from '@metrics-dashboard/sdk';
import type { AggregationFunction, MergeableAccumulator } from '@metrics-dashboard/sdk';

/**
 * The geometric mean, `exp(sum(ln(x)) / n)`: the mean of ratios and growth factors. A value below zero has no
 * logarithm and makes the result NaN.
 */
const geomean: AggregationFunction = {
  name: 'geomean',
  create: () => new Geomean(),
};

export default definePlugin({
  id: 'aggregation-geomean',
  sdk: '^0.1.0',
  activate: () => [points.aggregation.of(geomean)],
});

class Geomean implements MergeableAccumulator {
  #sumOfLogs = 0;
  #count = 0;

  add(value: number): void {
    this.#sumOfLogs += Math.log(value);
    this.#count++;
  }

  result(): number | undefined {
    return this.#count === 0 ? undefined : Math.exp(this.#sumOfLogs / this.#count);
  }

  reset(): void {
    this.#sumOfLogs = 0;
    this.#count = 0;
  }

  save(): Float64Array {
    return Float64Array.of(this.#sumOfLogs, this.#count);
  }

  merge(saved: Float64Array): void {
    const [sumOfLogs = 0, count = 0] = saved;
    this.#sumOfLogs += sumOfLogs;
    this.#count += count;
  }
}
