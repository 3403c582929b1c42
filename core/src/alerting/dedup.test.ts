import { expect, it } from 'vitest';
import { decide } from './dedup.js';

const set = (text: string): Set<string> => new Set(text === '' ? [] : text.split(' '));

it.each([
  // told: firing | resolved | minutes ago; now: firing | resolved; sends resolved; what follows
  [undefined, 'a', '', true, 'first'],
  [undefined, 'a', 'b', true, 'first'],
  [undefined, '', 'a', true, 'only-resolved-unknown'],
  [undefined, '', '', true, 'nothing-to-tell'],
  [['', 'a', 1], 'a', '', true, 'first'],
  [['', 'a', 1], '', 'a', true, 'only-resolved-unknown'],
  [['a', '', 1], 'a b', '', true, 'new-alerts'],
  [['a', '', 1], 'b', 'a', true, 'new-alerts'],
  [['a b', '', 1], 'a', 'b', true, 'some-resolved'],
  [['a b', 'c', 1], 'a', 'c', true, 'nothing-new'],
  [['a b', '', 1], 'a', 'b', false, 'nothing-new'],
  [['a', '', 1], '', 'a', true, 'all-resolved'],
  [['a', '', 1], '', 'a', false, 'all-resolved'],
  [['a b', '', 1], 'a', '', true, 'nothing-new'],
  [['a', '', 59], 'a', '', true, 'nothing-new'],
  [['a', '', 60], 'a', '', true, 'repeat'],
  [['a', 'b', 61], 'a', 'b', false, 'repeat'],
  [['a', '', 61], '', '', true, 'nothing-to-tell'],
] as const)('told %j, now firing %j, resolved %j, sends resolved %s: %s', (told, firing, resolved, sendsResolved, reason) => {
  const last = told && { at: 3_600_000 * 10 - told[2] * 60_000, firing: set(told[0]), resolved: set(told[1]) };
  const decision = decide(last, { firing: set(firing), resolved: set(resolved) }, 3_600_000 * 10, { sendsResolved, repeatInterval: 3_600_000 });
  expect(decision.reason).toBe(reason);
  expect(decision.notify).toBe(['first', 'new-alerts', 'some-resolved', 'all-resolved', 'repeat'].includes(reason));
});
