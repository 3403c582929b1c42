import { describe, expect, it } from 'vitest';
import { durationText, instantOf, parseBound, parseDuration, rangeProblem, rangeTitle } from './time-range.js';

describe('a bound', () => {
  const now = Date.parse('2026-11-25T12:00:00Z');

  it.each([
    ['now', 'UTC', '2026-11-25T12:00:00Z'],
    ['now-90m', 'UTC', '2026-11-25T10:30:00Z'],
    ['now - 1h30m', 'UTC', '2026-11-25T10:30:00Z'],
    ['1764072000000', 'UTC', new Date(1_764_072_000_000).toISOString()],
    ['2026-11-25 08:15', 'UTC', '2026-11-25T08:15:00Z'],
    ['2026-11-25T08:15:30', 'Europe/Berlin', '2026-11-25T07:15:30Z'],
    ['2026-11-25', 'Europe/Berlin', '2026-11-24T23:00:00Z'],
    ['2026-11-25T08:15:00+02:00', 'Europe/Berlin', '2026-11-25T06:15:00Z'],
    ['2026-11-25T08:15:00.250Z', 'Europe/Berlin', '2026-11-25T08:15:00.250Z'],
  ])('%s in %s is %s', (text, zone, expected) => {
    const bound = parseBound(text, zone);
    expect(bound && instantOf(bound, now)).toBe(Date.parse(expected));
  });

  it.each(['', 'yesterday', 'now-', 'now-5', 'now+5m', '2026-13-01', '2026-02-30', '2026-11-25 25:00', '<b>'])('«%s» is none', (text) => {
    expect(parseBound(text, 'UTC')).toBeUndefined();
  });
});

describe('a range', () => {
  it('names the side that is wrong', () => {
    expect(rangeProblem({ from: 'soon', to: 'now' }, 'UTC', 0)).toContain('From: “soon”');
    expect(rangeProblem({ from: 'now-1h', to: 'later' }, 'UTC', 0)).toContain('To: “later”');
    expect(rangeProblem({ from: 'now', to: 'now-1h' }, 'UTC', 0)).toBe('From must be before to');
    expect(rangeProblem({ from: 'now-1h', to: 'now' }, 'UTC', 0)).toBeUndefined();
  });

  it('has a title', () => {
    const write = (at: number): string => `t${at}`;
    expect(rangeTitle({ from: 'now-6h', to: 'now' }, write)).toBe('Last 6 hours');
    expect(rangeTitle({ from: 'now-90m', to: 'now' }, write)).toBe('Last 90m');
    expect(rangeTitle({ from: '1000', to: '2000' }, write)).toBe('t1000 to t2000');
  });

  it('writes a day that both ends share once', () => {
    const write = (at: number): string => `25 Nov 2026, ${at}`;
    expect(rangeTitle({ from: '1000', to: '2000' }, write)).toBe('25 Nov 2026, 1000 to 2000');
    expect(rangeTitle({ from: '1000', to: 'now' }, write)).toBe('25 Nov 2026, 1000 to now');
  });
});

describe('a duration', () => {
  it.each([['250ms', 250], ['90m', 5_400_000], ['1h30m', 5_400_000], ['1d1ms', 86_400_001], ['5', undefined], ['m5', undefined], ['', undefined]])(
    '«%s» is %s milliseconds',
    (text, milliseconds) => {
      expect(parseDuration(text)).toBe(milliseconds);
    },
  );
});

describe('a duration as text', () => {
  it.each([[300_000, '5m'], [5_400_000, '1h30m'], [90_061_000, '1d1h1m1s'], [0, '0s']])('%d milliseconds are %s, and are read as such', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
    expect(parseDuration(text)).toBe(milliseconds);
  });
});
