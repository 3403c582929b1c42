/** Six digits after the point: what is smaller has an exponent. */
const SCALE = 1e6;
const SCALE_DIGITS = 6;
/** Below this every integer has at most fifteen digits, which are then its own shortest decimal. */
const MOST = 1e15;

/** How a number is written, found before it is: see `formOf`. */
export const INTEGER = 0;
export const DECIMAL = 1;
export const SHORTEST = 2;
export const SPECIAL = 3;

/** Whether a number is written as an integer, as millionths, by the shortest decimal of the runtime, or as a word. */
export function formOf(value: number): typeof INTEGER | typeof DECIMAL | typeof SHORTEST | typeof SPECIAL {
  if (value === Math.floor(value) && value < MOST && value > -MOST) return INTEGER;
  const scaled = Math.round(value * SCALE);
  if (scaled < MOST && scaled > -MOST && scaled / SCALE === value) return DECIMAL;
  return value - value === 0 ? SHORTEST : SPECIAL;
}

/** The two digits of each number below 100. */
const PAIRS = Uint8Array.from({ length: 200 }, (_, i) => 0x30 + (i % 2 === 0 ? Math.floor(i / 20) : (i >> 1) % 10));

/** Writes an `INTEGER` at a place with room for 17 bytes, and returns where it ends. */
export function writeInteger(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let to = at;
  if (rest < 0 || (rest === 0 && 1 / rest < 0)) {
    bytes[to++] = 0x2d;
    rest = -rest;
  }
  if (rest < 1e9) return writeDigits(bytes, to, rest | 0, digitsOf(rest | 0));
  const high = Math.floor(rest / 1e8) | 0;
  to = writeDigits(bytes, to, high, digitsOf(high));
  return writeDigits(bytes, to, (rest - high * 1e8) | 0, 8);
}

/** Writes a `DECIMAL` at a place with room for 24 bytes, without zeros at the end, and returns where it ends. */
export function writeDecimal(bytes: Uint8Array, at: number, value: number): number {
  const scaled = Math.round(value * SCALE);
  const magnitude = Math.abs(scaled);
  const whole = Math.floor(magnitude / SCALE);
  let to = at;
  if (scaled < 0) bytes[to++] = 0x2d;
  to = writeInteger(bytes, to, whole);
  bytes[to++] = 0x2e;
  let fraction = (magnitude - whole * SCALE) | 0;
  let digits = SCALE_DIGITS;
  for (; fraction % 10 === 0 && digits > 1; digits--) fraction = (fraction / 10) | 0;
  return writeDigits(bytes, to, fraction, digits);
}

/** Writes a number below 2^31 with so many digits, zeros in front. */
function writeDigits(bytes: Uint8Array, at: number, value: number, digits: number): number {
  const end = at + digits;
  let rest = value | 0;
  let to = end;
  for (; to - at >= 2; to -= 2) {
    const next = (rest / 100) | 0;
    const pair = (rest - next * 100) << 1;
    bytes[to - 2] = PAIRS[pair] as number;
    bytes[to - 1] = PAIRS[pair + 1] as number;
    rest = next;
  }
  if (to > at) bytes[at] = 0x30 + rest;
  return end;
}

function digitsOf(value: number): number {
  if (value < 1000) return value < 10 ? 1 : value < 100 ? 2 : 3;
  if (value < 1e6) return value < 1e4 ? 4 : value < 1e5 ? 5 : 6;
  return value < 1e7 ? 7 : value < 1e8 ? 8 : 9;
}

/** `NaN`, `+Inf` or `-Inf`. */
export function specialText(value: number): string {
  return value !== value ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/**
 * The shortest decimals of numbers, as ASCII, with a comma after each. The runtime makes many at once much faster than
 * one by one. Exponents begin where the reference has them begin, but have one digit where it has two.
 */
export class ShortestDecimals {
  #bytes = new Uint8Array(0);

  /** Lent until the next call; the numbers are finite. */
  of(numbers: readonly number[]): Uint8Array {
    const text = JSON.stringify(numbers);
    if (this.#bytes.length < text.length) this.#bytes = new Uint8Array(2 * text.length);
    encoder.encodeInto(text, this.#bytes);
    // The brackets: one is left out, the other stands where a comma would.
    this.#bytes[text.length - 1] = COMMA;
    return this.#bytes.subarray(1);
  }
}

const encoder = new TextEncoder();
const COMMA = 0x2c;
const EXPONENT = 0x65;

/** Copies a number up to its comma, gives its exponent two digits, and returns where it ends. */
export function copyDecimal(from: Uint8Array, start: number, bytes: Uint8Array, at: number): number {
  let to = at;
  let i = start;
  for (let byte = from[i] as number; byte !== COMMA; byte = from[++i] as number) {
    bytes[to++] = byte;
    if (byte !== EXPONENT) continue;
    bytes[to++] = from[++i] as number;
    if (from[i + 2] === COMMA) bytes[to++] = 0x30;
  }
  return to;
}
