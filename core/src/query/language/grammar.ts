import { InvariantError } from '@metrics-dashboard/sdk';
import { Sum, parser } from '@prometheus-io/lezer-promql';
import type { LRParser } from '@lezer/lr';

/** What Lezer hands a specializer: the state of the parse, and which terms it could take. */
interface Stack {
  canShift(term: number): boolean;
}
type Specializer = (value: string, stack: Stack) => number;

/** What the parser tables hold about keywords. Lezer needs the very function of the grammar to put another in its place, and doesn't export it. */
interface Specialized {
  readonly specializerSpecs: readonly { readonly external?: Specializer; readonly extend?: boolean; get(value: string, stack: Stack): number }[];
}

/** Functions of the language that the grammar knows among durations only. */
const SCALAR_FUNCTIONS = ['min_of', 'max_of'];

/**
 * The grammar's parser, told about more aggregations. A name is an aggregation only where the grammar can take one,
 * and a metric's name everywhere else, exactly as `sum` is: `geomean by (job) (geomean)` is fine.
 */
export function parserFor(aggregations: readonly string[]): LRParser {
  const functions = new Set([...SCALAR_FUNCTIONS, ...aggregations.map((name) => `${name}_over_time`)]);
  const original = contextualKeywords();
  const to: Specializer = (value, stack) => {
    const known = original(value, stack);
    if (known >= 0) return known;
    const term = aggregations.includes(value) ? Sum : functions.has(value) ? functionTerm(stack) : -1;
    return term >= 0 && stack.canShift(term) ? term : -1;
  };
  return parser.configure({ specializers: [{ from: original, to }] });
}

// The tables are the parser's own data, only not part of its published type.
const { specializerSpecs } = parser as unknown as Specialized;

/** The token of some function's name. Tables hold terms with one bit added, which says that the token stays an identifier as well. */
function functionTerm(stack: Stack): number {
  for (const one of specializerSpecs) {
    const found = one.external === undefined ? one.get('sum_over_time', stack) : -1;
    if (found >= 0) return found >> 1;
  }
  throw new InvariantError('the grammar knows sum_over_time');
}

function contextualKeywords(): Specializer {
  const found = specializerSpecs.find((one) => one.extend === true && one.external !== undefined)?.external;
  if (found === undefined) throw new InvariantError('the grammar has no contextual keywords');
  return found;
}
