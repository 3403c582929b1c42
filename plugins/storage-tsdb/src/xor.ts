import { halvesOf } from './bit-stream.js';
import type { BitReader, BitWriter } from './bit-stream.js';

/**
 * Values as XOR with the one before, after Gorilla (Pelkonen et al., VLDB 2015, section 4.1.2):
 *
 *     first:64 | per further value, x = bits XOR the bits before:
 *                  0                 x = 0
 *                  10   x's window   inside the window of the one before
 *                  11   leading:5 length-1:6 x's window
 */
export function writeXor(writer: BitWriter, values: Float64Array, from: number, count: number): void {
  const bits = halvesOf(values, from, count);
  let low = bits[0] as number;
  let high = bits[1] as number;
  writer.writeDouble(bits, 0);
  let leading = 32;
  let trailing = 0;
  for (let i = 2; i < bits.length; i += 2) {
    const xorLow = (bits[i] as number) ^ low;
    const xorHigh = (bits[i + 1] as number) ^ high;
    if ((xorLow | xorHigh) === 0) {
      writer.write(0, 1);
      continue;
    }
    low = bits[i] as number;
    high = bits[i + 1] as number;
    const newLeading = leadingZeros(xorHigh, xorLow);
    const newTrailing = trailingZeros(xorHigh, xorLow);
    if (newLeading >= leading && newTrailing >= trailing) {
      writer.write(0b10, 2);
    } else {
      leading = newLeading;
      trailing = newTrailing;
      writer.write((0b11 << 11) | (leading << 6) | (63 - leading - trailing), 13);
    }
    writeWindow(writer, xorHigh, xorLow, 64 - leading - trailing, trailing);
  }
}

/** The bits `writeXor` would write; some number not below `limit` when it would be that many. */
export function xorBits(values: Float64Array, from: number, count: number, limit: number): number {
  const bits = halvesOf(values, from, count);
  let low = bits[0] as number;
  let high = bits[1] as number;
  let leading = 32;
  let trailing = 0;
  let total = 64 + count - 1;
  for (let i = 2; i < bits.length && total < limit; i += 2) {
    const xorLow = (bits[i] as number) ^ low;
    const xorHigh = (bits[i + 1] as number) ^ high;
    if ((xorLow | xorHigh) === 0) continue;
    low = bits[i] as number;
    high = bits[i + 1] as number;
    const newLeading = leadingZeros(xorHigh, xorLow);
    const newTrailing = trailingZeros(xorHigh, xorLow);
    if (newLeading < leading || newTrailing < trailing) {
      leading = newLeading;
      trailing = newTrailing;
      total += 11;
    }
    total += 65 - leading - trailing;
  }
  return total;
}

/** Writes the values of a chunk to `into`, from `to` on. */
export function readXor(reader: BitReader, count: number, into: Float64Array, to: number): void {
  const bits = halvesOf(into, to, count);
  reader.readDouble(bits, 0);
  let low = bits[0] as number;
  let high = bits[1] as number;
  let length = 0;
  let trailing = 0;
  for (let i = 2; i < bits.length; i += 2) {
    if (reader.bit() === 1) {
      if (reader.bit() === 1) {
        const window = reader.read(11);
        length = (window & 63) + 1;
        trailing = 64 - (window >>> 6) - length;
      }
      const upper = length > 32 ? reader.read(length - 32) : 0;
      const lower = reader.read(length > 32 ? 32 : length);
      high ^= shiftedHigh(upper, lower, trailing);
      if (trailing < 32) low ^= lower << trailing;
    }
    bits[i] = low;
    bits[i + 1] = high;
  }
}

/** Zeros before the first 1 of 64 bits, at most 31: more are not told. */
function leadingZeros(high: number, low: number): number {
  return Math.min(31, high !== 0 ? Math.clz32(high) : 32 + Math.clz32(low));
}

function trailingZeros(high: number, low: number): number {
  return low !== 0 ? 31 - Math.clz32(low & -low) : 63 - Math.clz32(high & -high);
}

/** The upper word of the 64 bits `upper:lower` shifted to the left. */
function shiftedHigh(upper: number, lower: number, shift: number): number {
  if (shift >= 32) return lower << (shift - 32);
  return shift === 0 ? upper : (upper << shift) | (lower >>> (32 - shift));
}

function writeWindow(writer: BitWriter, high: number, low: number, length: number, trailing: number): void {
  if (length > 32) {
    // The window covers both words, so fewer than 32 bits follow it.
    writer.write(high >>> trailing, length - 32);
    writer.write(trailing === 0 ? low : (low >>> trailing) | (high << (32 - trailing)), 32);
    return;
  }
  let window: number;
  if (trailing >= 32) window = high >>> (trailing - 32);
  else if (trailing === 0) window = low;
  else window = (low >>> trailing) | (high << (32 - trailing));
  writer.write(length === 32 ? window : window & ((1 << length) - 1), length);
}
