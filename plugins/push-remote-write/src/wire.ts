import { ParseError } from '@metrics-dashboard/sdk';

/** The wire types of protobuf that occur in these messages. Source: https://protobuf.dev/programming-guides/encoding/. */
export const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const TWO_28 = 2 ** 28;
const TWO_56 = 2 ** 56;
const TWO_63 = 2 ** 63;
const TWO_64 = 2 ** 64;

/**
 * Reads protobuf from bytes in place: a position that moves over fields, and no object per message. Every read is
 * checked against the end of the message it is in. Throws a ParseError with the byte at which reading stopped.
 */
export class WireReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  at = 0;
  /** The number and the wire type of the field that `nextField` met. */
  field = 0;
  wireType = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves to the next field of the message that ends at `end`; false when there is none. */
  nextField(end: number): boolean {
    if (this.at >= end) return false;
    const key = this.uint(end);
    if (key > 0xffffffff) throw this.failure('a field number of more than 29 bits');
    this.field = key >>> 3;
    this.wireType = key & 7;
    if (this.field === 0) throw this.failure('field number 0');
    return true;
  }

  /** The end of the length-delimited field that starts here; the position is at its first byte. */
  delimited(end: number): number {
    this.expect(BYTES);
    const length = this.uint(end);
    if (length > end - this.at) throw this.failure(`a field of ${length} bytes where ${end - this.at} are left`);
    return this.at + length;
  }

  /** Over a run of length-delimited fields of one number, below 16, that starts here; returns its end. */
  skipFields(field: number, end: number): number {
    const { bytes } = this;
    const key = field * 8 + BYTES;
    while (this.at < end && bytes[this.at] === key) {
      const length = bytes[this.at + 1] as number;
      if (length < 0x80 && this.at + 2 + length <= end) {
        this.at += 2 + length;
      } else {
        this.nextField(end);
        this.skip(end);
      }
    }
    return this.at;
  }

  /** An unsigned number; above 2^53 it is rounded. */
  uint(end: number): number {
    const bytes = this.bytes;
    let at = this.at;
    const first = bytes[at] as number;
    if (first < 0x80 && at < end) {
      this.at = at + 1;
      return first;
    }
    let low = 0;
    let middle = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) throw this.failure('a number that does not end');
      const byte = bytes[at++] as number;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift < 56) middle |= bits << (shift - 28);
      else high |= bits << (shift - 56);
      if (byte < 0x80) {
        this.at = at;
        return low + middle * TWO_28 + (high & 0xff) * TWO_56;
      }
    }
    throw this.failure('a number of more than ten bytes');
  }

  /** A signed number of 64 bits in two's complement, as `int64` is written. */
  int(end: number): number {
    const start = this.at;
    const value = this.uint(end);
    if (value < TWO_63) return value;
    // Rounding would swallow small negative numbers, so their distance from zero is counted.
    this.at = start;
    return -this.#complement(end);
  }

  double(end: number): number {
    this.expect(FIXED64);
    if (end - this.at < 8) throw this.failure('a float64 that does not end');
    const value = this.#view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  /** Over the field that was met, whatever it is. */
  skip(end: number): void {
    switch (this.wireType) {
      case VARINT:
        this.uint(end);
        return;
      case FIXED64:
        this.#forward(8, end);
        return;
      case BYTES:
        this.at = this.delimited(end);
        return;
      case FIXED32:
        this.#forward(4, end);
        return;
      default:
        throw this.failure(`wire type ${this.wireType}`);
    }
  }

  expect(wireType: number): void {
    if (this.wireType !== wireType) {
      throw this.failure(`field ${this.field} has wire type ${this.wireType}, expected ${wireType}`);
    }
  }

  failure(what: string): ParseError {
    return new ParseError(`malformed protobuf: ${what}`, { offset: this.at });
  }

  #forward(length: number, end: number): void {
    if (end - this.at < length) throw this.failure('a field that does not end');
    this.at += length;
  }

  /** 2^64 less the number that starts here, which `uint` has checked. */
  #complement(end: number): number {
    let flipped = 0n;
    let shift = 0n;
    for (let byte = 0x80; byte >= 0x80 && this.at < end; shift += 7n) {
      byte = this.bytes[this.at++] as number;
      flipped |= BigInt(byte & 0x7f) << shift;
    }
    const distance = BigInt(TWO_64) - BigInt.asUintN(64, flipped);
    return Number(distance);
  }
}
