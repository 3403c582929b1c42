import { describe, expect, it } from 'vitest';
import { axisFormat, formatAge, formatDuration, formatTimestamp, formatValue } from './format.js';

describe('values', () => {
  it.each([
    [0, 'bytes', '0 B'],
    [1536, 'bytes', '1.5 KiB'],
    [1024 ** 3 * 2, 'By', '2 GiB'],
    [0.00025, 'seconds', '250 µs'],
    [0.0421, 's', '42.1 ms'],
    [5400, 'seconds', '1.5 h'],
    [1500, 'milliseconds', '1.5 s'],
    [42.195, 'percent', '42.2 %'],
    [0.42195, 'ratio', '42.2 %'],
    [123456, 'short', '123 K'],
    [-1234, 'short', '−1.23 K'],
    [1500, 'ops', '1.5 K/s'],
    [22.3, 'ops', '22.3 /s'],
    [1, 'requestsPerSecond', '1 req/s'],
    [3, 'furlongs', '3 furlongs'],
    [0.00001, 'none', '1.00e−5'],
    [NaN, 'bytes', 'NaN'],
    [Infinity, 'short', '+Inf'],
    [-Infinity, 'short', '−Inf'],
  ])('%d in %s is %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it('have as many digits as asked for', () => {
    expect(formatValue(12_048, 'short', 4)).toBe('12.05 K');
  });
});

describe('an axis', () => {
  it.each([
    ['bytes', [0, 2 ** 29, 2 ** 30], ['0.0 GiB', '0.5 GiB', '1.0 GiB']],
    ['seconds', [0, 0.005, 0.01], ['0 ms', '5 ms', '10 ms']],
    ['ratio', [0, 0.5, 1], ['0 %', '50 %', '100 %']],
    ['short', [-2.5, 0, 2.5], ['−2.5', '0.0', '2.5']],
  ])('in %s has one prefix and one number of decimals', (unit, ticks, texts) => {
    expect(ticks.map(axisFormat(unit, ticks))).toEqual(texts);
  });
});

describe('times', () => {
  it.each([
    [250, '250ms'], [59_000, '59s'], [3_900_000, '1h 5m'], [90_061_000, '1d 1h'], [-2000, '−2s'], [0, '0ms'],
  ])('%d milliseconds are %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it('are written in the zone they are asked for in', () => {
    const at = Date.parse('2026-11-25T13:04:05Z');
    expect(formatTimestamp(at, 'UTC')).toBe('25 Nov 2026, 13:04:05');
    expect(formatTimestamp(at + 7, 'Asia/Kathmandu')).toBe('25 Nov 2026, 18:49:05.007');
  });

  it('are told by their age', () => {
    expect(formatAge(1000, 1500)).toBe('just now');
    expect(formatAge(1000, 62_000)).toBe('1m 1s ago');
  });
});
