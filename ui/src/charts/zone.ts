/** A time zone: `UTC`, `local` (the viewer's) or a name of the IANA database. */
export type Zone = string;

const formatters = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();
const quarterHour = 900_000;

/** The IANA name behind a zone; the viewer's own for `local`. */
export function zoneName(zone: Zone): string {
  return zone === 'local' ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone;
}

/** Whether a text names a zone that this browser knows. */
export function isZone(text: string): boolean {
  if (text === 'local' || text === 'UTC') return true;
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** One formatter per zone and form, kept: making one costs more than a hundred uses of it. */
export function zoneFormatter(zone: Zone, form: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone}\n${form}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zoneName(zone) });
    formatters.set(key, formatter);
  }
  return formatter;
}

/** Milliseconds that a zone's wall clock is ahead of UTC at an instant. Offsets change at whole quarter hours only, so they are kept per quarter. */
export function zoneOffset(zone: Zone, at: number): number {
  if (zone === 'UTC') return 0;
  let known = offsets.get(zone);
  if (known === undefined || known.size > 50_000) offsets.set(zone, (known = new Map<number, number>()));
  const quarter = Math.floor(at / quarterHour);
  let offset = known.get(quarter);
  if (offset === undefined) known.set(quarter, (offset = measureOffset(zone, quarter * quarterHour)));
  return offset;
}

/** The instant at which a zone's wall clock shows `wall` (given as if it were UTC); the later reading where the clock jumps over it. */
export function wallToInstant(zone: Zone, wall: number): number {
  const first = wall - zoneOffset(zone, wall);
  return wall - zoneOffset(zone, first);
}

/** How a zone is written on the page: its name and its offset now. */
export function zoneLabel(zone: Zone, at: number): string {
  const offset = zoneOffset(zone, at) / 60_000;
  const sign = offset < 0 ? '−' : '+';
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0');
  const minutes = String(Math.abs(offset) % 60).padStart(2, '0');
  return zone === 'UTC' ? 'UTC' : `${zoneName(zone)} (UTC${sign}${hours}:${minutes})`;
}

function measureOffset(zone: Zone, at: number): number {
  const parts: Record<string, number> = {};
  const formatter = zoneFormatter(zone, 'parts', {
    year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23',
  });
  for (const { type, value } of formatter.formatToParts(at)) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - at;
}
