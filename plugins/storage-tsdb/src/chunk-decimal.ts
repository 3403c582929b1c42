/** The greatest power of ten by which values are scaled. */
export const MAX_EXPONENT = 15;
/** Scaled values are below this, so that differences of differences of them are exact. */
const MAX_INTEGER = 2 ** 51;
/** Added and taken away again, it rounds to a whole number whatever is below `MAX_INTEGER`. */
const ROUNDING = 1.5 * 2 ** 52;

const POWERS = Float64Array.from({ length: MAX_EXPONENT + 1 }, (_, exponent) => 10 ** exponent);

/** By how much values were multiplied that were scaled by an exponent of ten. */
export function powerOf(exponent: number): number {
  return POWERS[exponent] as number;
}

/**
 * A column of values as whole numbers over a power of ten: `integers[i] / powerOf(exponent)` is the value, bit for bit.
 * Values for which there is no such number (NaN, infinities, -0, those with too many digits) are exceptions; at their
 * positions the number before is repeated.
 */
export class DecimalColumn {
  integers = new Float64Array(512);
  exponent = 0;
  exceptions = 0;
  positions = new Uint16Array(64);
  /** The exponent at which all finite exceptions would be none; that of the column when there is no such. */
  wider = 0;

  /** Scales `count` values from `from` on; false when too many of them are exceptions. */
  scale(values: Float64Array, from: number, count: number): boolean {
    let exponent = 0;
    for (let i = from; i < from + count; i++) {
      exponent = exponentOf(values[i] as number, 0);
      if (exponent >= 0) break;
      if (i - from > exceptionsOf(count)) return false;
    }
    while (exponent >= 0) {
      if (this.scaleBy(exponent, values, from, count)) return true;
      if (this.wider === exponent) return false;
      exponent = this.wider;
    }
    return false;
  }

  /** As `scale`, with one exponent only. */
  scaleBy(exponent: number, values: Float64Array, from: number, count: number): boolean {
    if (this.integers.length < count) this.integers = new Float64Array(count * 2);
    const limit = exceptionsOf(count);
    if (this.positions.length < limit) this.positions = new Uint16Array(limit);
    const { integers, positions } = this;
    const power = powerOf(exponent);
    let before = 0;
    this.exponent = exponent;
    this.exceptions = 0;
    this.wider = exponent;
    for (let i = 0; i < count; i++) {
      const value = values[from + i] as number;
      const integer = value * power + ROUNDING - ROUNDING;
      if (integer / power === value && integer < MAX_INTEGER && integer > -MAX_INTEGER && (value !== 0 || 1 / value > 0)) {
        before = integer;
      } else {
        const needed = exponentOf(value, exponent);
        if (needed > this.wider) this.wider = needed;
        if (this.exceptions === limit) return false;
        positions[this.exceptions++] = i;
      }
      integers[i] = before;
    }
    this.#fillStart(count);
    return true;
  }

  /** Repeats the first number backwards over exceptions at the start. */
  #fillStart(count: number): void {
    let leading = 0;
    while (leading < this.exceptions && this.positions[leading] === leading) leading++;
    if (leading > 0 && leading < count) this.integers.fill(this.integers[leading] as number, 0, leading);
  }
}

function exceptionsOf(count: number): number {
  return 2 + (count >>> 4);
}

/** The smallest exponent from `least` on by which a value becomes a whole number, exactly; -1 when there is none. */
function exponentOf(value: number, least: number): number {
  if (value - value !== 0 || (value === 0 && 1 / value < 0)) return -1;
  for (let exponent = least; exponent <= MAX_EXPONENT; exponent++) {
    const power = powerOf(exponent);
    const integer = value * power + ROUNDING - ROUNDING;
    if (integer >= MAX_INTEGER || integer <= -MAX_INTEGER) return -1;
    if (integer / power === value) return exponent;
  }
  return -1;
}
