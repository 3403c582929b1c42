import { matcher } from '@metrics-dashboard/sdk';
import type { Matcher, MatchOperator } from '@metrics-dashboard/sdk';
import { z } from 'zod';
import { parseMatchers } from '../../alerting/matcher-syntax.js';
import { readBy } from '../section.js';
import { text, textMap, withDefault } from '../values.js';

/** `matchers:`, a list of texts with one matcher or more in each. */
export const matcherList: z.ZodType<readonly Matcher[]> = withDefault(
  z.array(readBy(text, parseMatchers)).transform((lists) => lists.flat()),
  [],
);

/** `match:` and `match_re:`, label to value. */
export const equalMap: z.ZodType<readonly Matcher[]> = withDefault(matcherMap('='), []);
export const regexMap: z.ZodType<readonly Matcher[]> = withDefault(matcherMap('=~'), []);

function matcherMap(operator: MatchOperator): z.ZodType<readonly Matcher[]> {
  return readBy(textMap, (map) => Object.entries(map).map(([name, value]) => matcher(name, operator, value)));
}
