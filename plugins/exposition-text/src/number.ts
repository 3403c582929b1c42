import { DOT, MINUS, NEWLINE, NINE, OPEN_BRACE, PLUS, SPACE, TAB, ZERO } from './bytes.js';
import { expectedAt, failureAt } from './failure.js';

/** Powers of ten that a float64 holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** Below it, appending a digit to an integer is exact. */
const EXACT = (2 ** 53 - 10) / 10;

const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;

/** The end of the word that starts here: the next blank, line end or brace. */
export function wordEnd(body: Uint8Array, start: number): number {
  let i = start;
  for (; i < body.length; i++) {
    const c = body[i] as number;
    if (c <= SPACE && (c === SPACE || c === NEWLINE || c === TAB)) break;
    if (c === OPEN_BRACE) break;
  }
  return i;
}

/**
 * The float64 that the word [start, end) writes, as Go's `ParseFloat` reads it, without hexadecimal digits and
 * underscores. Digits are gathered to an integer, and one multiplication or division by a power of ten gives the
 * correctly rounded result as long as both are exact; every other word takes the slow path.
 */
export function parseFloat64(body: Uint8Array, start: number, end: number): number {
  let i = start;
  const sign = body[i];
  if (sign === MINUS || sign === PLUS) i++;
  let mantissa = 0;
  let scale = 0;
  let digits = 0;
  let seenDot = false;
  for (; i < end; i++) {
    const c = body[i] as number;
    if (c >= ZERO && c <= NINE) {
      if (mantissa > EXACT) return parseSlowly(body, start, end);
      mantissa = mantissa * 10 + (c - ZERO);
      digits++;
      if (seenDot) scale--;
    } else if (c === DOT && !seenDot) {
      seenDot = true;
    } else {
      break;
    }
  }
  if (digits === 0) return parseSlowly(body, start, end);
  if (i < end) {
    const exponent = smallExponent(body, i, end);
    if (exponent !== exponent) return parseSlowly(body, start, end);
    scale += exponent;
  }
  if (scale < -22 || scale > 22) return parseSlowly(body, start, end);
  if (scale < 0) mantissa /= POWERS[-scale] as number;
  else if (scale > 0) mantissa *= POWERS[scale] as number;
  return sign === MINUS ? -mantissa : mantissa;
}

/** The exponent of a word from its `e` on; NaN for anything longer or different. */
function smallExponent(body: Uint8Array, from: number, end: number): number {
  let i = from;
  if (((body[i] as number) | 0x20) !== 0x65) return NaN;
  i++;
  const sign = body[i];
  if (sign === MINUS || sign === PLUS) i++;
  const digits = end - i;
  if (digits < 1 || digits > 3) return NaN;
  let exponent = 0;
  for (; i < end; i++) {
    const c = body[i] as number;
    if (c < ZERO || c > NINE) return NaN;
    exponent = exponent * 10 + (c - ZERO);
  }
  return sign === MINUS ? -exponent : exponent;
}

function parseSlowly(body: Uint8Array, start: number, end: number): number {
  const text = new TextDecoder().decode(body.subarray(start, Math.min(end, start + 2000)));
  if (DECIMAL.test(text)) {
    const value = Number(text);
    if (value === Infinity || value === -Infinity) {
      throw failureAt(body, start, `value ${text.slice(0, 40)} is out of the range of a float64`);
    }
    return value;
  }
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (text.toLowerCase() === 'nan') return NaN;
  throw expectedAt(body, start, 'a number');
}
