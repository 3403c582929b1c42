import { BitReader, BitWriter, halvesOf } from './bit-stream.js';
import { DecimalColumn, powerOf } from './chunk-decimal.js';
import { IntegerPacker, readIntegers } from './chunk-integers.js';
import { readXor, writeXor, xorBits } from './xor.js';

/**
 * The encoding of a column of up to 4096 float64, times or values, bit for bit. Of several encodings the smallest is
 * taken; the first bits say which. A chunk does not carry its count; who points at it does.
 *
 *     kind:2   0 raw        value:64 …
 *              1 constant   value:64                      all values are the same
 *              2 xor        see xor.ts                    Gorilla's
 *              3 decimal    exponent:4 exceptional:1
 *                           | count:12 | position:12 …    when exceptional
 *                           | integers, see chunk-integers.ts
 *                           | stale:1 (0 | value:64) …    the exceptions
 *
 * Most values were decimals with few digits once. `value = integer / 10^exponent`, checked bit for bit, makes whole
 * numbers of them, whose differences are small. What has no such form (NaN and with it staleness markers, infinities,
 * -0, long fractions) stands among the exceptions, or, when there are too many, the chunk is one of XOR.
 */
const KIND_BITS = 2;

/** The most samples of a chunk in the head. */
export const CHUNK_SAMPLES = 120;

/** The most samples of a chunk in a block: larger ones share the cost of their first numbers. */
export const BLOCK_CHUNK_SAMPLES = 480;

/** The most words a chunk of a block can have. */
export const MAX_CHUNK_WORDS = BLOCK_CHUNK_SAMPLES * 2 + 1;

const RAW = 0;
const CONSTANT = 1;
const XOR = 2;
const DECIMAL = 3;
const EXPONENT_BITS = 4;
const POSITION_BITS = 12;
/** The halves of the staleness marker. */
const STALE_HIGH = 0x7ff00000;
const STALE_LOW = 2;

const writer = new BitWriter();
const reader = new BitReader();
const decimals = new DecimalColumn();
const integers = new IntegerPacker();

/** Encodes `count` values or times from `from`, at most 4096; the words are lent until the next call. */
export function encodeColumn(values: Float64Array, from: number, count: number): Int32Array {
  writer.reset();
  if (count > 0) encode(values, from, count);
  return writer.finish();
}

/** Writes the values of a chunk to `into`, from `to` on. What is damaged gives wrong values, and no error. */
export function decodeColumn(words: Int32Array, at: number, count: number, into: Float64Array, to: number): void {
  if (count === 0) return;
  reader.start(words, at);
  const kind = reader.read(KIND_BITS);
  if (kind === DECIMAL) readDecimal(count, into, to);
  else if (kind === XOR) readXor(reader, count, into, to);
  else {
    const bits = halvesOf(into, to, count);
    reader.readDouble(bits, 0);
    for (let i = 2; i < bits.length; i += 2) {
      if (kind === RAW) reader.readDouble(bits, i);
      else bits.copyWithin(i, 0, 2);
    }
  }
}

function encode(values: Float64Array, from: number, count: number): void {
  let best = 64 * count;
  const isDecimal = decimals.scale(values, from, count);
  if (isDecimal) best = Math.min(best, measureDecimal(count));
  if (best > 64 && isConstant(values, from, count)) {
    writer.write(CONSTANT, KIND_BITS);
    writer.writeDouble(halvesOf(values, from, 1), 0);
    return;
  }
  if (best > count * 2 + 64 && xorBits(values, from, count, best) < best) {
    writer.write(XOR, KIND_BITS);
    writeXor(writer, values, from, count);
  } else if (isDecimal && best < 64 * count) {
    writer.write(DECIMAL, KIND_BITS);
    writeDecimal(values, from, count);
  } else {
    writer.write(RAW, KIND_BITS);
    const bits = halvesOf(values, from, count);
    for (let i = 0; i < bits.length; i += 2) writer.writeDouble(bits, i);
  }
}

function measureDecimal(count: number): number {
  return 5 + decimals.exceptions * (POSITION_BITS + 65) + integers.measure(decimals.integers, count);
}

function writeDecimal(values: Float64Array, from: number, count: number): void {
  const { exponent, exceptions, positions } = decimals;
  writer.write((exponent << 1) | (exceptions > 0 ? 1 : 0), EXPONENT_BITS + 1);
  if (exceptions > 0) {
    writer.write(exceptions, POSITION_BITS);
    for (const position of positions.subarray(0, exceptions)) writer.write(position, POSITION_BITS);
  }
  integers.write(writer);
  const bits = halvesOf(values, from, count);
  for (const position of positions.subarray(0, exceptions)) {
    const at = position * 2;
    if (bits[at + 1] === STALE_HIGH && bits[at] === STALE_LOW) writer.write(1, 1);
    else {
      writer.write(0, 1);
      writer.writeDouble(bits, at);
    }
  }
}

function readDecimal(count: number, into: Float64Array, to: number): void {
  const exponent = reader.read(EXPONENT_BITS);
  const exceptions = reader.bit() === 1 ? reader.read(POSITION_BITS) : 0;
  const positions = Uint16Array.from({ length: exceptions }, () => reader.read(POSITION_BITS));
  readIntegers(reader, count, into, to);
  if (exponent > 0) {
    const power = powerOf(exponent);
    for (let i = to; i < to + count; i++) into[i] = (into[i] as number) / power;
  }
  if (exceptions === 0) return;
  const bits = halvesOf(into, to, count);
  for (const position of positions) {
    if (position >= count) return;
    if (reader.bit() === 0) reader.readDouble(bits, position * 2);
    else {
      bits[position * 2] = STALE_LOW;
      bits[position * 2 + 1] = STALE_HIGH;
    }
  }
}

function isConstant(values: Float64Array, from: number, count: number): boolean {
  const bits = halvesOf(values, from, count);
  for (let i = 2; i < bits.length; i++) if (bits[i] !== bits[i & 1]) return false;
  return true;
}
