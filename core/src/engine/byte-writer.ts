import { DECIMAL, INTEGER, SPECIAL, ShortestDecimals, copyDecimal, formOf, specialText, writeDecimal, writeInteger } from './number-bytes.js';

const encoder = new TextEncoder();
/** The longest text of a float64. */
const LONGEST_FLOAT = 32;

/** Grows as text and numbers are written to it; ASCII goes in byte by byte, without a string or a buffer in between. */
export class ByteWriter {
  /** How many bytes are written; whoever writes into `room` moves it on. */
  length = 0;
  #buffer: Uint8Array<ArrayBuffer>;
  readonly #decimals = new ShortestDecimals();

  constructor(room: number) {
    this.#buffer = new Uint8Array(room);
  }

  /** The buffer, with room for so many more bytes from `length` on. Lent until the next call. */
  room(more: number): Uint8Array {
    if (this.length + more > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.length + more));
      larger.set(this.#buffer.subarray(0, this.length));
      this.#buffer = larger;
    }
    return this.#buffer;
  }

  byte(byte: number): void {
    this.room(1)[this.length++] = byte;
  }

  /** Text that is known to be ASCII. */
  ascii(text: string): void {
    const bytes = this.room(text.length);
    for (let i = 0; i < text.length; i++) bytes[this.length + i] = text.charCodeAt(i);
    this.length += text.length;
  }

  /** Any text, as a JSON string. */
  json(text: string): void {
    if (isPlain(text)) {
      this.byte(0x22);
      this.ascii(text);
      this.byte(0x22);
      return;
    }
    const quoted = JSON.stringify(text);
    this.length += encoder.encodeInto(quoted, this.room(quoted.length * 3).subarray(this.length)).written;
  }

  /** A float64 as the reference's JSON has it, without quotes: the shortest decimal that reads back, exponents from 1e+21 and below 1e-06. */
  float(value: number): void {
    const bytes = this.room(LONGEST_FLOAT);
    const form = formOf(value);
    if (form === INTEGER) this.length = writeInteger(bytes, this.length, value);
    else if (form === DECIMAL) this.length = writeDecimal(bytes, this.length, value);
    else if (form === SPECIAL) this.ascii(specialText(value));
    else this.length = copyDecimal(this.#decimals.of([value]), 0, bytes, this.length);
  }

  /** The bytes written. The buffer is theirs alone, if larger, and may be moved to another thread. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.length);
  }
}

/** Whether a text is its own JSON between quotes, in ASCII. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}
