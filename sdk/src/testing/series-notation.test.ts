import { describe, expect, it } from 'vitest';
import { ParseError } from '../errors.js';
import { isStale } from '../model/sample.js';
import { Random } from './random.js';
import { parseLabelSet, parseSeries } from './series-notation.js';

/** The items as text: `_` for none, `stale` for the marker. */
function items(text: string): string[] {
  const { values, present } = parseSeries(text);
  return Array.from(values, (value, i) => (present[i] === 0 ? '_' : isStale(value) ? 'stale' : Object.is(value, -0) ? '-0' : String(value)));
}

describe('the series notation', () => {
  it.each([
    ['a 1', ['1']],
    ['a', []],
    ['a{} 1 2', ['1', '2']],
    ['a 1+1x3', ['1', '2', '3', '4']],
    ['a 10-2x2', ['10', '8', '6']],
    ['a -1-1x1 -3', ['-1', '-2', '-3']],
    ['a 3x2', ['3', '3', '3']],
    ['a 3x0', ['3']],
    ['a 0x2', ['0', '0', '0']],
    ['a 1 _ _x2 2', ['1', '_', '_', '_', '2']],
    ['a 1 stale 2', ['1', 'stale', '2']],
    ['a stalex1', ['stale', 'stale']],
    ['a NaN Inf +Inf -Inf nan inf', ['NaN', 'Infinity', 'Infinity', '-Infinity', 'NaN', 'Infinity']],
    ['a 0.5+0.25x2', ['0.5', '0.75', '1']],
    ['a 1e3 .5 5. 1E-2 +7 -0', ['1000', '0.5', '5', '0.01', '7', '-0']],
    ['a 0.1+0.1x2', ['0.1', '0.2', '0.30000000000000004']],
    ['  a   1  \n 2\t', ['1', '2']],
  ])('%j', (text, expected) => {
    expect(items(text)).toEqual(expected);
  });

  it('reads the labels', () => {
    const { labels } = parseSeries('http_requests{ code="200" , path = "/a\\"b\\\\c\\nd}", } 1');
    expect(labels.toObject()).toEqual({ __name__: 'http_requests', code: '200', path: '/a"b\\c\nd}' });
    expect(parseSeries('{__name__="a:b",x="1"} 1').labels.toString()).toBe('a:b{x="1"}');
    expect(parseLabelSet('{"not a name", "not a label"="1"}').toObject()).toEqual({ __name__: 'not a name', 'not a label': '1' });
    expect(parseLabelSet(' {} ').size).toBe(0);
  });

  it('gives columns of what is there, new ones with each call', () => {
    const series = parseSeries('a 1 _ stale 4');
    const columns = series.columns(1000, 15_000);
    expect([...columns.times]).toEqual([1000, 31_000, 46_000]);
    expect([columns.values[0], isStale(columns.values[1] as number), columns.values[2]]).toEqual([1, true, 4]);
    expect(series.columns(0, 1).values).not.toBe(columns.values);
  });

  it.each([
    ['', 1], ['1 2', 1], ['a{', 3], ['a{b}', 3], ['a{b=} 1', 3], ['a{b="1"', 8], ['a{b="1" c="2"}', 9], ['a x', 3], ['a 1+1', 3], ['a 1x', 3],
    ['a 1 2+x3', 5], ['a 1x99999999999', 3], ['a {{schema:0}}', 4], ['a 1__', 3], ['a _+1x2', 3],
  ])('refuses %j and says where', (text, column) => {
    let error: unknown;
    try {
      parseSeries(text);
    } catch (met) {
      error = met;
    }
    expect(error).toBeInstanceOf(ParseError);
    expect(error).toMatchObject({ position: { line: 1, column } });
  });

  it('refuses more after a label set', () => {
    expect(() => parseLabelSet('a{b="1"} 2')).toThrow('expected nothing after the label set');
  });

  it('stands for the numbers that it says, seed 9', () => {
    const dice = new Random(9);
    for (let round = 0; round < 500; round++) {
      const words: string[] = [];
      const expected: string[] = [];
      for (let i = dice.below(8); i > 0; i--) {
        const [start, by, times] = [dice.below(2000) - 1000, dice.below(20), dice.below(5)];
        const kind = dice.below(5);
        if (kind === 0) words.push(`_x${times}`);
        if (kind === 0) expected.push(...Array<string>(times).fill('_'));
        if (kind === 1) words.push(String(start));
        if (kind === 1) expected.push(String(start));
        if (kind === 2) words.push(`stalex${times}`);
        if (kind === 2) expected.push(...Array<string>(times + 1).fill('stale'));
        if (kind > 2) words.push(`${start}${kind === 3 ? '+' : '-'}${by}x${times}`);
        if (kind > 2) for (let k = 0; k <= times; k++) expected.push(String(start + (kind === 3 ? k : -k) * by));
      }
      expect(items(`a ${words.join(' ')}`)).toEqual(expected);
    }
  });
});
