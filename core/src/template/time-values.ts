import { durationStruct } from './humanize.js';
import { TemplateStruct, typeName } from './value.js';
import type { Value } from './value.js';

/** A moment as Go's `time.Time` shows it: its methods, and `Format` with Go's layouts. `at` is in milliseconds. */
export function timeStruct(at: number, zone = 'UTC'): TemplateStruct {
  const shown = civil(at, zone);
  const whole = (part: number): (() => Value) => () => BigInt(part);
  const offset = (by: Value): number => (by instanceof TemplateStruct ? Number(by.number ?? 0n) / 1e6 : 0);
  return new TemplateStruct(
    'time.Time',
    {},
    {
      Format: (layout) => formatTime(at, typeof layout === 'string' ? layout : '', zone),
      Unix: () => BigInt(Math.floor(at / 1000)),
      UnixMilli: () => BigInt(Math.floor(at)),
      UTC: () => timeStruct(at),
      Year: whole(shown.year),
      Month: () => MONTHS[shown.month - 1] ?? '',
      Day: whole(shown.day),
      Hour: whole(shown.hour),
      Minute: whole(shown.minute),
      Second: whole(shown.second),
      Weekday: () => DAYS[shown.weekday] ?? '',
      YearDay: whole(shown.yearDay),
      IsZero: () => at === ZERO_TIME,
      Add: (by) => timeStruct(at + offset(by), zone),
      Sub: (other) => durationStruct((at - timeOf(other)) / 1000),
      Before: (other) => at < timeOf(other),
      After: (other) => at > timeOf(other),
      Equal: (other) => at === timeOf(other),
      String: () => printTime(at, zone),
    },
    () => printTime(at, zone),
    BigInt(Math.round(at * 1e6)),
  );
}

/** The year 1, Go's time of nothing. */
export const ZERO_TIME = new Date('0001-01-01T00:00:00Z').getTime();

/** The milliseconds of a time. Throws for anything else. */
export function timeOf(value: Value): number {
  if (!(value instanceof TemplateStruct) || value.type !== 'time.Time') throw new Error(`wrong type of value; expected time.Time; got ${typeName(value)}`);
  return Number(value.number ?? 0n) / 1e6;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly milliseconds: number;
  readonly weekday: number;
  readonly yearDay: number;
  /** East of Greenwich, in minutes. */
  readonly offset: number;
}

function civil(at: number, zone: string): Civil {
  const offset = zone === 'UTC' ? 0 : offsetOf(at, zone);
  const local = new Date(at + offset * 60_000);
  const year = local.getUTCFullYear();
  return {
    year,
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    milliseconds: ((at % 1000) + 1000) % 1000,
    weekday: local.getUTCDay(),
    yearDay: Math.floor((local.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1,
    offset,
  };
}

/** Throws a `RangeError` for a zone that nobody knows. */
function offsetOf(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(at);
  const found = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '');
  if (found?.[1] === undefined) return 0;
  return (Number(found[2]) * 60 + Number(found[3])) * (found[1] === '-' ? -1 : 1);
}

function zoneName(at: number, zone: string): string {
  if (zone === 'UTC') return 'UTC';
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

const two = (n: number): string => String(n).padStart(2, '0');

function zoneOffset(offset: number, separator: string): string {
  const magnitude = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(magnitude / 60))}${separator}${two(magnitude % 60)}`;
}

const LAYOUT = /2006|January|Jan|Monday|Mon|MST|Z0700|Z07:00|-0700|-07:00|-07|Z07|[.,](?:0+|9+)(?!\d)|002|01|02|03|04|05|06|15|PM|pm|_2|1|2|3|4|5/g;

/**
 * A time in one of Go's layouts, which show how 2 January 2006, 15:04:05, seven hours west of Greenwich, would be written.
 * Source: https://pkg.go.dev/time#pkg-constants.
 */
export function formatTime(at: number, layout: string, zone = 'UTC'): string {
  const time = civil(at, zone);
  return layout.replace(LAYOUT, (part) => formatPart(part, time, at, zone));
}

function formatPart(part: string, time: Civil, at: number, zone: string): string {
  const half = time.hour % 12 === 0 ? 12 : time.hour % 12;
  const month = MONTHS[time.month - 1] ?? '';
  const day = DAYS[time.weekday] ?? '';
  const simple: Readonly<Record<string, string>> = {
    '2006': String(time.year).padStart(4, '0'),
    '06': two(time.year % 100),
    January: month,
    Jan: month.slice(0, 3),
    '01': two(time.month),
    '1': String(time.month),
    Monday: day,
    Mon: day.slice(0, 3),
    '02': two(time.day),
    '_2': String(time.day).padStart(2, ' '),
    '2': String(time.day),
    '002': String(time.yearDay).padStart(3, '0'),
    '15': two(time.hour),
    '03': two(half),
    '3': String(half),
    '04': two(time.minute),
    '4': String(time.minute),
    '05': two(time.second),
    '5': String(time.second),
    PM: time.hour < 12 ? 'AM' : 'PM',
    pm: time.hour < 12 ? 'am' : 'pm',
    MST: zoneName(at, zone),
    Z0700: time.offset === 0 ? 'Z' : zoneOffset(time.offset, ''),
    'Z07:00': time.offset === 0 ? 'Z' : zoneOffset(time.offset, ':'),
    Z07: time.offset === 0 ? 'Z' : zoneOffset(time.offset, '').slice(0, 3),
    '-0700': zoneOffset(time.offset, ''),
    '-07:00': zoneOffset(time.offset, ':'),
    '-07': zoneOffset(time.offset, '').slice(0, 3),
  };
  return simple[part] ?? fraction(part, time.milliseconds);
}

function fraction(part: string, milliseconds: number): string {
  const digits = String(Math.floor(milliseconds * 1e6)).padStart(9, '0').slice(0, part.length - 1).padEnd(part.length - 1, '0');
  if (part[1] === '0') return `${part[0] ?? ''}${digits}`;
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '' : `${part[0] ?? ''}${kept}`;
}

/** As Go prints a time. */
function printTime(at: number, zone: string): string {
  return formatTime(at, '2006-01-02 15:04:05.999999999 -0700 MST', zone);
}
