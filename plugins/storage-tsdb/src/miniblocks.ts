import { bitsOf } from './bit-stream.js';
import type { BitReader, BitWriter } from './bit-stream.js';

/** Numbers that are packed with one width. */
export const MINIBLOCK = 16;

const WIDTH_BITS = 6;
const DENSE = 0;
const ZIGZAG = 1;
const SPARSE = 2;

/**
 * Whole numbers, packed 16 at a time with as many bits as the greatest of them takes:
 *
 *     miniblock   1               mode and width are those of the one before
 *                 0 mode:2 width:6
 *                 | dense (0)     number:width …
 *                 | sparse (2)    which of them are not 0:16 | each of those:width
 *                 modes 1 and 3 are the same of zigzag(number), for miniblocks with negative ones
 *
 * A miniblock at the end may have fewer numbers.
 */
export class MiniblockPacker {
  #headers = new Uint16Array(32);

  /** Looks for the smallest form of the numbers `(x - base) / factor` of a part of a column; answers its bits. */
  measure(x: Float64Array, from: number, to: number, base: number, factor: number): number {
    const blocks = Math.ceil((to - from) / MINIBLOCK);
    if (this.#headers.length < blocks) this.#headers = new Uint16Array(blocks * 2);
    let bits = 0;
    let before = -1;
    for (let block = 0, at = from; at < to; block++, at += MINIBLOCK) {
      const end = Math.min(at + MINIBLOCK, to);
      let low = 0;
      let high = 0;
      let others = 0;
      for (let i = at; i < end; i++) {
        const number = (x[i] as number) - base;
        if (number !== 0) others++;
        if (number < low) low = number;
        else if (number > high) high = number;
      }
      low /= factor;
      high /= factor;
      const mode = low < 0 ? ZIGZAG : DENSE;
      const width = mode === DENSE ? bitsOf(high) : bitsOf(Math.max(high * 2, -low * 2 - 1));
      const dense = (end - at) * width;
      const sparse = end - at + others * width;
      const header = ((sparse < dense ? mode | SPARSE : mode) << WIDTH_BITS) | width;
      bits += Math.min(dense, sparse) + (header === before ? 1 : 3 + WIDTH_BITS);
      this.#headers[block] = before = header;
    }
    return bits;
  }

  /** Writes what was measured last. */
  write(writer: BitWriter, x: Float64Array, from: number, to: number, base: number, factor: number): void {
    let before = -1;
    for (let block = 0, at = from; at < to; block++, at += MINIBLOCK) {
      const header = this.#headers[block] as number;
      if (header === before) writer.write(1, 1);
      else writer.write(header, 3 + WIDTH_BITS);
      before = header;
      writeBlock(writer, header, x, at, Math.min(at + MINIBLOCK, to), base, factor);
    }
  }
}

function writeBlock(
  writer: BitWriter,
  header: number,
  x: Float64Array,
  at: number,
  end: number,
  base: number,
  factor: number,
): void {
  const mode = header >>> WIDTH_BITS;
  const width = header & ((1 << WIDTH_BITS) - 1);
  if (width === 0) return;
  const isSparse = (mode & SPARSE) !== 0;
  if (isSparse) {
    let others = 0;
    for (let i = at; i < end; i++) others = (others << 1) | (x[i] === base ? 0 : 1);
    writer.write(others, end - at);
  }
  for (let i = at; i < end; i++) {
    const number = ((x[i] as number) - base) / factor;
    if (isSparse && number === 0) continue;
    const packed = (mode & ZIGZAG) === 0 ? number : number < 0 ? -number * 2 - 1 : number * 2;
    if (width <= 32) writer.write(packed | 0, width);
    else writer.writeWide(packed, width);
  }
}

/** Reads `count` numbers to `into`, from `to` on. */
export function readMiniblocks(reader: BitReader, count: number, into: Float64Array, to: number): void {
  const end = to + count;
  let mode = DENSE;
  let width = 0;
  for (let at = to; at < end; at += MINIBLOCK) {
    if (reader.bit() === 0) {
      const header = reader.read(2 + WIDTH_BITS);
      mode = header >>> WIDTH_BITS;
      width = header & ((1 << WIDTH_BITS) - 1);
    }
    const length = Math.min(MINIBLOCK, end - at);
    if (width === 0) into.fill(0, at, at + length);
    else if ((mode & SPARSE) !== 0) readSparse(reader, width, length, into, at);
    else if (width <= 32) reader.readAll(width, length, into, at);
    else for (let i = 0; i < length; i++) into[at + i] = reader.readWide(width);
    if ((mode & ZIGZAG) !== 0) undoZigzag(into, at, at + length);
  }
}

function readSparse(reader: BitReader, width: number, length: number, into: Float64Array, at: number): void {
  const others = reader.read(length);
  for (let i = 0; i < length; i++) {
    into[at + i] = ((others >>> (length - 1 - i)) & 1) === 0 ? 0 : reader.readWide(width);
  }
}

function undoZigzag(into: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const packed = into[i] as number;
    if (packed < 2 ** 32) into[i] = (packed >>> 1) ^ -(packed & 1);
    else into[i] = packed % 2 === 0 ? packed / 2 : -(packed + 1) / 2;
  }
}
