import { ParseError } from '@metrics-dashboard/sdk';
import { z } from 'zod';
import { isZone } from '../../alerting/time-interval.js';
import type { NamedIntervals, Span, TimeInterval } from '../../alerting/time-interval.js';
import { keys, readBy } from '../section.js';
import type { Section } from '../section.js';
import { optional, text, withDefault } from '../values.js';

const WEEKDAYS: readonly string[] = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS: readonly string[] = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];

/** `09:30`, up to `24:00`, in minutes since midnight. A clock time without quotes may have become a number of minutes already. */
const clockTime = readBy(z.union([z.string(), z.number()]), (value) => {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(String(value)) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  if (Number.isNaN(total) || total > 24 * 60) throw new ParseError(`${JSON.stringify(value)} is no time of the day, expected a form like "09:30"`);
  return total;
});

const times = readBy(keys({ start_time: clockTime, end_time: clockTime }), ({ start_time: from, end_time: to }): Span => {
  if (from >= to) throw new ParseError('the start of a time range is before its end, and this one is not');
  return { from, to };
});

const interval = keys({
  times: optional(z.array(times)),
  weekdays: spans((word) => indexIn(WEEKDAYS, word, 'day of the week')),
  days_of_month: optional(z.array(readBy(text, daySpan))),
  months: spans((word) => (/^\d+$/.test(word) ? numberIn(word, 1, 12, 'month') : indexIn(MONTHS, word, 'month') + 1)),
  years: spans((word) => numberIn(word, 1, 9999, 'year')),
  location: withDefault(
    readBy(text, (zone) => {
      if (!isZone(zone)) throw new ParseError(`there is no time zone ${JSON.stringify(zone)}`);
      return zone;
    }),
    'UTC',
  ),
});

const named = keys({ name: text, time_intervals: z.array(interval) });

/** Reads `time_intervals:` and `mute_time_intervals:`, which are the same. Throws a `ConfigError` for a name that is there twice. */
export function readTimeIntervals(sections: readonly Section[]): NamedIntervals {
  const found: Record<string, readonly TimeInterval[]> = {};
  for (const section of sections) {
    const list = section.read(optional(z.array(z.unknown()))) ?? [];
    list.forEach((_, i) => {
      const { name, time_intervals: intervals } = section.inner(i).read(named);
      if (Object.hasOwn(found, name)) throw section.inner(i, 'name').error(`there is a time interval ${JSON.stringify(name)} already`);
      found[name] = intervals.map((one) => ({
        times: one.times,
        weekdays: one.weekdays,
        daysOfMonth: one.days_of_month,
        months: one.months,
        years: one.years,
        zone: one.location,
      }));
    });
  }
  return found;
}

function spans(read: (word: string) => number): z.ZodType<readonly Span[] | undefined> {
  return optional(z.array(readBy(text, (value) => spanOf(value, read))));
}

/** `monday:friday`, or one of them. */
function spanOf(value: string, read: (word: string) => number): Span {
  const [first = '', last = first, ...more] = value.toLowerCase().split(':').map((word) => word.trim());
  if (more.length > 0) throw new ParseError(`${JSON.stringify(value)} is no range, expected a form like "monday:friday"`);
  const span = { from: read(first), to: read(last) };
  if (span.from > span.to) throw new ParseError(`the range ${JSON.stringify(value)} ends before it starts`);
  return span;
}

/** Days may count from the end of the month; a range must not run backwards where both ends count from the same side. */
function daySpan(value: string): Span {
  const [, first = '', last = first] = /^\s*(-?\d+)\s*(?::\s*(-?\d+)\s*)?$/.exec(value) ?? [];
  const [from, to] = [dayOf(first, value), dayOf(last, value)];
  if (from > to && from < 0 === to < 0) throw new ParseError(`the range ${JSON.stringify(value)} ends before it starts`);
  if (from < 0 && to > 0) throw new ParseError(`the range ${JSON.stringify(value)} starts from the end of the month and ends from its beginning`);
  return { from, to };
}

function dayOf(word: string, value: string): number {
  const day = Number(word);
  if (word === '' || day === 0 || Math.abs(day) > 31) throw new ParseError(`${JSON.stringify(value)} is no range of days, expected 1 to 31 or -31 to -1, and a form like "1:7"`);
  return day;
}

function indexIn(words: readonly string[], word: string, what: string): number {
  const index = words.indexOf(word);
  if (index < 0) throw new ParseError(`${JSON.stringify(word)} is no ${what}`);
  return index;
}

function numberIn(word: string, least: number, most: number, what: string): number {
  const value = /^\d+$/.test(word) ? Number(word) : NaN;
  if (!(value >= least && value <= most)) throw new ParseError(`${JSON.stringify(word)} is no ${what}`);
  return value;
}
