import { expect, it } from 'vitest';
import { isInside } from './time-interval.js';
import type { TimeInterval } from './time-interval.js';

const always: TimeInterval = { times: undefined, weekdays: undefined, daysOfMonth: undefined, months: undefined, years: undefined, zone: 'UTC' };
const span = (from: number, to: number) => [{ from, to }];

it.each<[string, Partial<TimeInterval>, string, boolean]>([
  ['no bound holds always', {}, '2026-01-01T00:00:00Z', true],
  ['a time of the day, its start included', { times: span(540, 1020) }, '2026-01-01T09:00:00Z', true],
  ['its end not', { times: span(540, 1020) }, '2026-01-01T17:00:00Z', false],
  ['until midnight', { times: span(1320, 1440) }, '2026-01-01T23:59:59Z', true],
  ['in a zone', { times: span(540, 541), zone: 'Europe/Paris' }, '2026-01-01T08:00:30Z', true],
  ['in a zone, in summer', { times: span(540, 541), zone: 'Europe/Paris' }, '2026-07-01T07:00:30Z', true],
  ['a zone of half hours', { times: span(330, 331), zone: 'Asia/Kolkata' }, '2026-01-01T00:00:00Z', true],
  ['a day of the week', { weekdays: span(1, 5) }, '2026-01-02T12:00:00Z', true],
  ['another day', { weekdays: span(1, 5) }, '2026-01-03T12:00:00Z', false],
  ['a day of the week in a zone', { weekdays: span(6, 6), zone: 'Asia/Tokyo' }, '2026-01-02T16:00:00Z', true],
  ['a day of the month', { daysOfMonth: span(1, 7) }, '2026-01-07T23:59:00Z', true],
  ['the last day', { daysOfMonth: span(-1, -1) }, '2026-02-28T12:00:00Z', true],
  ['the last day of a leap year', { daysOfMonth: span(-1, -1) }, '2028-02-28T12:00:00Z', false],
  ['from a day to the last', { daysOfMonth: span(29, -1) }, '2026-04-30T12:00:00Z', true],
  ['a day that the month does not have', { daysOfMonth: span(30, 31) }, '2026-02-28T12:00:00Z', false],
  ['a month', { months: span(12, 12) }, '2026-12-31T12:00:00Z', true],
  ['a month in a zone', { months: span(1, 1), zone: 'Asia/Tokyo' }, '2025-12-31T16:00:00Z', true],
  ['a year', { years: span(2026, 2027) }, '2028-01-01T00:00:00Z', false],
  ['all bounds hold together', { weekdays: span(1, 5), times: span(0, 60) }, '2026-01-02T02:00:00Z', false],
])('%s', (_, bounds, at, inside) => {
  expect(isInside({ ...always, ...bounds }, Date.parse(at))).toBe(inside);
});
