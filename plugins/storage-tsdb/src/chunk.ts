import { BitReader, BitWriter } from './bit-stream.js';

/**
 * The codecs of chunks, after Gorilla (Pelkonen et al., VLDB 2015, sections 4.1.1 and 4.1.2): times as differences of
 * differences, values as XOR with the one before. A chunk does not carry its count; who points at it does.
 *
 *   times    kind:2 | 0 raw     time:64 …
 *                   | 1 deltas  first:64 | delta:32 | per further time, the difference of deltas d:
 *                               0                 d = 0
 *                               10   d+63:7       -63 … 64
 *                               110  d+2047:12    -2047 … 2048
 *                               1110 d+131071:18  -131071 … 131072
 *                               1111 d:32         any other
 *   values   first:64 | per further value, x = bits XOR the bits before:
 *                               0                 x = 0
 *                               10   x's window   inside the window of the one before
 *                               11   leading:5 length-1:6 x's window
 *
 * Raw times are for what is not a whole number of milliseconds or jumps by more than 24 days.
 */
export const CHUNK_SAMPLES = 120;

const writer = new BitWriter();
const reader = new BitReader();
const one = new Float64Array(1);
const pair = new Int32Array(one.buffer);

const RAW = 0;
const DELTAS = 1;

/** Encodes `count` ascending times from `from`; the words are lent until the next call of an encoder. */
export function encodeTimes(times: Float64Array, from: number, count: number): Int32Array {
  writer.reset();
  if (count > 0) {
    if (deltasFit(times, from, count)) encodeDeltas(times, from, count);
    else encodeRaw(times, from, count);
  }
  return writer.finish();
}

/** Writes the times of a chunk to `into`, from `to` on. */
export function decodeTimes(words: Int32Array, at: number, count: number, into: Float64Array, to: number): void {
  if (count === 0) return;
  reader.start(words, at);
  if (reader.read(2) === RAW) {
    for (let i = 0; i < count; i++) into[to + i] = readDouble();
    return;
  }
  let time = readDouble();
  into[to] = time;
  if (count === 1) return;
  let delta = reader.read(32);
  time += delta;
  into[to + 1] = time;
  for (let i = 2; i < count; i++) {
    delta += readDifference();
    time += delta;
    into[to + i] = time;
  }
}

/** Encodes `count` values from `from`, bit for bit; the words are lent until the next call of an encoder. */
export function encodeValues(values: Float64Array, from: number, count: number): Int32Array {
  writer.reset();
  if (count === 0) return writer.finish();
  const bits = new Int32Array(values.buffer, values.byteOffset + from * 8, count * 2);
  let low = bits[0] as number;
  let high = bits[1] as number;
  writer.write(high, 32);
  writer.write(low, 32);
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
    const newLeading = Math.min(31, xorHigh !== 0 ? Math.clz32(xorHigh) : 32 + Math.clz32(xorLow));
    const newTrailing = xorLow !== 0 ? trailingZeros(xorLow) : 32 + trailingZeros(xorHigh);
    if (newLeading >= leading && newTrailing >= trailing) {
      writer.write(0b10, 2);
    } else {
      leading = newLeading;
      trailing = newTrailing;
      writer.write((0b11 << 11) | (leading << 6) | (63 - leading - trailing), 13);
    }
    writeWindow(xorHigh, xorLow, 64 - leading - trailing, trailing);
  }
  return writer.finish();
}

/** Writes the values of a chunk to `into`, from `to` on. */
export function decodeValues(words: Int32Array, at: number, count: number, into: Float64Array, to: number): void {
  if (count === 0) return;
  reader.start(words, at);
  const bits = new Int32Array(into.buffer, into.byteOffset + to * 8, count * 2);
  let high = reader.read(32);
  let low = reader.read(32);
  bits[0] = low;
  bits[1] = high;
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

/** The upper word of the 64 bits `upper:lower` shifted to the left. */
function shiftedHigh(upper: number, lower: number, shift: number): number {
  if (shift >= 32) return lower << (shift - 32);
  return shift === 0 ? upper : (upper << shift) | (lower >>> (32 - shift));
}

function writeWindow(high: number, low: number, length: number, trailing: number): void {
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

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function deltasFit(times: Float64Array, from: number, count: number): boolean {
  const first = times[from] as number;
  if (!Number.isSafeInteger(first) || Object.is(first, -0)) return false;
  let before = 0;
  for (let i = from + 1; i < from + count; i++) {
    const time = times[i] as number;
    const delta = time - (times[i - 1] as number);
    if (!Number.isSafeInteger(time) || delta !== (delta | 0)) return false;
    if (i > from + 1 && delta - before !== ((delta - before) | 0)) return false;
    before = delta;
  }
  return true;
}

function encodeRaw(times: Float64Array, from: number, count: number): void {
  writer.write(RAW, 2);
  for (let i = from; i < from + count; i++) writeDouble(times[i] as number);
}

function encodeDeltas(times: Float64Array, from: number, count: number): void {
  writer.write(DELTAS, 2);
  let time = times[from] as number;
  writeDouble(time);
  let delta = 0;
  for (let i = 1; i < count; i++) {
    const next = times[from + i] as number;
    if (i === 1) writer.write((next - time) | 0, 32);
    else writeDifference(next - time - delta);
    delta = next - time;
    time = next;
  }
}

function writeDifference(d: number): void {
  if (d === 0) writer.write(0, 1);
  else if (d >= -63 && d <= 64) writer.write((0b10 << 7) | (d + 63), 9);
  else if (d >= -2047 && d <= 2048) writer.write((0b110 << 12) | (d + 2047), 15);
  else if (d >= -131071 && d <= 131072) writer.write((0b1110 << 18) | (d + 131071), 22);
  else {
    writer.write(0b1111, 4);
    writer.write(d, 32);
  }
}

function readDifference(): number {
  if (reader.bit() === 0) return 0;
  if (reader.bit() === 0) return reader.read(7) - 63;
  if (reader.bit() === 0) return reader.read(12) - 2047;
  if (reader.bit() === 0) return reader.read(18) - 131071;
  return reader.read(32);
}

function writeDouble(value: number): void {
  one[0] = value;
  writer.write(pair[1] as number, 32);
  writer.write(pair[0] as number, 32);
}

function readDouble(): number {
  pair[1] = reader.read(32);
  pair[0] = reader.read(32);
  return one[0] as number;
}
