import { formatMatcher } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { parseMatchers } from './matcher-syntax.js';

const shown = (text: string): string => parseMatchers(text).map(formatMatcher).join(' ');

describe('matchers', () => {
  it.each([
    ['foo=bar', 'foo="bar"'],
    ['foo="bar"', 'foo="bar"'],
    ['{foo="bar",baz!~"x.*"}', 'foo="bar" baz!~"x.*"'],
    [' foo = bar , baz != "" , ', 'foo="bar" baz!=""'],
    ['{}', ''],
    ['', ''],
    ['ämne=~"å|ö"', '"ämne"=~"å|ö"'],
    ['"with space"="a b"', '"with space"="a b"'],
    ['foo="a\\"b\\\\c\\nd"', 'foo="a\\"b\\\\c\\nd"'],
    ['foo=a b', 'foo="a b"'],
    ['foo=~[a-z]{2}', 'foo=~"[a-z]{2}"'],
    ['foo=', 'foo=""'],
    ['foo=a=b', 'foo="a=b"'],
  ])('%s is %s', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it.each([
    ['{foo="bar"', 'column 11: expected "," or "}"'],
    ['="x"', 'column 1: expected the name of a label'],
    ['foo', 'column 4: expected one of = != =~ !~'],
    ['foo="a"b"', 'column 8: expected ","'],
    ['{a="b"} c', 'column 9: expected nothing after "}"'],
    ['foo=~"("', 'regular expression'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseMatchers(text)).toThrow(message);
  });
});
