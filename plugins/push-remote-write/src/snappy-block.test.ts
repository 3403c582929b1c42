import { compressSync } from 'snappy';
import { describe, expect, it } from 'vitest';
import { uncompress } from './snappy-block.js';

/** A small generator of pseudo-random numbers below 2^32, so that a failure can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state ^ (state >>> 13)) >>> 0;
  };
}

/** Bytes that repeat what stood before them, near and far, as messages do. */
function repetitive(random: () => number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; ) {
    const size = Math.min(1 + (random() % 90), length - i);
    const from = random() % 3 === 0 || i === 0 ? -1 : Math.max(0, i - 1 - (random() % (random() % 2 === 0 ? 6 : 5000)));
    for (let k = 0; k < size; k++) bytes[i + k] = from < 0 ? random() & 255 : (bytes[from + k] as number);
    i += size;
  }
  return bytes;
}

describe('snappy blocks', () => {
  it('come back as they were, whatever repeats in them', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const message = repetitive(generator(seed), (seed * 37) % 20_000);
      expect(Buffer.compare(uncompress(compressSync(message)), message), `seed ${seed}`).toBe(0);
    }
  });

  it('come back when they are longer than what far copies reach', () => {
    const half = repetitive(generator(7), 100_000);
    const message = Buffer.concat([half, half]);
    expect(Buffer.compare(uncompress(compressSync(message)), message)).toBe(0);
  });

  it('are refused, or are something else, and never read past their ends where a byte was changed or cut off', () => {
    const random = generator(11);
    const block = compressSync(repetitive(random, 3000));
    for (let i = 0; i < 3000; i++) {
      const changed = Buffer.from(block.subarray(0, i % 2 === 0 ? random() % block.length : undefined));
      if (i % 2 === 1) changed.writeUInt8(random() & 255, random() % changed.length);
      try {
        expect(uncompress(changed).length).toBeLessThan(2 ** 26);
      } catch (error) {
        expect(String(error)).toMatch(/not a snappy block|is empty|expected at most/);
      }
    }
  });

  it('may copy from four bytes of offset', () => {
    const block = Uint8Array.of(8, 0b0000_1100, 1, 2, 3, 4, 0b0000_1111, 4, 0, 0, 0);
    expect([...uncompress(block)]).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  });
});
