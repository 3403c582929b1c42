import type { AggregationFunction } from '@metrics-dashboard/sdk';
import type { KnownAggregations } from '../language/check.js';
import { CHOOSING_AGGREGATIONS, isStandardAggregation } from '../language/names.js';
import { signatureOf } from '../functions/signatures.js';

/** The aggregations a query can use: those of plugins, and those of the engine itself. */
export class Aggregations implements KnownAggregations {
  readonly #byName: ReadonlyMap<string, AggregationFunction>;

  constructor(functions: readonly AggregationFunction[]) {
    this.#byName = new Map(functions.map((one) => [one.name, one]));
  }

  /** Names that the grammar has to be told about. */
  get foreignNames(): readonly string[] {
    return [...this.#byName.keys()].filter((name) => !isStandardAggregation(name));
  }

  get(name: string): AggregationFunction | undefined {
    return this.#byName.get(name);
  }

  /** The plugin's aggregation behind `name_over_time`, unless the language has a function of that name. */
  behind(name: string): AggregationFunction | undefined {
    if (signatureOf(name) !== undefined || !name.endsWith('_over_time')) return undefined;
    return this.#byName.get(name.slice(0, -'_over_time'.length));
  }

  parameterOf(name: string): 'none' | 'scalar' | 'string' | undefined {
    if (name === 'count_values') return 'string';
    if (CHOOSING_AGGREGATIONS.has(name)) return 'scalar';
    const found = this.#byName.get(name);
    if (found === undefined) return undefined;
    return found.parameter === undefined ? 'none' : 'scalar';
  }

  overTime(name: string): { readonly parameter: boolean } | undefined {
    const found = this.behind(name);
    return found && { parameter: found.parameter !== undefined };
  }
}
