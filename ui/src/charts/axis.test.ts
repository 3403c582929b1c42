import { describe, expect, it } from 'vitest';
import { timeTicks, valueAxis } from './axis.js';

const at = (text: string): number => Date.parse(text);
const texts = (ticks: readonly { text: string }[]): string[] => ticks.map(({ text }) => text);

describe('time ticks', () => {
  it('stand at round times of UTC, with the date at midnight', () => {
    const ticks = timeTicks(at('2026-11-24T21:40:00Z'), at('2026-11-25T02:20:00Z'), 6, 'UTC');
    expect(texts(ticks)).toEqual(['22:00', '23:00', '25 Nov', '01:00', '02:00']);
  });

  it.each([
    ['2026-11-25T10:00:00Z', '2026-11-25T10:00:20Z', 5, ['10:00:00', '10:00:05', '10:00:10', '10:00:15', '10:00:20']],
    ['2026-11-25T10:00:00Z', '2026-11-25T11:00:00Z', 5, ['10:00', '10:15', '10:30', '10:45', '11:00']],
    ['2026-11-01T00:00:00Z', '2026-11-05T00:00:00Z', 5, ['1 Nov', '2 Nov', '3 Nov', '4 Nov', '5 Nov']],
    ['2026-01-15T00:00:00Z', '2026-07-15T00:00:00Z', 4, ['Mar 2026', 'May 2026', 'Jul 2026']],
  ])('from %s to %s at most %i', (start, end, most, expected) => {
    expect(texts(timeTicks(at(start), at(end), most, 'UTC'))).toEqual(expected);
  });

  it('stand at round local times in a zone that is off by 45 minutes', () => {
    const ticks = timeTicks(at('2026-11-25T00:00:00Z'), at('2026-11-25T12:00:00Z'), 5, 'Asia/Kathmandu');
    expect(texts(ticks)).toEqual(['06:00', '09:00', '12:00', '15:00']);
    expect(ticks[0]?.at).toBe(at('2026-11-25T00:15:00Z'));
  });

  it('stay round after the hour that summer time skips', () => {
    const ticks = timeTicks(at('2026-03-28T23:00:00Z'), at('2026-03-29T05:00:00Z'), 8, 'Europe/Berlin');
    expect(texts(ticks)).toEqual(['29 Mar', '01:00', '03:00', '04:00', '05:00', '06:00', '07:00']);
  });

  it('show the hour that happens twice twice', () => {
    const ticks = timeTicks(at('2026-10-24T23:00:00Z'), at('2026-10-25T03:00:00Z'), 8, 'Europe/Berlin');
    expect(texts(ticks)).toEqual(['01:00', '01:30', '02:00', '02:30', '02:00', '02:30', '03:00', '03:30', '04:00']);
  });

  it('give each local day once over a change of the clock', () => {
    const ticks = timeTicks(at('2026-10-23T22:00:00Z'), at('2026-10-27T23:00:00Z'), 6, 'Europe/Berlin');
    expect(texts(ticks)).toEqual(['24 Oct', '25 Oct', '26 Oct', '27 Oct', '28 Oct']);
  });
});

describe('the value axis', () => {
  it.each([
    [0, 97, 'short', [0, 20, 40, 60, 80, 100]],
    [0.2, 0.9, 'short', [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [-3, 7, 'short', [-4, -2, 0, 2, 4, 6, 8]],
    [0, 3.9 * 2 ** 30, 'bytes', [0, 2 ** 30, 2 * 2 ** 30, 3 * 2 ** 30, 4 * 2 ** 30]],
    [0, 240, 'seconds', [0, 60, 120, 180, 240]],
    [5, 5, 'short', [0, 2, 4, 6, 8]],
    [0.0107, 0.011, 'ratio', [0, 0.0025, 0.005, 0.0075, 0.01, 0.0125]],
    [99, 100, 'percent', [0, 20, 40, 60, 80, 100]],
    [30.1, 30.2, 'ops', [28, 29, 30, 31, 32]],
    [1_764_000_000, 1_764_000_010, 'short', [0, 2, 4, 6, 8, 10].map((part) => 1_764_000_000 + part)],
    [Infinity, -Infinity, 'short', [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])('from %d to %d in %s', (low, high, unit, ticks) => {
    expect(valueAxis(low, high, unit).ticks).toEqual(ticks);
  });

  it('holds all values between its pinned ends, whatever they are', () => {
    for (let seed = 1; seed < 400; seed++) {
      const low = Math.sin(seed * 12.9898) * 10 ** (seed % 12);
      const high = low + Math.abs(Math.cos(seed * 78.233)) * 10 ** ((seed * 7) % 12);
      const axis = valueAxis(low, high, seed % 2 === 0 ? 'short' : 'bytes');
      expect(axis.min, `seed ${seed}`).toBeLessThanOrEqual(low + Math.abs(low) * 1e-9);
      expect(axis.max, `seed ${seed}`).toBeGreaterThanOrEqual(high - Math.abs(high) * 1e-9);
      expect(axis.ticks.length, `seed ${seed}`).toBeLessThan(12);
    }
  });
});
