import { LimitError, ParseError } from '@metrics-dashboard/sdk';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Messages inside messages that are read of one body. A few bytes can be one, which takes a hundred times as much once it is read. */
const MOST_MESSAGES = 2_000_000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the messages of protobuf in place: `fields` calls back with each field's number, and the reader of a value takes
 * the field that is at hand. Throws a `ParseError` with the byte at which reading stopped.
 * Source: https://protobuf.dev/programming-guides/encoding/.
 */
export class Wire {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #end: number;
  #type = VARINT;
  #messages = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
  }

  /** Over the fields of the message at hand; one that `read` leaves alone, by returning false, is stepped over. */
  fields(read: (field: number) => unknown): void {
    while (this.#at < this.#end) {
      const key = Number(this.#varint());
      this.#type = key % 8;
      const field = Math.floor(key / 8);
      if (field === 0 || field > 0x1fffffff) throw this.#failure(`field number ${field}`);
      if (read(field) === false) this.#skip();
    }
  }

  /** Reads the field at hand as a message. */
  message<Result>(read: () => Result): Result {
    if (++this.#messages > MOST_MESSAGES) throw new LimitError('the number of messages in a body', MOST_MESSAGES, this.#messages);
    const length = this.#length();
    const outer = this.#end;
    this.#end = this.#at + length;
    const result = read();
    this.#at = this.#end;
    this.#end = outer;
    return result;
  }

  /** Over messages that stand one after another, each with its length before it. */
  delimited(read: () => void): void {
    while (this.#at < this.#end) {
      this.#type = BYTES;
      this.message(read);
    }
  }

  /** The byte that is read next. */
  get at(): number {
    return this.#at;
  }

  text(): string {
    const start = this.#at;
    try {
      return utf8.decode(this.bytes());
    } catch (cause) {
      if (cause instanceof ParseError) throw cause;
      throw new ParseError('text that is not UTF-8', { offset: start, cause });
    }
  }

  bytes(): Uint8Array {
    const length = this.#length();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  double(): number {
    this.#expect(FIXED64);
    return this.#view.getFloat64(this.#forward(8), true);
  }

  fixed64(): bigint {
    this.#expect(FIXED64);
    return this.#view.getBigUint64(this.#forward(8), true);
  }

  sfixed64(): bigint {
    return BigInt.asIntN(64, this.fixed64());
  }

  varint(): bigint {
    this.#expect(VARINT);
    return this.#varint();
  }

  /** A field of eight bytes that is repeated, packed or one by one. */
  repeated(read: () => void): void {
    if (this.#type !== BYTES) return read();
    this.message(() => {
      this.#type = FIXED64;
      while (this.#at < this.#end) read();
    });
  }

  #length(): number {
    this.#expect(BYTES);
    const length = Number(this.#varint());
    if (length > this.#end - this.#at) throw this.#failure(`a field of ${length} bytes where ${this.#end - this.#at} are left`);
    return length;
  }

  #varint(): bigint {
    let low = 0;
    let shift = 0;
    for (; shift < 28; shift += 7) {
      const byte = this.#byte();
      low += (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (; shift < 70; shift += 7) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << BigInt(shift);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw this.#failure('a number of more than ten bytes');
  }

  #byte(): number {
    if (this.#at >= this.#end) throw this.#failure('a number that does not end');
    return this.#bytes[this.#at++] as number;
  }

  #skip(): void {
    if (this.#type === VARINT) this.#varint();
    else if (this.#type === FIXED64) this.#forward(8);
    else if (this.#type === FIXED32) this.#forward(4);
    else if (this.#type === BYTES) this.bytes();
    else throw this.#failure(`wire type ${this.#type}`);
  }

  #forward(length: number): number {
    if (this.#end - this.#at < length) throw this.#failure('a field that does not end');
    this.#at += length;
    return this.#at - length;
  }

  #expect(type: number): void {
    if (this.#type !== type) throw this.#failure(`wire type ${this.#type}, expected ${type}`);
  }

  #failure(what: string): ParseError {
    return new ParseError(`malformed protobuf: ${what}`, { offset: this.#at });
  }
}
