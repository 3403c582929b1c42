import type { ValueType } from '../language/ast.js';

/** What a function takes and gives. */
export interface Signature {
  readonly args: readonly ValueType[];
  /** How many of the last arguments may be left out. */
  readonly optional: number;
  /** Whether the last argument may come again and again. */
  readonly repeats: boolean;
  readonly returns: ValueType;
}

const fixed = (args: readonly ValueType[], returns: ValueType = 'vector', optional = 0): Signature => ({ args, optional, repeats: false, returns });
const repeating = (args: readonly ValueType[], optional: number, returns: ValueType = 'vector'): Signature => ({ args, optional, repeats: true, returns });

const OF_RANGE = fixed(['matrix']);
const OF_VECTOR = fixed(['vector']);
const OF_TIME = fixed(['vector'], 'vector', 1);

const groups: readonly (readonly [names: string, signature: Signature])[] = [
  ['rate irate increase delta idelta resets changes deriv', OF_RANGE],
  ['avg_over_time min_over_time max_over_time sum_over_time count_over_time last_over_time first_over_time', OF_RANGE],
  ['present_over_time absent_over_time stddev_over_time stdvar_over_time mad_over_time', OF_RANGE],
  ['ts_of_min_over_time ts_of_max_over_time ts_of_first_over_time ts_of_last_over_time', OF_RANGE],
  ['quantile_over_time', fixed(['scalar', 'matrix'])],
  ['predict_linear', fixed(['matrix', 'scalar'])],
  ['double_exponential_smoothing', fixed(['matrix', 'scalar', 'scalar'])],
  ['abs ceil floor exp ln log2 log10 sqrt sgn', OF_VECTOR],
  ['acos acosh asin asinh atan atanh cos cosh sin sinh tan tanh deg rad', OF_VECTOR],
  ['absent sort sort_desc timestamp start_timestamp', OF_VECTOR],
  ['info', fixed(['vector', 'vector'], 'vector', 1)],
  ['minute hour day_of_week day_of_month day_of_year days_in_month month year', OF_TIME],
  ['round', fixed(['vector', 'scalar'], 'vector', 1)],
  ['clamp', fixed(['vector', 'scalar', 'scalar'])],
  ['clamp_min clamp_max', fixed(['vector', 'scalar'])],
  ['scalar', fixed(['vector'], 'scalar')],
  ['vector', fixed(['scalar'])],
  ['time pi start end step range', fixed([], 'scalar')],
  ['min_of max_of', fixed(['scalar', 'scalar'], 'scalar')],
  ['label_replace', fixed(['vector', 'string', 'string', 'string', 'string'])],
  ['label_join', repeating(['vector', 'string', 'string', 'string'], 1)],
  ['sort_by_label sort_by_label_desc', repeating(['vector', 'string'], 1)],
  ['histogram_quantile', fixed(['scalar', 'vector'])],
  ['histogram_quantiles', repeating(['vector', 'string', 'scalar'], 0)],
  ['histogram_fraction', fixed(['scalar', 'scalar', 'vector'])],
];

const signatures = new Map<string, Signature>();
for (const [names, signature] of groups) for (const name of names.split(' ')) signatures.set(name, signature);

/** The signature of a function of the language; undefined where there is no such function here. */
export function signatureOf(name: string): Signature | undefined {
  return signatures.get(name);
}
