import { growableBuffer, take, type GrowableBuffer } from './growable-buffer.js';

/**
 * An append-only list of JSON records on a SharedArrayBuffer, without a lock. A record is written aside and then hung
 * behind the last one by compare-and-exchange, which succeeds only for a writer who has read everything before it.
 * So whoever appends has seen whether another thread had the same thought, and a thread that dies half-way leaves
 * nothing but a few unused bytes.
 *
 *     int32 words of the buffer:   bytes taken │ first record │ then records
 *     a record:                    next record │ length in bytes │ JSON in UTF-8, padded to 8 bytes
 *
 * Records are named by the byte where they begin; 0 is none.
 */
export class SharedLog {
  readonly buffer: GrowableBuffer;
  readonly #words: Int32Array;
  /** The word that will point at the next record. */
  #tail = FIRST_WORD;

  private constructor(buffer: GrowableBuffer) {
    this.buffer = buffer;
    // Without a length the view follows the buffer as it grows.
    this.#words = new Int32Array(buffer);
  }

  static create(maxBytes: number): SharedLog {
    const buffer = growableBuffer(INITIAL_BYTES, Math.max(INITIAL_BYTES, maxBytes));
    new Int32Array(buffer, 0, 1)[0] = HEADER_BYTES;
    return new SharedLog(buffer);
  }

  static attach(buffer: GrowableBuffer): SharedLog {
    return new SharedLog(buffer);
  }

  /** The next record that this log object has not read yet, or undefined. */
  read(): unknown {
    const record = Atomics.load(this.#words, this.#tail);
    if (record === 0) return undefined;
    this.#tail = record / 4;
    const length = this.#words[record / 4 + 1] as number;
    // A copy, since a decoder does not take shared memory everywhere.
    const bytes = new Uint8Array(this.buffer, record + RECORD_HEADER_BYTES, length).slice();
    return JSON.parse(decoder.decode(bytes));
  }

  /** Writes a record that nobody sees yet, and returns its name; undefined when there is no room left. */
  prepare(value: unknown): number | undefined {
    const bytes = encoder.encode(JSON.stringify(value));
    const size = RECORD_HEADER_BYTES + Math.ceil(bytes.length / 8) * 8;
    const record = take(this.buffer, this.#words, 0, size);
    if (record === undefined) return undefined;
    this.#words[record / 4 + 1] = bytes.length;
    new Uint8Array(this.buffer, record + RECORD_HEADER_BYTES, bytes.length).set(bytes);
    return record;
  }

  /** Appends a prepared record, unless there is one that was not read yet. `read` gives it back either way, in its turn. */
  publish(record: number): void {
    Atomics.compareExchange(this.#words, this.#tail, 0, record);
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const FIRST_WORD = 1;
const HEADER_BYTES = 8;
const RECORD_HEADER_BYTES = 8;
const INITIAL_BYTES = 4096;
