import { describe, expect, it } from 'vitest';
import { comparisonOf, onlyWith } from './comparison.js';

describe('a comparison', () => {
  it.each([
    ['rate(errors_total[5m]) > 0.5', 'rate(errors_total[5m])', 'GT', 0.5],
    ['up{job="a>b"} == 0', 'up{job="a>b"}', 'EQ', 0],
    ['(a / b) * 100 >= -1.5e3', '(a / b) * 100', 'GE', -1500],
    ['sum by (job) (a{x!="y"})\n  < 3', 'sum by (job) (a{x!="y"})', 'LT', 3],
    ['a!=1', 'a', 'NE', 1],
  ])('is taken apart: %s', (text, expression, operator, threshold) => {
    expect(comparisonOf(text)).toEqual({ expression, operator, threshold });
  });

  it.each(['up', 'a > b', 'a and b > 5', 'a > bool 5', 'a > 5 > 3', 'absent(up)', 'a or b > 1', '(a > 1', 'a{b="c} > 1', 'a > 5 and b', '> 1', 'a # > 1'])('is none: %s', (text) => {
    expect(comparisonOf(text)).toBeUndefined();
  });

  it('is asked for one series, whatever its labels hold', () => {
    expect(onlyWith('up', {})).toBe('up');
    expect(onlyWith('a > 1', { job: 'x"$1' })).toBe('(a > 1) and on (job) label_replace(vector(1), "job", "x\\"$$1", "", "")');
  });
});
