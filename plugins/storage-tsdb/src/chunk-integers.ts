import { bitsOf } from './bit-stream.js';
import type { BitReader, BitWriter } from './bit-stream.js';
import { MINIBLOCK, MiniblockPacker, readMiniblocks } from './miniblocks.js';

/** Differences are taken at most this often. */
const MAX_ORDER = 2;
/** Numbers that lie further apart are not packed: what is computed with them has to be exact. */
const MAX_SPREAD = 2 ** 52;
const LENGTH_BITS = 6;

/**
 * Whole numbers below 2^51 as residuals r = (x - base) / factor, where x is the numbers themselves (order 0), their
 * differences (1) or the differences of those (2), whichever takes the fewest bits:
 *
 *     order:2 | first number of each column of differences | base | factor | miniblocks of r
 *
 *     number    bits:6 | negative:1 magnitude:bits, when bits > 0
 *
 * A factor of 0 says that all residuals are 0, and none follow. The factor is the greatest that divides all x - base;
 * the base is such that few miniblocks have negative residuals.
 */
export class IntegerPacker {
  /** The numbers, their differences, and the differences of those; column k begins at entry k. */
  readonly #columns = [new Float64Array(512), new Float64Array(512), new Float64Array(512)];
  readonly #miniblocks = new MiniblockPacker();
  readonly #lowest = new Float64Array(3);
  #length = 0;
  #order = 0;
  #base = 0;
  #factor = 0;
  #bits = Infinity;

  /** Looks for the smallest form of the first numbers of a column, at least one; answers its bits. */
  measure(numbers: Float64Array, length: number): number {
    this.#length = length;
    this.#bits = Infinity;
    for (let order = 0; order <= Math.min(MAX_ORDER, length - 1); order++) {
      const x = this.#column(order);
      if (order === 0) x.set(numbers.subarray(0, length));
      else difference(this.#column(order - 1), x, order, length);
      this.#measureOrder(x, order);
      if (this.#order === order && this.#factor === 0) break;
    }
    return this.#bits;
  }

  /** Writes what was measured last. */
  write(writer: BitWriter): void {
    const order = this.#order;
    const x = this.#column(order);
    writer.write(order, 2);
    for (let k = 0; k < order; k++) writeNumber(writer, this.#column(k)[k] as number);
    writeNumber(writer, this.#base);
    writeNumber(writer, this.#factor);
    if (this.#factor === 0) return;
    this.#miniblocks.measure(x, order, this.#length, this.#base, this.#factor);
    this.#miniblocks.write(writer, x, order, this.#length, this.#base, this.#factor);
  }

  #measureOrder(x: Float64Array, order: number): void {
    const high = this.#survey(x, order);
    const lowest = this.#lowest;
    const low = lowest[0] as number;
    if (high - low > MAX_SPREAD) return;
    let header = 2;
    for (let k = 0; k < order; k++) header += numberBits(this.#column(k)[k] as number);
    const factor = commonFactor(x, order, this.#length);
    header += numberBits(factor);
    if (factor === 0) {
      this.#note(order, low, 0, header + numberBits(low));
      return;
    }
    this.#try(x, order, low, factor, header);
    // Where a few miniblocks lie far below the rest, those get signs, and the others a base that fits them.
    for (const base of lowest.subarray(1)) if (base > low && base < Infinity) this.#try(x, order, base, factor, header);
    if (low < 0 && high > 0 && low % factor === 0) this.#try(x, order, 0, factor, header);
  }

  /** Finds the three lowest of the miniblocks' least numbers; answers the greatest number of all. */
  #survey(x: Float64Array, order: number): number {
    const lowest = this.#lowest.fill(Infinity);
    let high = -Infinity;
    for (let at = order; at < this.#length; at += MINIBLOCK) {
      const end = Math.min(at + MINIBLOCK, this.#length);
      let low = Infinity;
      for (let i = at; i < end; i++) {
        const number = x[i] as number;
        if (number < low) low = number;
        if (number > high) high = number;
      }
      insertLowest(lowest, low);
    }
    return high;
  }

  #try(x: Float64Array, order: number, base: number, factor: number, header: number): void {
    const bits = header + numberBits(base) + this.#miniblocks.measure(x, order, this.#length, base, factor);
    this.#note(order, base, factor, bits);
  }

  #note(order: number, base: number, factor: number, bits: number): void {
    if (bits >= this.#bits) return;
    this.#bits = bits;
    this.#order = order;
    this.#base = base;
    this.#factor = factor;
  }

  #column(order: number): Float64Array {
    const column = this.#columns[order];
    if (column !== undefined && column.length >= this.#length) return column;
    return (this.#columns[order] = new Float64Array(this.#length * 2));
  }
}

/** Reads `count` numbers, at least one, to `into`, from `to` on. */
export function readIntegers(reader: BitReader, count: number, into: Float64Array, to: number): void {
  const order = reader.read(2);
  const first = order > 0 ? readNumber(reader) : 0;
  const second = order > 1 ? readNumber(reader) : 0;
  const base = readNumber(reader);
  const factor = readNumber(reader);
  const begin = to + Math.min(order, count);
  const end = to + count;
  if (factor === 0) into.fill(base, begin, end);
  else {
    readMiniblocks(reader, end - begin, into, begin);
    if (base !== 0 || factor !== 1) for (let i = begin; i < end; i++) into[i] = base + factor * (into[i] as number);
  }
  if (order === 1) addUp(into, to, end, first);
  else if (order > 1) addUpTwice(into, to, end, first, second);
}

function addUp(into: Float64Array, from: number, end: number, first: number): void {
  let number = first;
  into[from] = number;
  for (let i = from + 1; i < end; i++) into[i] = number += into[i] as number;
}

function addUpTwice(into: Float64Array, from: number, end: number, first: number, second: number): void {
  let number = first;
  let delta = second;
  into[from] = number;
  if (end > from + 1) into[from + 1] = number += delta;
  for (let i = from + 2; i < end; i++) {
    delta += into[i] as number;
    into[i] = number += delta;
  }
}

/** The differences of the column of order one less. */
function difference(of: Float64Array, into: Float64Array, order: number, length: number): void {
  let before = of[order - 1] as number;
  for (let i = order; i < length; i++) {
    const number = of[i] as number;
    into[i] = number - before;
    before = number;
  }
}

/** The greatest number by which all differences within a column can be divided; 0 when all entries are the same. */
function commonFactor(x: Float64Array, from: number, to: number): number {
  const first = x[from] as number;
  let factor = 0;
  for (let i = from + 1; i < to && factor !== 1; i++) {
    let rest = Math.abs((x[i] as number) - first);
    while (rest !== 0) {
      const remainder = factor % rest;
      factor = rest;
      rest = remainder;
    }
  }
  return factor;
}

function insertLowest(lowest: Float64Array, low: number): void {
  const [first, second, third] = [lowest[0] as number, lowest[1] as number, lowest[2] as number];
  if (low === first || low === second) return;
  if (low < first) {
    lowest[2] = second;
    lowest[1] = first;
    lowest[0] = low;
  } else if (low < second) {
    lowest[2] = second;
    lowest[1] = low;
  } else if (low < third) lowest[2] = low;
}

function numberBits(number: number): number {
  const bits = bitsOf(Math.abs(number));
  return LENGTH_BITS + (bits === 0 ? 0 : 1 + bits);
}

function writeNumber(writer: BitWriter, number: number): void {
  const magnitude = Math.abs(number);
  const bits = bitsOf(magnitude);
  writer.write(bits, LENGTH_BITS);
  if (bits === 0) return;
  writer.write(number < 0 ? 1 : 0, 1);
  writer.writeWide(magnitude, bits);
}

function readNumber(reader: BitReader): number {
  const bits = reader.read(LENGTH_BITS);
  if (bits === 0) return 0;
  const isNegative = reader.bit() === 1;
  const magnitude = reader.readWide(bits);
  return isNegative ? -magnitude : magnitude;
}
