import { ParseError } from '../errors.js';
import type { Labels } from './labels.js';

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

/** Makes a matcher. A regular expression is anchored at both ends; a bad one is a `ParseError`. */
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

/** `job=~"api|web"`, as the query language writes it. */
export function formatMatcher(one: Matcher): string {
  return `${one.name}${one.operator}${JSON.stringify(one.value)}`;
}

/**
 * The values that an expression made of literals and `|` alone can match, or undefined for any other expression.
 * An index answers such a matcher by look-ups instead of a walk over all values.
 */
export function literalAlternatives(expression: string): readonly string[] | undefined {
  return /[.+*?^$()[\]{}\\]/.test(expression) ? undefined : expression.split('|');
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
  const regex = anchored(expression);
  return (candidate) => regex.test(candidate);
}

/**
 * Matchers follow RE2's syntax, anchored, with `.` matching line ends too. V8 backtracks, so what can blow up,
 * a repetition inside a repeated group, is refused here instead of being run.
 */
function anchored(expression: string): RegExp {
  if (expression.length > MAX_REGEX_LENGTH) {
    throw new ParseError(`regular expression of ${expression.length} characters, expected at most ${MAX_REGEX_LENGTH}`);
  }
  const { source, flags } = withInlineFlags(expression);
  if (repeatsARepetition(source)) {
    throw new ParseError(
      `regular expression ${JSON.stringify(expression)} repeats a group that itself repeats; its matching time could grow without bound`,
    );
  }
  try {
    return new RegExp(`^(?:${source})$`, flags);
  } catch (cause) {
    throw new ParseError(`bad regular expression ${JSON.stringify(expression)}`, { cause });
  }
}

/** Go's leading `(?i)`, `(?s)` and `(?is)` become flags; `(?P<name>…)` becomes `(?<name>…)`. */
function withInlineFlags(expression: string): { source: string; flags: string } {
  const inline = /^\(\?([is]+)\)/.exec(expression);
  const source = (inline ? expression.slice(inline[0].length) : expression).replaceAll('(?P<', '(?<');
  return { source, flags: inline?.[1]?.includes('i') ? 'ius' : 'us' };
}

/** Whether a group that holds an unbounded repetition is itself repeated, or the expression refers back or looks around. */
function repeatsARepetition(source: string): boolean {
  if (/\\[1-9]|\\k<|\(\?[=!]|\(\?<[=!]/.test(source)) return true;
  const open: boolean[] = [];
  let closedRepeating = false;
  let inClass = false;
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    const isRepetition = c === '*' || c === '+' || (c === '{' && /^\{\d+(,\d*)?\}/.test(source.slice(i)));
    if (c === '\\') {
      i++;
      closedRepeating = false;
    } else if (inClass) {
      inClass = c !== ']';
    } else if (c === '[') {
      inClass = true;
      closedRepeating = false;
    } else if (c === '(') {
      open.push(false);
      closedRepeating = false;
    } else if (c === ')') {
      closedRepeating = open.pop() ?? false;
      if (closedRepeating && open.length > 0) open[open.length - 1] = true;
    } else if (isRepetition) {
      if (closedRepeating) return true;
      if (open.length > 0) open[open.length - 1] = true;
    } else {
      closedRepeating = false;
    }
  }
  return false;
}
