import { FAULT, LABELS } from './labels.js';
import type { WireReader } from './wire.js';

const encoder = new TextEncoder();

/**
 * The symbol table of a request of version 2.0, by where its texts stand in the message, and the scratch room where the
 * labels of one series are put together as version 1.0 writes them: so a series has one key under both versions.
 */
export class Symbols {
  readonly #message: Uint8Array;
  #starts = new Uint32Array(256);
  #ends = new Uint32Array(256);
  #count = 0;
  key = new Uint8Array(1024);
  keyEnd = 0;

  constructor(message: Uint8Array) {
    this.#message = message;
  }

  add(start: number, end: number): void {
    if (this.#count === this.#starts.length) {
      this.#starts = doubled(this.#starts);
      this.#ends = doubled(this.#ends);
    }
    this.#starts[this.#count] = start;
    this.#ends[this.#count++] = end;
  }

  /** The same table with room for another key. */
  fork(): Symbols {
    const other = new Symbols(this.#message);
    other.#starts = this.#starts;
    other.#ends = this.#ends;
    other.#count = this.#count;
    return other;
  }

  /** Begins the key of another series. */
  begin(): void {
    this.keyEnd = 0;
  }

  /** Why a table of this size can't be one; undefined when it can. */
  get fault(): string | undefined {
    if (this.#count === 0) return 'a request without symbols, expected the first one to be empty';
    return this.#starts[0] === this.#ends[0] ? undefined : 'the first symbol is not empty';
  }

  /** Appends labels from pairs of references; returns why that can't be done, or undefined. */
  addPairs(reader: WireReader, end: number): string | undefined {
    while (reader.at < end) {
      const name = reader.uint(end);
      if (reader.at >= end) return 'an odd number of label references';
      const value = reader.uint(end);
      if (name >= this.#count || value >= this.#count) return `label reference ${Math.max(name, value)}, and there are ${this.#count} symbols`;
      this.#addLabel(name, value);
    }
    return undefined;
  }

  /** Makes the key one of what can't be a series. */
  fail(message: string): void {
    const text = encoder.encode(message);
    this.begin();
    this.#reserve(text.length + 12);
    this.#writeField(FAULT, text.length);
    this.key.set(text, this.keyEnd);
    this.keyEnd += text.length;
  }

  has(symbol: number): boolean {
    return symbol < this.#count;
  }

  /** Where a symbol's text stands in the message. */
  place(symbol: number): { start: number; end: number } {
    return { start: this.#starts[symbol] ?? 0, end: this.#ends[symbol] ?? 0 };
  }

  #addLabel(name: number, value: number): void {
    const nameLength = (this.#ends[name] as number) - (this.#starts[name] as number);
    const valueLength = (this.#ends[value] as number) - (this.#starts[value] as number);
    const length = 2 + sizeOf(nameLength) + nameLength + sizeOf(valueLength) + valueLength;
    this.#reserve(length + 12);
    this.#writeField(LABELS, length);
    this.#writeField(1, nameLength);
    this.#copy(name);
    this.#writeField(2, valueLength);
    this.#copy(value);
  }

  #copy(symbol: number): void {
    const end = this.#ends[symbol] as number;
    for (let i = this.#starts[symbol] as number; i < end; i++) this.key[this.keyEnd++] = this.#message[i] as number;
  }

  #writeField(field: number, length: number): void {
    this.key[this.keyEnd++] = field * 8 + 2;
    let rest = length;
    for (; rest >= 0x80; rest >>>= 7) this.key[this.keyEnd++] = (rest & 0x7f) | 0x80;
    this.key[this.keyEnd++] = rest;
  }

  #reserve(length: number): void {
    if (this.keyEnd + length <= this.key.length) return;
    const larger = new Uint8Array(Math.max(this.key.length * 2, this.keyEnd + length));
    larger.set(this.key);
    this.key = larger;
  }
}

function sizeOf(length: number): number {
  let size = 1;
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) size++;
  return size;
}

function doubled(column: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(column.length * 2);
  larger.set(column);
  return larger;
}
