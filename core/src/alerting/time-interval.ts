import type { Timestamp } from '@metrics-dashboard/sdk';

/** From the first to the last, both included, save for minutes of the day, where the end is not. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Times that recur: all of the fields that are given must hold; of a list, any span. */
export interface TimeInterval {
  /** Minutes since midnight; the end is not included. */
  readonly times: readonly Span[] | undefined;
  /** 0 is Sunday. */
  readonly weekdays: readonly Span[] | undefined;
  /** From 1; below 0 they count from the month's end, -1 its last day. */
  readonly daysOfMonth: readonly Span[] | undefined;
  /** From 1. */
  readonly months: readonly Span[] | undefined;
  readonly years: readonly Span[] | undefined;
  /** An IANA zone; the machine's own is `Local`. */
  readonly zone: string;
}

/** Intervals by the name that routes give them; any of a name holds. */
export type NamedIntervals = Readonly<Record<string, readonly TimeInterval[]>>;

interface Civil {
  readonly minute: number;
  readonly weekday: number;
  readonly day: number;
  readonly month: number;
  readonly year: number;
}

/** Whether a time is in the interval, on the calendar of the interval's zone. */
export function isInside(interval: TimeInterval, at: Timestamp): boolean {
  const civil = civilTime(at, interval.zone);
  return (
    (interval.times?.some(({ from, to }) => civil.minute >= from && civil.minute < to) ?? true) &&
    within(interval.weekdays, civil.weekday) &&
    withinMonth(interval.daysOfMonth, civil) &&
    within(interval.months, civil.month) &&
    within(interval.years, civil.year)
  );
}

function within(spans: readonly Span[] | undefined, value: number): boolean {
  return spans?.some(({ from, to }) => value >= from && value <= to) ?? true;
}

/** Days that the month does not have are cut off; a span that is cut off whole never holds. */
function withinMonth(spans: readonly Span[] | undefined, { day, month, year }: Civil): boolean {
  if (spans === undefined) return true;
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const ofMonth = (one: number): number => (one < 0 ? days + one + 1 : one);
  return spans.some(({ from, to }) => {
    const first = Math.max(1, ofMonth(from));
    const last = Math.min(days, ofMonth(to));
    return first <= last && day >= first && day <= last;
  });
}

const WEEKDAYS: readonly string[] = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const formats = new Map<string, Intl.DateTimeFormat>();

function civilTime(at: Timestamp, zone: string): Civil {
  let format = formats.get(zone);
  if (format === undefined) {
    format = formatFor(zone);
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  return {
    minute: number('hour') * 60 + number('minute'),
    weekday: WEEKDAYS.indexOf(parts.get('weekday') ?? ''),
    day: number('day'),
    month: number('month'),
    year: number('year'),
  };
}

/** Throws a `RangeError` for a zone that nobody knows. */
function formatFor(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    ...(zone !== 'Local' && { timeZone: zone }),
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
}

/** Whether there is such a zone. */
export function isZone(zone: string): boolean {
  try {
    formatFor(zone);
    return true;
  } catch {
    return false;
  }
}
