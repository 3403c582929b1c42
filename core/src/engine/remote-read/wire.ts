import { ParseError } from '@metrics-dashboard/sdk';

/** The wire types of protobuf that occur. Source: https://protobuf.dev/programming-guides/encoding/. */
const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/** Walks over the fields of one message. Throws a `ParseError` with the byte's offset. */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  /** Of the field whose value comes next. */
  field = 0;
  #type = VARINT;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }


  /** Goes to the next field; false at the end. */
  next(): boolean {
    if (this.isAtEnd) return false;
    const tag = Number(this.varint());
    this.field = tag >>> 3;
    this.#type = tag & 7;
    return true;
  }

  /** 64 bits, without a sign. */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || this.#at >= this.#end) throw this.#broken();
      this.#at++;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw this.#broken();
  }

  /** One number, or several in one field. */
  varints(): readonly bigint[] {
    if (this.#type === VARINT) return [this.varint()];
    const inner = this.message();
    const numbers: bigint[] = [];
    while (!inner.isAtEnd) numbers.push(inner.varint());
    return numbers;
  }

  message(): WireReader {
    const { from, to } = this.#span();
    return new WireReader(this.#bytes, from, to);
  }

  text(): string {
    return new TextDecoder().decode(this.bytes());
  }

  bytes(): Uint8Array {
    const { from, to } = this.#span();
    return this.#bytes.subarray(from, to);
  }

  skip(): void {
    if (this.#type === VARINT) this.varint();
    else if (this.#type === DELIMITED) this.#span();
    else if (this.#type === FIXED64) this.#move(8);
    else if (this.#type === FIXED32) this.#move(4);
    else throw this.#broken();
  }

  #span(): { from: number; to: number } {
    if (this.#type !== DELIMITED) throw this.#broken();
    const length = Number(this.varint());
    const from = this.#at;
    this.#move(length);
    return { from, to: this.#at };
  }

  #move(length: number): void {
    if (this.#at + length > this.#end) throw this.#broken();
    this.#at += length;
  }

  #broken(): ParseError {
    return new ParseError(`not a message of remote read, at byte ${this.#at}`, { offset: this.#at });
  }
}

/** Grows as fields are written to it. */
export class WireWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(room = 256) {
    this.#bytes = new Uint8Array(room);
  }

  get length(): number {
    return this.#length;
  }

  byte(byte: number): this {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
    return this;
  }

  /** A whole number; one below zero takes ten bytes. */
  varint(value: number): this {
    if (value < 0) return this.#negative(value);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80);
    return this.byte(rest);
  }

  #negative(value: number): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 0x80n; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80);
    return this.byte(Number(rest));
  }

  /** A number under its field; 0 is what is not written. */
  number(field: number, value: number): this {
    return value === 0 ? this : this.varint(field * 8 + VARINT).varint(value);
  }

  /** The head of what has a length, under its field. */
  head(field: number, length: number): this {
    return this.varint(field * 8 + DELIMITED).varint(length);
  }

  delimited(field: number, bytes: Uint8Array): this {
    return this.head(field, bytes.length).raw(bytes);
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  /** The bytes written. The buffer is theirs alone, if larger. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** How many bytes a whole number takes as a varint. */
export function varintSize(value: number): number {
  if (value < 0) return 10;
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}
