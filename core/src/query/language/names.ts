import { signatureOf } from '../functions/signatures.js';

/** Aggregations that choose or count series instead of making one value of many: operators of the engine itself. */
export const CHOOSING_AGGREGATIONS: ReadonlySet<string> = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio', 'count_values']);

/** Aggregations of the language that are functions on the contract every plugin has. */
const COMPUTING_AGGREGATIONS: ReadonlySet<string> = new Set(['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar', 'quantile']);

/** Names of the grammar beyond the functions answered here, and its keywords. */
const GRAMMAR: ReadonlySet<string> = new Set(
  (
    'and or unless atan2 by without on ignoring group_left group_right bool offset inf nan fill fill_left fill_right anchored smoothed ' +
    'histogram_avg histogram_count histogram_sum histogram_stddev histogram_stdvar'
  ).split(' '),
);

/**
 * Whether a name already means something in the language, so that a plugin's aggregation may not take it. The
 * language's own aggregations come from a plugin as well: those names are free for whoever offers them first.
 */
export function isReservedFunction(name: string): boolean {
  return GRAMMAR.has(name) || CHOOSING_AGGREGATIONS.has(name) || isFunction(name) || isFunction(`${name}_over_time`);
}

/** Whether a name is an aggregation of the language itself. */
export function isStandardAggregation(name: string): boolean {
  return COMPUTING_AGGREGATIONS.has(name);
}

function isFunction(name: string): boolean {
  if (isStandardAggregation(name) || isStandardAggregation(name.replace(/_over_time$/, ''))) return false;
  return signatureOf(name) !== undefined;
}
