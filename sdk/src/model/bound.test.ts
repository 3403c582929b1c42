import { expect, it } from 'vitest';
import { formatBound } from './bound.js';

it.each([
  [0, '0.0'], [-0, '-0.0'], [1, '1.0'], [0.5, '0.5'], [-2.25, '-2.25'], [999999, '999999.0'], [1e6, '1e+06'], [1.5e21, '1.5e+21'],
  [0.0001, '0.0001'], [0.00001, '1e-05'], [5e-324, '5e-324'], [Infinity, '+Inf'], [-Infinity, '-Inf'], [NaN, 'NaN'],
])('writes %d as %s', (value, text) => {
  expect(formatBound(value)).toBe(text);
});
