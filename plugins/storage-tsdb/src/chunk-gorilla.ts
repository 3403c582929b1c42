import { BitReader, BitWriter, halvesOf } from './bit-stream.js';
import { readXor, writeXor } from './xor.js';

/**
 * Chunks as in blocks of version 1, after Gorilla (Pelkonen et al., VLDB 2015, section 4.1): times as differences of
 * differences, values as XOR with the one before. What chunks of today are measured against.
 *
 *   times    kind:2 | 0 raw     time:64 …
 *                   | 1 deltas  first:64 | delta:32 | per further time, the difference of deltas d:
 *                               0                 d = 0
 *                               10   d+63:7       -63 … 64
 *                               110  d+2047:12    -2047 … 2048
 *                               1110 d+131071:18  -131071 … 131072
 *                               1111 d:32         any other
 *
 * Raw times are for what is not a whole number of milliseconds or jumps by more than 24 days.
 */
const writer = new BitWriter();
const reader = new BitReader();

const RAW = 0;
const DELTAS = 1;

/** Encodes `count` ascending times from `from`; the words are lent until the next call of an encoder of this file. */
export function encodeGorillaTimes(times: Float64Array, from: number, count: number): Int32Array {
  writer.reset();
  if (count > 0) {
    if (deltasFit(times, from, count)) encodeDeltas(times, from, count);
    else encodeRaw(times, from, count);
  }
  return writer.finish();
}

/** Writes the times of a chunk to `into`, from `to` on. */
export function decodeGorillaTimes(words: Int32Array, at: number, count: number, into: Float64Array, to: number): void {
  if (count === 0) return;
  reader.start(words, at);
  if (reader.read(2) === RAW) {
    const halves = halvesOf(into, to, count);
    for (let i = 0; i < halves.length; i += 2) reader.readDouble(halves, i);
    return;
  }
  reader.readDouble(halvesOf(into, to, 1), 0);
  let time = into[to] as number;
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

/** Encodes `count` values from `from`, bit for bit; the words are lent until the next call of an encoder of this file. */
export function encodeGorillaValues(values: Float64Array, from: number, count: number): Int32Array {
  writer.reset();
  if (count > 0) writeXor(writer, values, from, count);
  return writer.finish();
}

/** Writes the values of a chunk to `into`, from `to` on. */
export function decodeGorillaValues(words: Int32Array, at: number, count: number, into: Float64Array, to: number): void {
  if (count === 0) return;
  reader.start(words, at);
  readXor(reader, count, into, to);
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
  const halves = halvesOf(times, from, count);
  for (let i = 0; i < halves.length; i += 2) writer.writeDouble(halves, i);
}

function encodeDeltas(times: Float64Array, from: number, count: number): void {
  writer.write(DELTAS, 2);
  let time = times[from] as number;
  writer.writeDouble(halvesOf(times, from, 1), 0);
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
