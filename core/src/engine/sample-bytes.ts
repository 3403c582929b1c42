import type { Timestamp } from '@metrics-dashboard/sdk';
import type { ByteWriter } from './byte-writer.js';
import { DECIMAL, INTEGER, SHORTEST, ShortestDecimals, copyDecimal, formOf, specialText, writeDecimal, writeInteger } from './number-bytes.js';

/** Samples that are looked at together. */
const SLICE = 512;
/** The longest `[1435781430.781,"-1.2345678901234567e+100"],`. */
const LONGEST = 64;
/** What a sample of a wide result takes, at most, of those that occur. */
const USUAL = 35;

/** Room for so many samples, so that few answers need more while they are written. */
export function roomForSamples(count: number): number {
  const slice = Math.min(count, SLICE);
  return slice * LONGEST + (count - slice) * USUAL;
}

/** Writes samples of the Prometheus HTTP API, `[1435781430.781,"1"]`, many at once. Its memory serves one answer after another. */
export class SampleWriter {
  readonly #prefixes = new TimestampPrefixes();
  readonly #decimals = new ShortestDecimals();
  readonly #forms = new Uint8Array(SLICE);
  readonly #shortest: number[] = [];

  /** Before the samples of another answer, whose times are others. */
  begin(): void {
    this.#prefixes.clear();
  }

  /** The samples [from, to), with commas between them. */
  write(out: ByteWriter, times: Float64Array, values: Float64Array, from: number, to: number): void {
    for (let start = from; start < to; start += SLICE) {
      if (start > from) out.byte(0x2c);
      this.#slice(out, times, values, start, Math.min(to, start + SLICE));
    }
  }

  #slice(out: ByteWriter, times: Float64Array, values: Float64Array, from: number, to: number): void {
    const decimals = this.#findForms(values, from, to);
    const forms = this.#forms;
    const prefixes = this.#prefixes;
    const bytes = out.room((to - from) * LONGEST);
    let at = out.length;
    let next = 0;
    for (let i = from; i < to; i++) {
      at = prefixes.write(times[i] as number, bytes, at);
      const value = values[i] as number;
      const form = forms[i - from];
      if (form === INTEGER) at = writeInteger(bytes, at, value);
      else if (form === DECIMAL) at = writeDecimal(bytes, at, value);
      else if (form === SHORTEST) {
        at = copyDecimal(decimals, next, bytes, at);
        while (decimals[next++] !== 0x2c);
      } else for (const letter of specialText(value)) bytes[at++] = letter.charCodeAt(0);
      bytes[at++] = 0x22;
      bytes[at++] = 0x5d;
      bytes[at++] = 0x2c;
    }
    out.length = at - 1;
  }

  /** Notes how each value is written, and returns the texts of those that the runtime has to write. */
  #findForms(values: Float64Array, from: number, to: number): Uint8Array {
    let shortest = 0;
    for (let i = from; i < to; i++) {
      const value = values[i] as number;
      const form = formOf(value);
      this.#forms[i - from] = form;
      if (form === SHORTEST) this.#shortest[shortest++] = value;
    }
    this.#shortest.length = shortest;
    return shortest === 0 ? NONE : this.#decimals.of(this.#shortest);
  }
}

const NONE = new Uint8Array(0);

/** Seconds with three decimals, or none when they are zero. */
export function formatSeconds(at: Timestamp): string {
  const whole = Math.trunc(at / 1000);
  const fraction = Math.abs(at % 1000);
  const sign = at < 0 && whole === 0 ? '-' : '';
  return fraction === 0 ? String(whole) : `${sign}${whole}.${String(Math.trunc(fraction)).padStart(3, '0')}`;
}

/** Times that are kept as text. */
const MOST_TIMES = 1 << 14;
/** The longest `[-8640000000000.000,"`. */
const LONGEST_PREFIX = 32;

/**
 * What stands in front of a value, `[1435781430.781,"`. Most series of a matrix have the same times, so those of the
 * first are kept as text, ascending, and each is looked for right after the one before.
 */
class TimestampPrefixes {
  #times = new Float64Array(64);
  #texts = new Uint8Array(64 * LONGEST_PREFIX);
  #lengths = new Uint8Array(64);
  #count = 0;
  #last = -1;

  /** Forgets all times. */
  clear(): void {
    this.#count = 0;
    this.#last = -1;
  }

  /** Writes a time's prefix, and returns where it ends. */
  write(time: Timestamp, bytes: Uint8Array, at: number): number {
    let slot = this.#last + 1;
    if (slot >= this.#count || this.#times[slot] !== time) slot = this.#slotOf(time);
    if (slot < 0) return writePrefix(bytes, at, time);
    this.#last = slot;
    const texts = this.#texts;
    let from = slot * LONGEST_PREFIX;
    const end = from + (this.#lengths[slot] as number);
    let to = at;
    while (from < end) bytes[to++] = texts[from++] as number;
    return to;
  }

  /** Where a time is kept; -1: nowhere. */
  #slotOf(time: Timestamp): number {
    const count = this.#count;
    if (count === 0 || time > (this.#times[count - 1] as number)) return count === MOST_TIMES ? -1 : this.#keep(time);
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return this.#times[low] === time ? low : -1;
  }

  #keep(time: Timestamp): number {
    if (this.#count === this.#times.length) this.#grow();
    const slot = this.#count++;
    const start = slot * LONGEST_PREFIX;
    this.#times[slot] = time;
    this.#lengths[slot] = writePrefix(this.#texts, start, time) - start;
    return slot;
  }

  #grow(): void {
    const { length } = this.#times;
    const times = new Float64Array(4 * length);
    const texts = new Uint8Array(4 * length * LONGEST_PREFIX);
    const lengths = new Uint8Array(4 * length);
    times.set(this.#times);
    texts.set(this.#texts);
    lengths.set(this.#lengths);
    this.#times = times;
    this.#texts = texts;
    this.#lengths = lengths;
  }
}

function writePrefix(bytes: Uint8Array, at: number, time: Timestamp): number {
  bytes[at] = 0x5b;
  let to = at + 1;
  const whole = Math.trunc(time / 1000);
  if (whole * 1000 === time) to = writeInteger(bytes, to, whole);
  else for (const letter of formatSeconds(time)) bytes[to++] = letter.charCodeAt(0);
  bytes[to] = 0x2c;
  bytes[to + 1] = 0x22;
  return to + 2;
}
