import { LimitError, ParseError } from '@metrics-dashboard/sdk';

/** The largest message that is read, in bytes; senders write some hundred kilobytes. */
export const MOST_BYTES = 64 * 2 ** 20;

/** Copies are made in whole words, so the last may write this far past the message. */
const SLACK = 16;

/** A buffer that one huge message needed is not kept for the next. */
const MOST_KEPT = 4 * 2 ** 20;

const LITERAL = 0;
const COPY_1 = 1;
const COPY_2 = 2;
/** Literals of up to this length say it in their tag. */
const SHORT_LITERAL = 60;

/** Where messages are put, one after another: a new buffer for each would keep the garbage collector busy. */
let output = new DataView(new ArrayBuffer(2 ** 16));

/**
 * The message in a snappy block; lent until the next call. Its length is in the block's first bytes, and is looked at
 * before there is room for it. Source: https://github.com/google/snappy/blob/main/format_description.txt.
 */
export function uncompress(body: Uint8Array): Uint8Array {
  const { length, at } = uncompressedLength(body);
  if (length > MOST_BYTES) {
    const limit = new LimitError('the size of a remote write message', MOST_BYTES, length);
    throw new ParseError(`a message of ${length} bytes, expected at most ${MOST_BYTES}`, { offset: 0, cause: limit });
  }
  const room = length + SLACK;
  if (output.byteLength < room || output.byteLength > Math.max(room, MOST_KEPT)) {
    output = new DataView(new ArrayBuffer(Math.max(2 ** 16, room)));
  }
  const message = new Uint8Array(output.buffer, 0, length);
  if (!decode(new DataView(body.buffer, body.byteOffset, body.byteLength), at, output, length)) throw notSnappy();
  return message;
}

/** Reads the elements of a block from `at` on; false when they are not such as make `length` bytes. */
function decode(block: DataView, at: number, message: DataView, length: number): boolean {
  const end = block.byteLength;
  let to = 0;
  while (at < end) {
    const tag = block.getUint8(at++);
    const kind = tag & 3;
    let size = (tag >>> 2) + 1;
    if (kind === LITERAL) {
      if (size > SHORT_LITERAL) {
        const bytes = size - SHORT_LITERAL;
        if (bytes > end - at) return false;
        size = littleEndian(block, at, bytes) + 1;
        at += bytes;
      }
      if (size > end - at || size > length - to) return false;
      copyLiteral(block, at, message, to, size);
      at += size;
      to += size;
      continue;
    }
    const bytes = kind === COPY_1 ? 1 : kind === COPY_2 ? 2 : 4;
    if (bytes > end - at) return false;
    let offset = kind === COPY_2 ? block.getUint16(at, true) : kind === COPY_1 ? block.getUint8(at) : block.getUint32(at, true);
    if (kind === COPY_1) {
      size = ((tag >>> 2) & 7) + 4;
      offset |= (tag >>> 5) << 8;
    }
    if (offset === 0 || offset > to || size > length - to) return false;
    repeat(message, to, offset, size);
    at += bytes;
    to += size;
  }
  return to === length;
}

/** Copies the bytes that follow a literal's tag. */
function copyLiteral(block: DataView, at: number, message: DataView, to: number, size: number): void {
  if (size <= 16 && block.byteLength - at >= 16) {
    message.setInt32(to, block.getInt32(at, true), true);
    message.setInt32(to + 4, block.getInt32(at + 4, true), true);
    message.setInt32(to + 8, block.getInt32(at + 8, true), true);
    message.setInt32(to + 12, block.getInt32(at + 12, true), true);
  } else {
    new Uint8Array(message.buffer, to, size).set(new Uint8Array(block.buffer, block.byteOffset + at, size));
  }
}

/** Appends `size` bytes that stand `offset` bytes back; they may reach into those that are being written. */
function repeat(message: DataView, to: number, offset: number, size: number): void {
  const end = to + size;
  if (offset >= 8) {
    for (; to < end; to += 8) {
      const number = message.getFloat64(to - offset, true);
      // Eight bytes that are no number could become others on the way.
      if (number === number) message.setFloat64(to, number, true);
      else copyTwoWords(message, to - offset, to);
    }
  } else if (offset >= 4) for (; to < end; to += 4) message.setInt32(to, message.getInt32(to - offset, true), true);
  else for (; to < end; to++) message.setUint8(to, message.getUint8(to - offset));
}

function copyTwoWords(message: DataView, from: number, to: number): void {
  message.setInt32(to, message.getInt32(from));
  message.setInt32(to + 4, message.getInt32(from + 4));
}

function littleEndian(block: DataView, at: number, bytes: number): number {
  let number = 0;
  for (let i = bytes - 1; i >= 0; i--) number = number * 256 + block.getUint8(at + i);
  return number;
}

/** The length that a block begins with, and where its elements begin. */
function uncompressedLength(body: Uint8Array): { length: number; at: number } {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = body[i];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { length, at: i + 1 };
  }
  throw body.length === 0 ? new ParseError('the body is empty, expected a snappy block', { offset: 0 }) : notSnappy();
}

function notSnappy(): ParseError {
  return new ParseError('the body is not a snappy block', { offset: 0 });
}
