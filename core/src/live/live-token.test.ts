import { expect, it } from 'vitest';
import { resumeToken, sequenceOf } from './live-token.js';

it('a token names an event of one query', () => {
  expect(sequenceOf(resumeToken('q', 17), 'q')).toBe(17);
  expect(sequenceOf(resumeToken('other', 17), 'q')).toBeUndefined();
});

it.each([undefined, '', 'q', 'q.', 'q.-1', 'q.1.5', 'q.NaN', 'q.1e9', 'q. 1', `q.${'9'.repeat(40)}`, 'q.1\n', '\u0000', '.1'])('%j names none', (token) => {
  expect(sequenceOf(token, 'q')).toBeUndefined();
});
