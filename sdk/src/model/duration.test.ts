import { describe, expect, it } from 'vitest';
import { ParseError } from '../errors.js';
import { Random } from '../testing/random.js';
import { formatDuration, parseDuration } from './duration.js';

describe('a duration', () => {
  it.each([
    ['0', 0], ['0s', 0], ['15s', 15_000], ['250ms', 250], ['1h30m', 5_400_000], ['1d', 86_400_000], ['1w', 604_800_000],
    ['1y', 31_536_000_000], ['100y', 3_153_600_000_000], ['1y2w3d4h5m6s7ms', 31_536_000_000 + 1_209_600_000 + 259_200_000 + 14_706_007],
    ['90m', 5_400_000],
  ])('%s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['', ' 1s', '1', '1 s', '1.5h', '-1s', '1s1h', '1s1s', 's', '1S', '1min', 'Infinity', '99999999999999y'])('is not %j', (text) => {
    expect(() => parseDuration(text)).toThrow(ParseError);
  });

  it.each([[0, '0s'], [0.4, '0s'], [1, '1ms'], [1500, '1s500ms'], [5_400_000, '1h30m'], [604_800_000, '7d'], [31_536_000_000, '1y'], [-60_000, '-1m']])(
    'of %d is written %s', (duration, text) => {
      expect(formatDuration(duration)).toBe(text);
    },
  );

  it('is read back from what is written, seed 3', () => {
    const dice = new Random(3);
    for (let i = 0; i < 5000; i++) {
      const duration = Math.floor(dice.next() * 10 ** dice.below(14));
      expect(parseDuration(formatDuration(duration))).toBe(duration);
    }
  });
});
