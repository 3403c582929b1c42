import { ParseError } from '@metrics-dashboard/sdk';
import { Random } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import type { Expr, TimeShift } from './ast.js';
import { secondsOf } from './duration.js';
import { parserFor } from './grammar.js';
import { parse } from './parse.js';
import { positionAt } from './position.js';
import { unquote } from './strings.js';

const parser = parserFor(['geomean']);
const context = { step: 15, range: 3600 };

/** The tree of an expression with every pair of parentheses it has, shifts behind what they shift. */
function tree(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'paren':
      return tree(expr.inner);
    case 'vector-selector':
      return `${expr.matchers.map(({ name, operator, value }) => (name === '__name__' ? value : `${name}${operator}${value}`)).join(',')}${shift(expr)}`;
    case 'matrix-selector':
      return `${tree(expr.selector)}[${secondsOf(expr.range, context)}]`;
    case 'subquery':
      return `${tree(expr.inner)}[${secondsOf(expr.range, context)}:${expr.step === undefined ? '' : secondsOf(expr.step, context)}]${shift(expr)}`;
    case 'unary':
      return `(${expr.operator} ${tree(expr.operand)})`;
    case 'binary':
      return `(${tree(expr.left)} ${expr.operator}${expr.bool ? ' bool' : ''} ${tree(expr.right)})`;
    case 'call':
      return `${expr.name}(${expr.args.map(tree).join(', ')})`;
    case 'aggregate':
      return `${expr.name} ${expr.grouping.without ? 'without' : 'by'}(${expr.grouping.labels.join()})(${[expr.parameter, expr.inner].flatMap((one) => (one ? [tree(one)] : [])).join(', ')})`;
  }
}

function shift({ offset, at }: TimeShift): string {
  return `${at === undefined ? '' : `@${at}`}${offset === undefined ? '' : `~${secondsOf(offset, context)}`}`;
}

describe('the tree of an expression', () => {
  it.each([
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['2 ^ 3 ^ 2', '(2 ^ (3 ^ 2))'],
    ['-a ^ 2', '(- (a ^ 2))'],
    ['-a * b', '((- a) * b)'],
    ['-1 ^ 2', '(- (1 ^ 2))'],
    ['a or b and c == d', '(a or (b and (c == d)))'],
    ['a + b offset 5m * c', '(a + (b~300 * c))'],
    ['a + b @ 60 offset -1m', '(a + b@60000~-60)'],
    ['-a offset 5m', '(- a~300)'],
    ['a ^ b[5m:1m]', '(a ^ b[300:60])'],
    ['sum(a) / b offset 1h30m', '(sum by()(a) / b~5400)'],
    ['a @ start() - a @ END()', '(a@start - a@end)'],
    ['a[step() + 1m]', 'a[75]'],
    ['a[max_of(STEP(), 2m)]', 'a[120]'],
    ['a >bool 1', '(a > bool 1)'],
    ['SUM BY (x, "y z") (a)', 'sum by(x,y z)(a)'],
    ['topk without (x) (3, a)', 'topk without(x)(3, a)'],
    ['{"disk.free", a="b"}', 'disk.free,a=b'],
    ['rate{rate="rate"}', 'rate,rate=rate'],
    ['geomean by (x) (geomean) + geomean', '(geomean by(x)(geomean) + geomean)'],
    ['geomean_over_time(a[1m])', 'geomean_over_time(a[60])'],
    ['0x1F + 1_000 + .5 + 2. + 1.e2 + 1h', '(((((31 + 1000) + 0.5) + 2) + 100) + 3600)'],
    ['min_of(1, 2) # as well as durations', 'min_of(1, 2)'],
    ["'it''", undefined],
    ["'it\\'s'", '"it\'s"'],
    ['`raw \\n`', '"raw \\\\n"'],
    ['"\\u00e9\\x41\\101\\n"', '"éAA\\n"'],
    ['"\\xc3\\xa9 \\xc5"', '"é \ufffd"'],
  ])('%s', (text, expected) => {
    if (expected === undefined) expect(() => parse(text, parser)).toThrow(ParseError);
    else expect(tree(parse(text, parser))).toBe(expected);
  });

  it('keeps what was written about matching', () => {
    const expr = parse('a * on (x) group_left (y) b', parser);
    expect(expr).toMatchObject({ matching: { on: true, labels: ['x'], cardinality: 'many-to-one', include: ['y'] } });
  });
});

describe('a text that is no query', () => {
  it.each([
    ['a b', 3],
    ['a{b="c"', 8],
    ['sum by (x', 10],
    ['a[5m', 5],
    ['a[5x]', 4],
    ['(a))', 4],
    ['a[5m] offset', 13],
    ['(a + b)[5m]', 1],
    ['a offset 1m offset 2m', 1],
    ['{a="\\q"}', 4],
  ])('%s is refused with the place', (text, column) => {
    try {
      parse(text, parser);
    } catch (error) {
      expect(error).toBeInstanceOf(ParseError);
      expect(error).toMatchObject({ position: { line: 1, column } });
      return;
    }
    expect.fail('expected an error');
  });

  it.each([
    ['up + frobnicate(up)', '1:6: parse error: unknown function with name "frobnicate"'],
    ['frobnicate ()', '1:1: parse error: unknown function with name "frobnicate"'],
    ['sum by (x) (frobnicate(up[5m]))', '1:13: parse error: unknown function with name "frobnicate"'],
    ['abs(\n frobnicate(up))', '2:2: parse error: unknown function with name "frobnicate"'],
    ['rate(up(x)[5m:])', '1:6: parse error: unknown function with name "up"'],
    ['sum by (job (up)', '1:13: parse error: unexpected "("'],
    ['up{a="b"}(x)', '1:10: parse error: unexpected "("'],
    ['up + (', '1:7: parse error: unexpected end of input'],
  ])('%s is told of for what it is', (text, message) => {
    expect(() => parse(text, parser)).toThrow(message);
  });

  it.each([' + ', ' or ', ' == ', ' * '])('says of 1,500 operands with%sbetween them that they are too many', (operator) => {
    const chain = Array.from({ length: 1500 }, () => 'a').join(operator);
    for (const text of [chain, `sum(${chain})`]) expect(() => parse(text, parser)).toThrow(/expression too long, \d+ operators stand in a row before this/);
    expect(parse(Array.from({ length: 300 }, () => 'a').join(operator), parser).kind).toBe('binary');
  });

  it('is refused within a moment, whatever tokens it is made of', () => {
    const dice = new Random(20260102);
    const tokens = ['sum', 'rate', '(', ')', '[', ']', '{', '}', '5m', ':', ',', '=', '=~', '"x"', 'by', 'on', 'offset', '@', '-', '+', '^', 'a', '1', '"', '\\', '`', '#', '\n', 'bool'];
    for (let round = 0; round < 500; round++) {
      const text = Array.from({ length: 1 + dice.below(40) }, () => dice.pick(tokens)).join(dice.pick(['', ' ']));
      try {
        parse(text, parser);
      } catch (error) {
        if (!(error instanceof ParseError) && !(error instanceof Error && error.name === 'QueryError')) expect.fail(`seed ${dice.seed}: ${JSON.stringify(text)} threw ${String(error)}`);
      }
    }
  });

  it('is refused by its length and depth before it is read', () => {
    expect(() => parse('a'.repeat(1_000_000), parser)).toThrow('expected at most');
    expect(() => parse('('.repeat(50_000), parser)).toThrow('nested parentheses');
    expect(() => parse('-'.repeat(50_000) + 'a', parser)).toThrow(ParseError);
  });
});

describe('a place in a text', () => {
  it('counts lines and columns from one', () => {
    expect(positionAt('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
    expect(positionAt('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
  });
});

describe('a string literal', () => {
  it.each(['"a', '"a\\"', '"\\z"', "'a\"", '`a'])('%s is none', (literal) => {
    expect(unquote(literal)).toBeUndefined();
  });
});
