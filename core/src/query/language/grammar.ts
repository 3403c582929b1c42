import { InvariantError } from '@metrics-dashboard/sdk';
import { Sum, SumOverTime, parser } from '@prometheus-io/lezer-promql';
import type { LRParser } from '@lezer/lr';

type Specializer = (value: string, stack: unknown) => number;

/** What the parser tables hold about keywords. Lezer needs the very function of the grammar to put another in its place, and doesn't export it. */
interface Specialized {
  readonly specializerSpecs: readonly { readonly external?: Specializer; readonly extend?: boolean }[];
}

/**
 * The grammar's parser, told about more aggregations. A name is an aggregation only where the grammar can take one,
 * and a metric's name everywhere else, exactly as `sum` is: `geomean by (job) (geomean)` is fine.
 */
export function parserFor(aggregations: readonly string[]): LRParser {
  if (aggregations.length === 0) return parser;
  const terms = new Map<string, number>();
  for (const name of aggregations) terms.set(name, Sum).set(`${name}_over_time`, SumOverTime);
  const original = contextualKeywords();
  const to: Specializer = (value, stack) => {
    const known = original(value, stack);
    return known >= 0 ? known : (terms.get(value) ?? -1);
  };
  return parser.configure({ specializers: [{ from: original, to }] });
}

function contextualKeywords(): Specializer {
  // The tables are the parser's own data, only not part of its published type.
  const { specializerSpecs } = parser as unknown as Specialized;
  const found = specializerSpecs.find((one) => one.extend === true && one.external !== undefined)?.external;
  if (found === undefined) throw new InvariantError('the grammar has no contextual keywords');
  return found;
}
