import { Random } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import type { Expr } from './ast.js';
import { format } from './format.js';
import { parserFor } from './grammar.js';
import { parse } from './parse.js';
import { syntaxTree } from './syntax-tree.js';

const parser = parserFor([]);
const read = (text: string): Expr => parse(text, parser);
const laidOut = (text: string): string => format(read(text), text);
const SEED = Number(process.env.FORMAT_SEED ?? 20261125);

describe('an expression laid out', () => {
  it.each([
    ['sum(rate(a{b="c"}[5m]))by(job)', 'sum by (job) (rate(a{b="c"}[5m]))'],
    ['sum by () (a)', 'sum(a)'],
    ['sum without() (a)', 'sum without () (a)'],
    ['topk(3,a)', 'topk(3, a)'],
    ['a{z="1",b!="2"}', 'a{b!="2",z="1"}'],
    ['{__name__="a"}', '{__name__="a"}'],
    ['{"a.b", "c d"="e"}', '{"c d"="e",__name__="a.b"}'],
    ['a+on(x)group_left(y)b', 'a + on (x) group_left (y) b'],
    ['a == bool 1', 'a == bool 1'],
    ['a + fill_left(1) b', 'a + fill_left (1) b'],
    ['a + fill(0) b', 'a + fill (0) b'],
    ['a   @ 1.5 offset   7d', 'a @ 1.500 offset 1w'],
    ['a offset -90s', 'a offset -1m30s'],
    ['a[300]', 'a[5m]'],
    ['a[5m:]', 'a[5m:]'],
    ['(a)[1h:60s] @ end()', '(a)[1h:1m] @ end()'],
    ['a[5m+step()*2]', 'a[5m + (step() * 2)]'],
    ['a offset (5m+1m)', 'a offset (5m + 1m)'],
    ['rate(a[5m] anchored)', 'rate(a[5m] anchored)'],
    ['a smoothed @ 5', 'a @ 5.000 smoothed'],
    ['- a^ -2', '-a ^ -2'],
    ['1e3 + 0x10 + 5m + Inf', '1000 + 16 + 5m + +Inf'],
    ['label_replace(a,"x",\'$1\',"y",`(.*)\\d`)', 'label_replace(a, "x", "$1", "y", "(.*)\\\\d")'],
  ])('%s', (text, expected) => {
    expect(laidOut(text)).toBe(expected);
  });

  it('is broken where a line would be too long', () => {
    const long = `sum by (job) (rate(${'a'.repeat(60)}{b="c"}[5m])) / on (job) group_left () (quantile(0.9, ${'b'.repeat(70)}) + label_join(${'c'.repeat(60)}, "${'d'.repeat(40)}", "-"))`;
    expect(laidOut(long)).toBe(
      [
        `  sum by (job) (rate(${'a'.repeat(60)}{b="c"}[5m]))`,
        '/ on (job) group_left ()',
        '  (',
        `      quantile(0.9, ${'b'.repeat(70)})`,
        '    +',
        '      label_join(',
        `        ${'c'.repeat(60)},`,
        `        "${'d'.repeat(40)}",`,
        '        "-"',
        '      )',
        '  )',
      ].join('\n'),
    );
  });

  it(`means the same, and comes out of itself as it is (seed ${SEED})`, () => {
    const dice = new Random(SEED);
    for (let round = 0; round < 1000; round++) {
      const text = grown(dice, dice.below(5));
      const [once, twice] = twiceLaidOut(text);
      if (twice !== once) expect.fail(`seed ${SEED}, round ${round}: ${text}\nonce:  ${once}\ntwice: ${twice}`);
      // A tree has the meaning in it, without the places; matchers come out sorted.
      expect(sorted(syntaxTree(read(once), once)), `seed ${SEED}, round ${round}: ${text}`).toEqual(sorted(syntaxTree(read(text), text)));
    }
  });
});

function twiceLaidOut(text: string): readonly [once: string, twice: string] {
  let once = '';
  try {
    once = laidOut(text);
    return [once, laidOut(once)];
  } catch (cause) {
    throw new Error(`seed ${SEED}: ${text} ─► ${once}`, { cause });
  }
}

/** The tree, with the matchers of a selector in order. */
function sorted(tree: string): unknown {
  return JSON.parse(tree, (key: string, value: unknown) => (key === 'matchers' && Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : value));
}

/** A vector expression of any form. */
function grown(dice: Random, depth: number): string {
  const space = (): string => dice.pick(['', ' ', '\n  ']);
  const shift = (): string => dice.pick(['', '', ' offset 5m', ' offset -1d', ' @ 17.25', ' @ start()', ' offset (step() + 1m)', ' @ end() offset 0.5']);
  const selector = (): string => dice.pick(['a', 'b:c{}', '{__name__="x y"}', 'a{b="c\\n\\"d"}', 'a{x=~"y|z",b!="c"}', '{"quoted",l!~"m+"}', "a{'l m'='n'}"]);
  const edges = (): string => dice.pick(['', '', '', ' anchored', ' smoothed']);
  const range = (): string => dice.pick(['[5m]', '[1h30m]', '[0x10]', '[2*step()+1s]', '[max_of(1m, range())]', '[-(1m) + 400]']);
  if (depth <= 0) return dice.chance(0.6) ? selector() + shift() : `rate(${selector()}${range()}${edges()}${shift()})`;
  const inner = grown(dice, depth - 1);
  const other = (): string => grown(dice, depth - 1);
  switch (dice.below(8)) {
    case 0:
      return `${dice.pick(['sum', 'SUM', 'count', 'avg'])}${dice.pick(['', ' by (x, y)', ' without ("u v")', ' by ()'])}${space()}(${space()}${inner})`;
    case 1:
      return `topk(${dice.pick(['3', '1e1', '-2', 'scalar(a)'])},${inner})`;
    case 2:
      return `${inner}${space()}${dice.pick([' + ', ' * ', ' ^ ', ' / ', ' atan2 ', ' >= bool ', ' == '])}${other()}`;
    case 3:
      return `${inner} ${dice.pick(['and', 'or', 'unless'])} ${dice.pick(['', 'on (x)', 'ignoring (z)', 'on ()'])} ${other()}`;
    case 4:
      return `${inner} - ${dice.pick(['on (x) group_left ()', 'ignoring (y) group_right (z)', 'on (x) fill (1)', 'fill_right (-2.5)'])} (${other()})`;
    case 5:
      return `(${inner})[${dice.pick(['5m:', '1h:30s', '300:step()', '2w:1d'])}]${shift()}`.replace(/^/, 'max_over_time(').concat(')');
    case 6:
      return `${dice.pick(['-', '+', '--', '- + '])}${inner}`;
    default:
      return `label_replace(${inner}, "a", ${dice.pick(['"$1"', '`back\\slash`', "'it''s'".replace("''", "\\'")])}, "b", "(.*)")`;
  }
}
