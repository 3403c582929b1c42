import { QueryError } from '@metrics-dashboard/sdk';
import { describe, expect, test } from 'vitest';
import { Parameters } from './parameters.js';

const of = (text: string): Parameters => new Parameters([...new URLSearchParams(text)]);

describe('times', () => {
  test.each([
    ['1767225600', 1_767_225_600_000],
    ['1767225600.123', 1_767_225_600_123],
    ['1.7672256e9', 1_767_225_600_000],
    ['-1', -1000],
    ['2026-01-01T00:00:00Z', 1_767_225_600_000],
    ['2026-01-01T01:00:00.5+01:00', 1_767_225_600_500],
    ['2026-01-01T00:00:00.123456789Z', 1_767_225_600_123],
    ['-9223372036854775808', -8.64e15],
    ['9223372036854775807', 8.64e15],
    ['-292273086-05-16T16:47:06Z', -8.64e15],
    ['292277025-08-18T07:12:54.999999999Z', 8.64e15],
  ])('%s', (text, at) => {
    expect(of(`time=${encodeURIComponent(text)}`).time('time')).toBe(at);
  });

  test.each(['now', '2026-01-01', '1e', 'NaN', 'Infinity', '0x10', '2026-13-01T00:00:00Z'])('%s is none', (text) => {
    expect(() => of(`time=${text}`).time('time')).toThrow(new QueryError(`invalid parameter "time": cannot parse "${text}" to a valid timestamp`));
  });

  test('an empty one is like none', () => {
    expect(of('time=').time('time')).toBeUndefined();
    expect(of('').time('time')).toBeUndefined();
  });
});

describe('durations', () => {
  test.each([
    ['15', 15_000],
    ['0.25', 250],
    ['1m30s', 90_000],
    ['250ms', 250],
  ])('%s', (text, duration) => {
    expect(of(`step=${text}`).duration('step')).toBe(duration);
  });

  test.each(['1x', 'abc', '5 m'])('%s is none', (text) => {
    expect(() => of(`step=${text}`).duration('step')).toThrow(/invalid parameter "step": cannot parse/);
  });
});

describe('limits', () => {
  test('0 and nothing are no limit', () => {
    expect(of('limit=0').limit()).toBeUndefined();
    expect(of('').limit()).toBeUndefined();
    expect(of('limit=5').limit()).toBe(5);
  });

  test.each(['-1', '1.5', 'x', '99999999999'])('%s is none', (text) => {
    expect(() => of(`limit=${text}`).limit()).toThrow(/invalid parameter "limit"/);
  });
});
