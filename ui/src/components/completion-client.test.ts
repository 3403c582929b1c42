import { expect, it } from 'vitest';
import { selectorText } from './completion-client.js';

it('writes the matchers typed so far, without the one that is being typed', () => {
  const operators = new Map([[7, '!='], [9, '=~']]);
  const matchers = [
    { name: 'job', value: 'a', type: 7 }, { name: 'instance', value: 'b.*', type: 9 }, { name: 'env', value: 'x', type: 1 }, { name: 'zone', value: '', type: 1 },
  ];
  expect(selectorText('up', matchers, 'env', operators)).toBe('up{job!="a",instance=~"b.*"}');
  expect(selectorText('up', [], '', operators)).toBe('up');
});
