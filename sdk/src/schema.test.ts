import { expect, it } from 'vitest';
import { formatIssuePath } from './schema.js';

it('paths of issues are written as one would in code', () => {
  expect(formatIssuePath(['samples', 0, { key: 'labels' }, 'a'])).toBe('samples[0].labels.a');
  expect(formatIssuePath([0])).toBe('[0]');
  expect(formatIssuePath(undefined)).toBe('');
});
