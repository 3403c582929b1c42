import { Random } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { BLOCK_CHUNK_SAMPLES, MAX_CHUNK_WORDS, decodeColumn, encodeColumn } from './chunk.js';
import { chunkDecoder } from './chunk-decoder.js';
import { encodeGorillaTimes, encodeGorillaValues } from './chunk-gorilla.js';

const STALE = 0x7ff0000000000002n;

function column(bits: readonly bigint[]): Float64Array {
  return new Float64Array(BigUint64Array.from(bits).buffer);
}

function bitsOf(values: Float64Array): bigint[] {
  return [...new BigUint64Array(values.buffer, values.byteOffset, values.length)];
}

/** Decodes into the middle of a longer column, and checks that nothing else was written to. */
function through(values: Float64Array): bigint[] {
  const words = encodeColumn(values, 0, values.length).slice();
  expect(words.length).toBeLessThanOrEqual(values.length * 2 + 1);
  const into = new Float64Array(values.length + 2).fill(7);
  decodeColumn(words, 0, values.length, into, 1);
  expect([into[0], into.at(-1)]).toEqual([7, 7]);
  return bitsOf(into.slice(1, -1));
}

function bytesPerSample(values: Float64Array): number {
  return encodeColumn(values, 0, values.length).byteLength / values.length;
}

const ADVERSARIAL: readonly (readonly [name: string, bits: readonly bigint[]])[] = [
  ['nothing', []],
  ['one value', [0x3ff0000000000000n]],
  ['one NaN', [STALE]],
  ['the two zeros', [0n, 0x8000000000000000n, 0n]],
  ['NaN payloads', [STALE, 0x7ff8000000000000n, 0xfff8000000000000n, 0x7ff0000000000001n, 0x7fffffffffffffffn]],
  ['infinities', [0x7ff0000000000000n, 0xfff0000000000000n, 0x7fefffffffffffffn]],
  ['subnormals', [1n, 2n, 0xfffffffffffffn, 0x8000000000000001n]],
  ['all bits and none', [0n, 0xffffffffffffffffn, 0n, 0xffffffffffffffffn]],
  ['one bit at every place', Array.from({ length: 64 }, (_, i) => 1n << BigInt(i))],
  ['a window across the words', [0n, 0x0000000180000000n, 0x0000000180000001n, 0x00000003c0000000n]],
  ['windows that shrink and grow', Array.from({ length: 64 }, (_, i) => (1n << BigInt(63 - i)) - 1n)],
  ['the same NaN again and again', Array.from({ length: 100 }, () => 0x7ff8000000000123n)],
];

const DECIMALS: readonly (readonly [name: string, values: readonly number[]])[] = [
  ['whole numbers', [1, 2, 3, 5, 8, 13]],
  ['negative ones', [-5, 3, -2000, 17, 0, -1]],
  ['around 2^51', [2 ** 51 - 1, 2 ** 51, 2 ** 51 + 1, -(2 ** 51), 1 - 2 ** 51]],
  ['from one end to the other', [2 ** 51 - 1, 1 - 2 ** 51, 2 ** 51 - 1, 1 - 2 ** 51, 0, 2 ** 51 - 1]],
  ['around 2^53', [2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, 2 ** 60]],
  ['steps wider than 32 bits', Array.from({ length: 50 }, (_, i) => (i * 7_919_000_000_017) % 2 ** 45)],
  ['fractions', [0.1, 0.2, 0.30000000000000004, 0.4, 1.1, 2.2]],
  ['more and more digits', [1, 1.1, 1.12, 1.123, 1.1234, 1.12345, 1.123456, 1.1234567, 1.12345678, 1.123456789]],
  ['with a common factor', Array.from({ length: 70 }, (_, i) => 5 + 4096 * ((i * i) % 37))],
  ['of constant steps', Array.from({ length: 480 }, (_, i) => 1_767_225_600_000 + i * 15_000)],
  ['of growing steps', Array.from({ length: 480 }, (_, i) => i * i * 3)],
  ['that seldom change', Array.from({ length: 480 }, (_, i) => Math.floor(i / 100) * 123_457)],
  ['with resets', Array.from({ length: 480 }, (_, i) => (i % 200) * 1000 + (i % 7))],
  ['-0 among them', [1, 2, -0, 3, 0, 4]],
  ['a million digits apart', [1e-300, 1, 1e300]],
];

describe('a column', () => {
  it.each(ADVERSARIAL)('of %s comes back bit for bit', (_, bits) => {
    expect(through(column(bits))).toEqual([...bits]);
  });

  it.each(DECIMALS)('of decimals, %s, comes back bit for bit', (_, values) => {
    const them = Float64Array.from(values);
    expect(through(them)).toEqual(bitsOf(them));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('of random values comes back bit for bit, seed %i', (seed) => {
    const dice = new Random(seed);
    for (let round = 0; round < 200; round++) {
      const values = randomValues(dice, dice.below(dice.chance(0.1) ? 4097 : BLOCK_CHUNK_SAMPLES + 1));
      expect(through(values)).toEqual(bitsOf(values));
    }
  });

  it('is found where it stands among other words', () => {
    const values = Float64Array.of(0, 1, 2.5, -3, 0);
    const words = new Int32Array(100);
    words.set(encodeColumn(values, 1, 3), 40);
    const into = new Float64Array(3);
    decodeColumn(words, 40, 3, into, 0);
    expect([...into]).toEqual([1, 2.5, -3]);
  });

  it('never has more words than a reader makes room for', () => {
    const dice = new Random(9);
    const values = randomBits(dice, BLOCK_CHUNK_SAMPLES);
    expect(encodeColumn(values, 0, values.length).length).toBeLessThanOrEqual(MAX_CHUNK_WORDS);
  });

  it.each([1, 2, 3, 4])('of damaged bytes gives some values and no error, and stays in its place, seed %i', (seed) => {
    const dice = new Random(seed);
    for (let round = 0; round < 500; round++) {
      const values = randomValues(dice, 1 + dice.below(200));
      const words = encodeColumn(values, 0, values.length).slice();
      for (let flips = dice.below(4); flips >= 0; flips--) {
        const at = dice.below(words.length);
        words[at] = (words[at] as number) ^ (1 << dice.below(32));
      }
      const into = new Float64Array(values.length + 2).fill(7);
      decodeColumn(words.subarray(0, 1 + dice.below(words.length)), 0, values.length, into, 1);
      expect([into[0], into.at(-1)]).toEqual([7, 7]);
    }
  });
});

describe('the size of a column', () => {
  const dice = new Random(3);
  const walk = (step: () => number): Float64Array => {
    let at = 5000;
    return Float64Array.from({ length: 480 }, () => (at += step()));
  };

  it('of times at a constant step, or of one value, is next to nothing', () => {
    expect(bytesPerSample(walk(() => 15_000))).toBeLessThan(0.03);
    expect(bytesPerSample(new Float64Array(480).fill(17))).toBeLessThan(0.01);
  });

  it('of a counter follows its steps, and not the unit they come in', () => {
    expect(bytesPerSample(walk(() => dice.below(100)))).toBeLessThan(0.95);
    expect(bytesPerSample(walk(() => dice.below(100) * 4096))).toBeLessThan(0.95);
  });

  it('of a gauge of two decimals is that of a whole number', () => {
    expect(bytesPerSample(walk(() => dice.below(200) - 100).map((value) => value / 100))).toBeLessThan(1.1);
  });

  it('grows by little when staleness markers stand among the values', () => {
    const values = walk(() => dice.below(100));
    const marked = values.slice();
    for (const at of [0, 77, 479]) marked.set(column([STALE]), at);
    expect(through(marked)).toEqual(bitsOf(marked));
    expect(bytesPerSample(marked)).toBeLessThan(bytesPerSample(values) + 0.1);
  });

  it('grows by little when a counter starts again', () => {
    const values = walk(() => dice.below(100));
    const restarted = values.map((value, i) => (i < 200 ? value + 1e6 : value));
    expect(bytesPerSample(restarted)).toBeLessThan(bytesPerSample(values) + 0.2);
  });
});

describe('a chunk of a block of version 1', () => {
  const decoder = chunkDecoder(1);

  it.each(ADVERSARIAL)('of %s comes back bit for bit', (_, bits) => {
    const words = encodeGorillaValues(column(bits), 0, bits.length);
    const into = new Float64Array(bits.length);
    decoder.values(words, 0, bits.length, into, 0);
    expect(bitsOf(into)).toEqual([...bits]);
  });

  const start = 1_767_225_600_000;
  it.each([
    ['nothing', []],
    ['one time', [start]],
    ['two times', [start, start + 1]],
    ['regular', Array.from({ length: 120 }, (_, i) => start + i * 15_000)],
    ['of every class of difference', [0, 1, 100, 164, 2000, 6000, 140_000, 400_000, 3_000_000_000, 3_000_000_001].map((t) => start + t)],
    ['a month apart', [start, start + 31 * 86_400_000, start + 90 * 86_400_000]],
    ['before the epoch', [-8.64e15, -1000, -1, 0, 8.64e15]],
    ['not whole', [start + 0.25, start + 0.5, start + 1]],
  ])('of times, %s, comes back', (_, times) => {
    const words = encodeGorillaTimes(Float64Array.from(times), 0, times.length);
    const into = new Float64Array(times.length);
    decoder.times(words, 0, times.length, into, 0);
    expect([...into]).toEqual(times);
    expect(through(Float64Array.from(times))).toEqual(bitsOf(Float64Array.from(times)));
  });
});

function randomValues(dice: Random, count: number): Float64Array {
  if (dice.chance(0.2)) return randomBits(dice, count);
  const values = new Float64Array(count);
  const power = 10 ** dice.below(16);
  const step = 10 ** dice.below(13);
  const unit = dice.pick([1, 1, 3, 4096, 1e6]);
  const rare = dice.pick([0, 0, 0, 0.002, 0.02, 0.3]);
  const still = dice.pick([0, 0.5, 0.97]);
  let value = dice.below(1_000_000);
  for (let i = 0; i < count; i++) {
    if (!dice.chance(still)) value += (dice.below(step) - (dice.chance(0.3) ? step / 2 : 0)) * unit;
    if (dice.chance(0.005)) value = 0;
    values[i] = value / power;
    if (dice.chance(rare)) values.set(dice.chance(0.5) ? column([STALE]) : randomBits(dice, 1), i);
  }
  return values;
}

function randomBits(dice: Random, count: number): Float64Array {
  return new Float64Array(Uint32Array.from({ length: count * 2 }, () => dice.below(2 ** 32)).buffer);
}
