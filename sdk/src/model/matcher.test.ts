import { describe, expect, it } from 'vitest';
import { ParseError } from '../errors.js';
import { Labels } from './labels.js';
import { MAX_REGEX_LENGTH, formatMatcher, literalAlternatives, matcher, matchesAll, matchesEmpty, type MatchOperator } from './matcher.js';

describe('a matcher', () => {
  it.each<[MatchOperator, string, readonly string[], readonly string[]]>([
    ['=', 'a', ['a'], ['', 'b']],
    ['=', '', [''], ['a']],
    ['!=', 'a', ['', 'b'], ['a']],
    ['=~', 'a|b', ['a', 'b'], ['', 'ab']],
    ['=~', 'a.*', ['a', 'ab\nc'], ['ba', '']],
    ['=~', '.*', ['', 'a'], []],
    ['=~', '.+', ['a', '\n'], ['']],
    ['=~', '', [''], ['a']],
    ['!~', 'a|b', ['', 'c'], ['a', 'b']],
    ['!~', '5..', ['404', ''], ['500']],
    ['!~', '.*', [], ['', 'a']],
  ])('%s %j', (operator, value, passing, others) => {
    const one = matcher('l', operator, value);
    for (const text of passing) expect([text, one.matches(text)]).toEqual([text, true]);
    for (const text of others) expect([text, one.matches(text)]).toEqual([text, false]);
    expect(matchesEmpty(one)).toBe(passing.includes(''));
  });

  it('takes a missing label for an empty one', () => {
    const labels = Labels.of({ job: 'api' });
    expect(matchesAll([matcher('job', '=', 'api'), matcher('zone', '!=', 'x'), matcher('zone', '=~', '')], labels)).toBe(true);
    expect(matchesAll([matcher('job', '=', 'api'), matcher('zone', '=~', '.+')], labels)).toBe(false);
    expect(matchesAll([], labels)).toBe(true);
  });

  it('refuses an expression that can not be read, or is too long', () => {
    expect(() => matcher('a', '=~', 'a(')).toThrow(ParseError);
    expect(() => matcher('a', '!~', '(?=a)')).toThrow(ParseError);
    expect(() => matcher('a', '=~', 'a.'.repeat(MAX_REGEX_LENGTH / 2 + 1))).toThrow('expected at most 10000');
    expect(() => matcher('a', '=', 'a(')).not.toThrow();
  });

  it('is written as the query language does', () => {
    expect(formatMatcher(matcher('job', '=~', 'a"|b'))).toBe('job=~"a\\"|b"');
    expect(formatMatcher(matcher('not a label', '!=', 'x'))).toBe('"not a label"!="x"');
  });

  it('tells expressions of literals alone from others', () => {
    expect(literalAlternatives('a|b-c|')).toEqual(['a', 'b-c', '']);
    expect(literalAlternatives('a\\.b|\\||c\\\\|')).toEqual(['a.b', '|', 'c\\', '']);
    for (const other of ['a.b', 'a*', '(a)', 'a\\d', 'a\\', '[a]', 'a{2}', '^a', 'a$', 'a?', 'a+']) {
      expect(literalAlternatives(other)).toBeUndefined();
    }
  });
});
