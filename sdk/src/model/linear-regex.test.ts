import { describe, expect, it } from 'vitest';
import { ParseError } from '../errors.js';
import { Random } from '../testing/random.js';
import { linearRegex } from './linear-regex.js';

const TABLE: readonly (readonly [expression: string, matching: readonly string[], other: readonly string[]])[] = [
  ['', [''], ['a']],
  ['a', ['a'], ['', 'aa', 'b', 'A']],
  ['a|b', ['a', 'b'], ['ab', '']],
  ['a|', ['a', ''], ['b']],
  ['|', [''], ['|']],
  ['.*foo.*', ['foo', 'a foo b', '\nfoo\n'], ['fo', 'f oo']],
  ['(foo|bar)-.+', ['foo-1', 'bar-\n'], ['foo-', 'baz-1']],
  ['5..', ['500', '5é😀'], ['50', '5000', '400']],
  ['.*(x|y).*', ['x', 'ayb'], ['', 'z']],
  ['a{2}', ['aa'], ['a', 'aaa']],
  ['a{2,}', ['aa', 'aaaa'], ['a']],
  ['a{0,2}', ['', 'a', 'aa'], ['aaa']],
  ['a{,2}', ['a{,2}'], ['a', 'aa']],
  ['{', ['{'], ['']],
  ['a+?b*?c??', ['a', 'aabbc'], ['b', 'acc']],
  ['(a*)*b', ['b', 'aaab'], ['aaa', 'c']],
  ['(?:a|ab)(?:c|bcd)', ['ac', 'abc', 'abcd', 'abbcd'], ['abb', 'acd']],
  ['(?P<name>a)(?<other>b)', ['ab'], ['a', 'b']],
  ['[abc-e]', ['a', 'b', 'c', 'd', 'e'], ['f', '-', '']],
  ['[^abc]', ['d', '\n', '😀'], ['a', 'b', '']],
  ['[]a]', [']', 'a'], ['b']],
  ['[^]a]', ['b'], [']', 'a']],
  ['[a-]', ['a', '-'], ['b']],
  ['[\\]\\-\\d]', [']', '-', '7'], ['a', '\\']],
  ['[[:alpha:]_]+', ['aZ_'], ['1', 'é']],
  ['[[:^alpha:]]', ['1'], ['a']],
  ['[[:word:]]', ['_'], ['-']],
  ['\\d+', ['012'], ['a', '٣']],
  ['\\s', [' ', '\t', '\n'], ['\u00a0', '\v']],
  ['\\w\\W', ['a-'], ['ab', 'é-']],
  ['\\pL\\p{Lu}\\p{Greek}\\PL\\p{^L}', ['éÉλ1-'], ['1Éλ1-', 'éÉa1-']],
  ['\\x41\\x{1F600}\\101\\0', ['A😀A\0'], ['A']],
  ['\\.\\*\\/\\_\\"', ['.*/_"'], ['a*/_"']],
  ['\\Qa.b*\\E+c', ['a.b*c', 'a.b**c'], ['aXbc']],
  ['a\\Q(', ['a('], ['a']],
  ['\\t\\n\\r\\f\\v\\a', ['\t\n\r\f\v\u0007'], ['tnrfva']],
  ['^a$', ['a'], ['b']],
  ['(^|b)a', ['a', 'ba'], ['ca']],
  ['a(b|$)', ['a', 'ab'], ['ac']],
  ['a^b', [], ['ab', 'a^b']],
  ['(?m)a$\n^b', ['a\nb'], ['ab']],
  ['a$\nb', [], ['a\nb']],
  ['.*\\bfoo\\b.*', ['foo', 'a foo b', 'a-foo-b'], ['afoo', 'foob', 'foo_']],
  ['a\\Bb', ['ab'], ['a']],
  ['\\Aa\\z', ['a'], ['b']],
  ['(?i)straße', ['STRAßE', 'straße'], ['strasse']],
  ['(?i)k', ['k', 'K', '\u212a'], ['l']],
  ['(?i)[^k]', ['a'], ['K']],
  ['a(?i)b', ['ab', 'aB'], ['Ab']],
  ['(?i:a)b', ['Ab'], ['AB']],
  ['(?i)a(?-i)b', ['Ab'], ['AB']],
  ['(?-s).', ['a'], ['\n']],
  ['(?s-i).', ['\n'], ['']],
  ['(?U)a+', ['aaa'], ['']],
  ['é+', ['éé'], ['e']],
  ['😀{2}', ['😀😀'], ['😀']],
];

const BAD = [
  '(', ')', 'a)', '(a', '[', '[a', '[]', '[b-a]', '*', '+a', '?', 'a**', 'a+*', 'a{2}{3}', '(|*)', 'a|*',
  'a{1001}', 'a{3,2}', '(a{100}){100}', '(a{1,100}){1,100}', '\\', '\\1', '\\8', '\\k<a>', '\\y', '\\x{110000}', '\\xg',
  '\\pX', '\\p{Klingon}', '[[:foo:]]', '(?=a)', '(?!a)', '(?<=a)', '(?<!a)', '(?#c)', '(?P=n)', '(?x)a', '(?P<n', '(?z:a)', '[a-\\d]',
];

describe('a linear regular expression', () => {
  it.each(TABLE)('%j', (expression, matching, other) => {
    const matches = linearRegex(expression);
    for (const text of matching) expect([text, matches(text)]).toEqual([text, true]);
    for (const text of other) expect([text, matches(text)]).toEqual([text, false]);
    for (const text of matching) expect([text, matches(text)]).toEqual([text, true]);
  });

  it.each(BAD)('refuses %j', (expression) => {
    expect(() => linearRegex(expression)).toThrow(ParseError);
  });

  it('says where and what it expected', () => {
    expect(() => linearRegex('a(b')).toThrow('bad regular expression "a(b": at 2: met "(b", expected a ) to this (');
  });

  // A backtracking engine would take years for these.
  it.each([
    ['(a|a)*b', false], ['(a|ab)*', false], ['(a+)+', false], ['(.*a){20}', false], ['(.*)*x', false],
    ['.*.*.*.*.*x', false], ['(a?){30}a{30}', false], ['(a*a*)*b', false], ['(.|a|aa|[^b])*c', false],
    ['(?i)(a|A)*b', false], ['(.*a){20}!', true], ['(a|a)*!', true],
  ])('takes linear time for %j', { timeout: 5000 }, (expression, expected) => {
    expect(linearRegex(expression)(`${'a'.repeat(20_000)}!`)).toBe(expected);
  });

  it('keeps what it remembers small for an expression with many states', () => {
    const matches = linearRegex('.*a.{14}');
    const dice = new Random(7);
    for (let i = 0; i < 300; i++) {
      const text = Array.from({ length: 100 }, () => dice.pick(['a', 'b'])).join('');
      expect(matches(text)).toBe(text.at(-15) === 'a');
    }
  });

  it.each([1, 2, 3, 4])('agrees with a backtracking engine, seed %i', (seed) => {
    const dice = new Random(seed);
    for (let round = 0; round < 400; round++) {
      const expression = randomExpression(dice, 3);
      const matches = linearRegex(expression);
      const reference = new RegExp(`^(?:${expression})$`, 'su');
      for (let i = 0; i < 8; i++) {
        const text = Array.from({ length: dice.below(7) }, () => dice.pick(['a', 'b', '-', '\n'])).join('');
        expect([expression, text, matches(text)]).toEqual([expression, text, reference.test(text)]);
      }
    }
  });
});

function randomExpression(dice: Random, depth: number): string {
  if (depth === 0 || dice.chance(0.2)) return dice.pick(['a', 'b', '.', '[ab]', '[^a]', '\\w', '\\b', '^', '$', '']);
  const part = (): string => randomExpression(dice, depth - 1);
  switch (dice.below(3)) {
    case 0:
      return part() + part();
    case 1:
      return `(?:${part()}|${part()})`;
    default:
      return `(?:${part()})${dice.pick(['*', '+', '?', '{2}', '{1,2}', '{0,}', '*?'])}`;
  }
}
