import { ParseError } from '../errors.js';
import type { Duration } from './sample.js';

/** The units of a duration, largest first, in milliseconds; as Prometheus writes them. */
const UNITS = [
  ['y', 365 * 24 * 3600_000],
  ['w', 7 * 24 * 3600_000],
  ['d', 24 * 3600_000],
  ['h', 3600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

const FORM = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** `1h30m`, `250ms`, `0` to milliseconds. Units stand in order, largest first, each at most once. */
export function parseDuration(text: string): Duration {
  if (text === '0') return 0;
  const parts = FORM.exec(text);
  if (text === '' || parts === null) {
    throw new ParseError(`${JSON.stringify(text)} is not a duration, expected a form like 15s, 1h30m or 250ms`);
  }
  let total = 0;
  UNITS.forEach(([, size], i) => (total += Number(parts[i + 1] ?? 0) * size));
  if (!Number.isSafeInteger(total)) throw new ParseError(`${JSON.stringify(text)} is too long a duration`);
  return total;
}

/**
 * Milliseconds to a text that `parseDuration` reads back, `1h30m`; fractions of a millisecond are rounded. Weeks are
 * left to days, as 7d. A negative duration, which nothing reads back, has a sign in front.
 */
export function formatDuration(duration: Duration): string {
  let rest = Math.round(Math.abs(duration));
  if (rest === 0) return '0s';
  let text = duration < 0 ? '-' : '';
  for (const [unit, size] of UNITS) {
    if (unit === 'w' || (unit === 'y' && rest % size !== 0)) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}
