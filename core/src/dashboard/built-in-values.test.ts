import { describe, expect, it } from 'vitest';
import { builtInValues } from './built-in-values.js';
import { interpolate } from './interpolate.js';

describe('the variables that every query has', () => {
  it.each([
    ['rate(a[$__interval])', 'rate(a[1m])'],
    ['rate(a[$__rate_interval])', 'rate(a[1m15s])'],
    ['increase(a[$__range]) / $__range_s', 'increase(a[6h]) / 21600'],
    ['a * $__interval_ms', 'a * 60000'],
  ])('%s is %s', (expression, expected) => {
    expect(interpolate(expression, builtInValues({ step: 60_000, range: 6 * 3600_000, scrapeInterval: 15_000 }))).toBe(expected);
  });

  it('span four scrapes at least', () => {
    const values = builtInValues({ step: 1000, range: 60_000, scrapeInterval: 15_000 });
    expect(interpolate('rate(a[$__rate_interval])', values)).toBe('rate(a[1m])');
  });
});
