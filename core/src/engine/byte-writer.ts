const encoder = new TextEncoder();

/** Six digits after the point: what is smaller has an exponent. */
const SCALE = 1e6;
const SCALE_DIGITS = 6;

/** Grows as text and numbers are written to it; ASCII goes in byte by byte, without a string or a buffer in between. */
export class ByteWriter {
  #buffer: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(room: number) {
    this.#buffer = new Uint8Array(room);
  }

  byte(byte: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = byte;
  }

  bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#reserve(length);
    for (let i = 0; i < length; i++) this.#buffer[this.#length + i] = bytes[i] as number;
    this.#length += length;
  }

  /** Text that is known to be ASCII. */
  ascii(text: string): void {
    const { length } = text;
    this.#reserve(length);
    for (let i = 0; i < length; i++) this.#buffer[this.#length + i] = text.charCodeAt(i);
    this.#length += length;
  }

  /** Any text, as a JSON string. */
  json(text: string): void {
    const quoted = JSON.stringify(text);
    this.#reserve(quoted.length * 3);
    this.#length += encoder.encodeInto(quoted, this.#buffer.subarray(this.#length)).written;
  }

  /** A float64 as the reference's JSON has it, without quotes: the shortest decimal that reads back, exponents from 1e+21 and below 1e-06. */
  float(value: number): void {
    if (Number.isInteger(value) && value < 1e15 && value > -1e15) {
      this.#integer(value);
      return;
    }
    const scaled = Math.round(value * SCALE);
    if (scaled < 1e15 && scaled > -1e15 && scaled / SCALE === value) this.#decimal(scaled);
    else this.ascii(formatFloat(value));
  }

  /** The bytes written, in a buffer of their own that may be moved to another thread. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(0, this.#length);
  }

  #integer(value: number): void {
    this.#reserve(17);
    let rest = value;
    if (value < 0 || Object.is(value, -0)) {
      this.#buffer[this.#length++] = 0x2d;
      rest = -value;
    }
    const start = this.#length;
    do {
      const next = Math.floor(rest / 10);
      this.#buffer[this.#length++] = 0x30 + (rest - next * 10);
      rest = next;
    } while (rest > 0);
    this.#buffer.subarray(start, this.#length).reverse();
  }

  /** A number of at most fifteen digits is its own shortest decimal: `scaled` millionths, without zeros at the end. */
  #decimal(scaled: number): void {
    const magnitude = Math.abs(scaled);
    const whole = Math.floor(magnitude / SCALE);
    if (scaled < 0) this.byte(0x2d);
    this.#integer(whole);
    this.#reserve(1 + SCALE_DIGITS);
    this.#buffer[this.#length++] = 0x2e;
    let rest = magnitude - whole * SCALE;
    let last = this.#length;
    for (let unit = SCALE / 10; unit >= 1; unit /= 10) {
      const digit = Math.floor(rest / unit);
      rest -= digit * unit;
      this.#buffer[this.#length++] = 0x30 + digit;
      if (digit !== 0) last = this.#length;
    }
    this.#length = last;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + more));
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}

function formatFloat(value: number): string {
  if (value !== value) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  // Exponents have at least two digits there: 1e-7 is 1e-07.
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}
