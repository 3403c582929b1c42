import { ParseError } from '../errors.js';
import { isLegacyLabelName, type Labels } from './labels.js';
import { linearRegex } from './linear-regex.js';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** A test of one label's value. A missing label has the empty value. */
export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  matches(value: string): boolean;
}

/** The longest regular expression a matcher takes, in characters. */
export const MAX_REGEX_LENGTH = 10_000;

/**
 * Makes a matcher. A regular expression is in RE2's syntax, `.` matches line ends too, it must match the whole value,
 * and its time is linear in the value's length whatever it is; a bad one is a `ParseError`.
 */
export function matcher(name: string, operator: MatchOperator, value: string): Matcher {
  const test = predicate(operator, value);
  return { name, operator, value, matches: test };
}

/** Whether a label set passes all matchers of a selector. */
export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((one) => one.matches(labels.get(one.name)));
}

/** Whether a matcher lets series pass that don't have its label. */
export function matchesEmpty(one: Matcher): boolean {
  return one.matches('');
}

/** `job=~"api|web"`, as the query language writes it; a name outside its alphabet is quoted. */
export function formatMatcher(one: Matcher): string {
  const name = isLegacyLabelName(one.name) ? one.name : JSON.stringify(one.name);
  return `${name}${one.operator}${JSON.stringify(one.value)}`;
}

/** Characters that mean themselves, also as `\.`, between `|`. */
const LITERALS = /^(?:[^\\.+*?^$()[\]{}]|\\[\\.+*?^$()[\]{}|])*$/;

/**
 * The values that an expression made of literals and `|` alone can match, or undefined for any other expression.
 * An index answers such a matcher by look-ups instead of a walk over all values.
 */
export function literalAlternatives(expression: string): readonly string[] | undefined {
  if (!LITERALS.test(expression)) return undefined;
  if (!expression.includes('\\')) return expression.split('|');
  return [...`${expression}|`.matchAll(/((?:[^\\|]|\\.)*)\|/gs)].map(([, literal = '']) => literal.replace(/\\(.)/g, '$1'));
}

function predicate(operator: MatchOperator, value: string): (candidate: string) => boolean {
  switch (operator) {
    case '=':
      return (candidate) => candidate === value;
    case '!=':
      return (candidate) => candidate !== value;
    case '=~':
      return compile(value);
    case '!~': {
      const test = compile(value);
      return (candidate) => !test(candidate);
    }
  }
}

function compile(expression: string): (candidate: string) => boolean {
  const literals = literalAlternatives(expression);
  if (literals !== undefined) {
    const set = new Set(literals);
    return (candidate) => set.has(candidate);
  }
  if (expression === '.*') return () => true;
  if (expression === '.+') return (candidate) => candidate !== '';
  if (expression.length > MAX_REGEX_LENGTH) {
    throw new ParseError(`regular expression of ${expression.length} characters, expected at most ${MAX_REGEX_LENGTH}`);
  }
  return linearRegex(expression);
}
