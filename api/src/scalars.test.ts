import { parseValue } from 'graphql';
import { describe, expect, test } from 'vitest';
import { DurationScalar, FloatColumnScalar, LabelSetScalar, TimestampColumnScalar, TimestampScalar } from './scalars.js';

describe('FloatColumn', () => {
  test('writes what JSON has no form for', () => {
    const values = Float64Array.of(1.5, Number.NaN, Infinity, -Infinity, -0);
    expect(JSON.stringify(FloatColumnScalar.serialize({ values }))).toBe('[1.5,"NaN","+Inf","-Inf",0]');
  });

  test('leaves a hole where there is no sample', () => {
    const values = Float64Array.of(1, Number.NaN, Number.NaN);
    expect(FloatColumnScalar.serialize({ values, present: Uint8Array.of(1, 0, 1) })).toEqual([1, null, 'NaN']);
  });
});

describe('Duration', () => {
  test('is taken as text and as milliseconds', () => {
    expect(DurationScalar.parseValue('1h30m')).toBe(5_400_000);
    expect(DurationScalar.parseValue(1500)).toBe(1500);
    expect(DurationScalar.parseLiteral(parseValue('"5m"'), {})).toBe(300_000);
    expect(DurationScalar.parseLiteral(parseValue('1500'), {})).toBe(1500);
  });

  test.each(['5x', '', null, true, Number.NaN])('is not %s', (value) => {
    expect(() => DurationScalar.parseValue(value)).toThrow();
  });
});

test('Timestamp is a finite number', () => {
  expect(TimestampScalar.parseValue(1.5)).toBe(1.5);
  expect(TimestampScalar.parseLiteral(parseValue('1767225600000'), {})).toBe(1_767_225_600_000);
  expect(() => TimestampScalar.parseValue('yesterday')).toThrow('Timestamp can\'t be "yesterday", expected a finite number');
});

test('TimestampColumn is an array', () => {
  expect(TimestampColumnScalar.serialize(Float64Array.of(1, 2))).toEqual([1, 2]);
});

test('LabelSet is an object, whatever the labels are called', () => {
  const labels = LabelSetScalar.serialize([{ name: '__proto__', value: 'x' }, { name: 'a', value: 'b' }]);
  expect(JSON.stringify(labels)).toBe('{"__proto__":"x","a":"b"}');
});

test('columns and label sets are never taken', () => {
  for (const scalar of [FloatColumnScalar, TimestampColumnScalar, LabelSetScalar]) {
    expect(() => scalar.parseValue([])).toThrow('is given, never taken');
    expect(() => scalar.parseLiteral(parseValue('[]'), {})).toThrow('is given, never taken');
  }
});
