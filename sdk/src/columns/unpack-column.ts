import { ParseError } from '../errors.js';
import { FORM, HAS_BITMAP, MOST_DECIMALS } from './column-form.js';

/** A column as it was packed. */
export interface Column {
  /** One value per step; NaN where `present` is 0. */
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

/** The most steps of a column; no query has more. */
const MOST_STEPS = 1_000_000;

/** Reads the text of the scalar `PackedColumn`, or its bytes. Throws a `ParseError` for what is no packed column. */
export function unpackColumn(packed: string | Uint8Array): Column {
  const reader = new Reader(typeof packed === 'string' ? bytesOf(packed) : packed);
  const head = reader.byte();
  const count = reader.varint();
  if (count > MOST_STEPS) throw broken(`${count} steps`);
  const present = (head & HAS_BITMAP) === 0 ? new Uint8Array(count).fill(1) : reader.bitmap(count);
  const values = new Float64Array(count).fill(NaN);
  const next = valuesOf(head & 0x0f, reader);
  for (let i = 0; i < count; i++) if (present[i] === 1) values[i] = next();
  return { values, present };
}

function valuesOf(form: number, reader: Reader): () => number {
  switch (form) {
    case FORM.raw:
      return () => reader.float();
    case FORM.repeated: {
      const value = reader.float();
      return () => value;
    }
    case FORM.decimal: {
      const digits = reader.byte();
      if (digits > MOST_DECIMALS) throw broken(`${digits} digits after the point`);
      const scale = 10 ** digits;
      let whole = 0;
      return () => (whole += reader.difference()) / scale;
    }
    default:
      throw broken(`the form ${form}`);
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw broken('too few bytes');
    return byte;
  }

  float(): number {
    if (this.#at + 8 > this.#bytes.length) throw broken('too few bytes');
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8, true);
  }

  varint(): number {
    let number = 0;
    for (let unit = 1; unit < 2 ** 53; unit *= 128) {
      const byte = this.byte();
      number += (byte & 0x7f) * unit;
      if (byte < 0x80) return number;
    }
    throw broken('a number that is too long');
  }

  difference(): number {
    const number = this.varint();
    return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
  }

  bitmap(count: number): Uint8Array {
    const present = new Uint8Array(count);
    let byte = 0;
    for (let i = 0; i < count; i++) {
      if ((i & 7) === 0) byte = this.byte();
      present[i] = (byte >> (i & 7)) & 1;
    }
    return present;
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SEXTETS = new Uint8Array(128).fill(255);
for (let i = 0; i < ALPHABET.length; i++) SEXTETS[ALPHABET.charCodeAt(i)] = i;

/** Base64, with or without padding; works in browsers and in Node.js alike. */
function bytesOf(text: string): Uint8Array {
  const size = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  const bytes = new Uint8Array(Math.floor((size * 3) / 4));
  let bits = 0;
  let at = 0;
  for (let i = 0; i < size; i++) {
    const sextet = SEXTETS[text.charCodeAt(i)] ?? 255;
    if (sextet === 255) throw broken(`the character ${JSON.stringify(text[i])}`);
    bits = ((bits << 6) | sextet) & 0xffffff;
    if ((i & 3) > 0) bytes[at++] = (bits >> (6 - 2 * (i & 3))) & 0xff;
  }
  return bytes;
}

function broken(met: string): ParseError {
  return new ParseError(`packed column: met ${met}`);
}
