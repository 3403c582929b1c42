/**
 * Bits in and out of 32-bit words, most significant bit first. Working on whole words with shifts is several times
 * faster than on bytes; a stream ends on a word's edge, which costs two bytes a chunk on average.
 */
export class BitWriter {
  #words = new Int32Array(512);
  #length = 0;
  #word = 0;
  /** Free bits of the word being filled, 1 to 32. */
  #room = 32;

  /** Appends the low `count` bits of `value`, 1 to 32; the bits above them must be zero. */
  write(value: number, count: number): void {
    const room = this.#room;
    if (count < room) {
      this.#word |= value << (room - count);
      this.#room = room - count;
      return;
    }
    const rest = count - room;
    this.#push(this.#word | (value >>> rest));
    this.#room = 32 - rest;
    this.#word = rest === 0 ? 0 : value << (32 - rest);
  }

  /** Appends a whole number from 0 to 2^53 in `count` bits, 1 to 53. */
  writeWide(value: number, count: number): void {
    if (count > 32) this.write(Math.floor(value / 2 ** 32), count - 32);
    this.write(value | 0, Math.min(count, 32));
  }

  /** Appends a float64 of a column that is seen as halves, the low one first: the one whose halves begin at `at`. */
  writeDouble(halves: Int32Array, at: number): void {
    this.write(halves[at + 1] as number, 32);
    this.write(halves[at] as number, 32);
  }

  /** Ends the stream and lends its words until the next `reset`. */
  finish(): Int32Array {
    if (this.#room < 32) this.#push(this.#word);
    return this.#words.subarray(0, this.#length);
  }

  reset(): void {
    this.#length = 0;
    this.#word = 0;
    this.#room = 32;
  }

  #push(word: number): void {
    if (this.#length === this.#words.length) {
      const larger = new Int32Array(this.#words.length * 2);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[this.#length++] = word;
  }
}

/** Reads what a `BitWriter` wrote. Reading past the end gives zeros. */
export class BitReader {
  #words: Int32Array = new Int32Array(0);
  #next = 0;
  #word = 0;
  /** Unread bits of the current word, 0 to 32; they are its lowest. */
  #left = 0;

  /** Starts at a word of a column of words. */
  start(words: Int32Array, at: number): void {
    this.#words = words;
    this.#next = at;
    this.#left = 0;
  }

  bit(): number {
    if (this.#left === 0) this.#load();
    this.#left--;
    return (this.#word >>> this.#left) & 1;
  }

  /** The next `count` bits, 1 to 32, as a signed 32-bit pattern; below 32 bits the value is not negative. */
  read(count: number): number {
    const left = this.#left;
    if (count <= left) {
      this.#left = left - count;
      return (this.#word >>> this.#left) & mask(count);
    }
    const rest = count - left;
    const high = left === 0 ? 0 : this.#word & mask(left);
    this.#load();
    this.#left = 32 - rest;
    const low = this.#word >>> this.#left;
    return rest === 32 ? low | 0 : (high << rest) | low;
  }

  /** The next `count` bits, 1 to 64, as a whole number; exact up to 53. */
  readWide(count: number): number {
    if (count <= 32) return this.read(count) >>> 0;
    const high = this.read(count - 32) >>> 0;
    return high * 2 ** 32 + (this.read(32) >>> 0);
  }

  /** Puts the next 64 bits into a column that is seen as halves, the low one first. */
  readDouble(halves: Int32Array, at: number): void {
    halves[at + 1] = this.read(32);
    halves[at] = this.read(32);
  }

  /** Reads `count` whole numbers of `width` bits, 1 to 32, to `into`, from `to` on. */
  readAll(width: number, count: number, into: Float64Array, to: number): void {
    const words = this.#words;
    let next = this.#next;
    let word = this.#word;
    let left = this.#left;
    const all = mask(width);
    for (let i = to; i < to + count; i++) {
      if (width <= left) {
        left -= width;
        into[i] = ((word >>> left) & all) >>> 0;
        continue;
      }
      const rest = width - left;
      const high = left === 0 ? 0 : word & mask(left);
      word = words[next++] ?? 0;
      left = 32 - rest;
      into[i] = rest === 32 ? word >>> 0 : ((high << rest) | (word >>> left)) >>> 0;
    }
    this.#next = next;
    this.#word = word;
    this.#left = left;
  }

  #load(): void {
    this.#word = this.#words[this.#next++] ?? 0;
    this.#left = 32;
  }
}

/** A part of a column of float64 as halves, the low one of each first. */
export function halvesOf(column: Float64Array, from: number, count: number): Int32Array {
  return new Int32Array(column.buffer, column.byteOffset + from * 8, count * 2);
}

function mask(count: number): number {
  return count === 32 ? -1 : (1 << count) - 1;
}

/** The bits a whole number from 0 to 2^53 takes; 0 for 0. */
export function bitsOf(value: number): number {
  return value < 2 ** 32 ? 32 - Math.clz32(value) : 64 - Math.clz32(Math.floor(value / 2 ** 32));
}
