/**
 * Encodes samples as one chunk of the reference's `XOR` encoding, bit for bit, staleness markers and other NaNs as well.
 *
 *     16 bits  the number of samples
 *     first    its time as a zigzag varint, its value as it is
 *     second   the difference of times as a varint, then its value
 *     others   the difference of differences of times
 *                0       0                     1110    20 bits
 *                10      14 bits               1111    64 bits
 *                110     17 bits
 *     values   XOR with the one before
 *                0       none
 *                10      the bits between the zeros of the XOR before
 *                11      5 bits: zeros in front, at most 31; 6 bits: how many bits come, 0 for 64; those bits
 *
 * Source: https://github.com/prometheus/prometheus/blob/main/tsdb/chunkenc/xor.go; «Gorilla», VLDB 2015.
 */
export function encodeXorChunk(times: Float64Array, values: Float64Array, from: number, to: number): Uint8Array {
  const bits = new BitWriter(2 + (to - from) * 20);
  bits.write(to - from, 16);
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const state = { high: 0, low: 0, leading: -1, trailing: 0 };
  let before = 0;
  let delta = 0;
  for (let i = from; i < to; i++) {
    const at = times[i] as number;
    const low = words[2 * i] as number;
    const high = words[2 * i + 1] as number;
    if (i === from) {
      writeZigzag(bits, at);
      bits.write64(high, low);
    } else {
      const gap = at - before;
      if (i === from + 1) bits.writeVarint(gap);
      else writeChange(bits, gap - delta);
      delta = gap;
      writeXor(bits, (high ^ state.high) >>> 0, (low ^ state.low) >>> 0, state);
    }
    before = at;
    state.high = high;
    state.low = low;
  }
  return bits.finish();
}

/** Twice the number, or one less than twice the negative one, of which a float64 may not know the last bit any more. */
function writeZigzag(bits: BitWriter, at: number): void {
  if (at >= 0) return bits.writeVarint(at * 2);
  const last = (2 * (-at % 64) + 127) % 128;
  const rest = Math.floor((-at - 1) / 64);
  bits.write(rest === 0 ? last : last | 0x80, 8);
  if (rest > 0) bits.writeVarint(rest);
}

function writeChange(bits: BitWriter, change: number): void {
  if (change === 0) bits.write(0, 1);
  else if (fits(change, 14)) bits.write(0b10, 2).write(change & 0x3fff, 14);
  else if (fits(change, 17)) bits.write(0b110, 3).write(change & 0x1ffff, 17);
  else if (fits(change, 20)) bits.write(0b1110, 4).write(change & 0xfffff, 20);
  else bits.write(0b1111, 4).write64(Math.floor(change / 2 ** 32) >>> 0, change >>> 0);
}

function fits(change: number, width: number): boolean {
  const half = 2 ** (width - 1);
  return change > -half && change <= half;
}

interface Window {
  /** -1: there was no XOR yet. */
  leading: number;
  trailing: number;
}

function writeXor(bits: BitWriter, high: number, low: number, window: Window): void {
  if (high === 0 && low === 0) return void bits.write(0, 1);
  const leading = Math.min(31, high === 0 ? 32 + Math.clz32(low) : Math.clz32(high));
  const trailing = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
  if (window.leading >= 0 && leading >= window.leading && trailing >= window.trailing) {
    bits.write(0b10, 2);
  } else {
    window.leading = leading;
    window.trailing = trailing;
    bits.write(0b11, 2).write(leading, 5).write((64 - leading - trailing) & 63, 6);
  }
  bits.writeMiddle(high, low, window.leading, window.trailing);
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** Bits, the highest first, one behind the other. */
class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  /** Bits that don't fill a byte yet. */
  #rest = 0;
  #width = 0;

  constructor(room: number) {
    this.#bytes = new Uint8Array(room);
  }

  /** The lowest `width` bits, at most 32. */
  write(value: number, width: number): this {
    for (let left = width; left > 0; ) {
      const take = Math.min(8 - this.#width, left);
      const part = (value >>> (left - take)) & ((1 << take) - 1);
      this.#rest = (this.#rest << take) | part;
      this.#width += take;
      left -= take;
      if (this.#width === 8) this.#flush();
    }
    return this;
  }

  write64(high: number, low: number): void {
    this.write(high, 32).write(low, 32);
  }

  /** 64 bits without the first, of which there are at most 31, and the last few. */
  writeMiddle(high: number, low: number, leading: number, trailing: number): void {
    if (trailing >= 32) return void this.write(high >>> (trailing - 32), 64 - leading - trailing);
    this.write(high, 32 - leading).write(low >>> trailing, 32 - trailing);
  }

  writeVarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.write((rest % 0x80) | 0x80, 8);
      rest = Math.floor(rest / 0x80);
    }
    this.write(rest, 8);
  }

  #flush(): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length + 16);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = this.#rest;
    this.#rest = 0;
    this.#width = 0;
  }

  finish(): Uint8Array {
    if (this.#width > 0) this.write(0, 8 - this.#width);
    return this.#bytes.subarray(0, this.#length);
  }
}
