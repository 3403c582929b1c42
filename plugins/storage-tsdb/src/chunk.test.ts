import { Random } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { CHUNK_SAMPLES, decodeTimes, decodeValues, encodeTimes, encodeValues } from './chunk.js';

function column(bits: readonly bigint[]): Float64Array {
  return new Float64Array(BigUint64Array.from(bits).buffer);
}

function bitsOf(values: Float64Array): bigint[] {
  return [...new BigUint64Array(values.buffer, values.byteOffset, values.length)];
}

/** Decodes into the middle of a longer column, and checks that nothing else was written to. */
function throughValues(values: Float64Array): bigint[] {
  const words = encodeValues(values, 0, values.length).slice();
  const into = new Float64Array(values.length + 2).fill(7);
  decodeValues(words, 0, values.length, into, 1);
  expect([into[0], into.at(-1)]).toEqual([7, 7]);
  return bitsOf(into.slice(1, -1));
}

function throughTimes(times: Float64Array): number[] {
  const words = encodeTimes(times, 0, times.length).slice();
  const into = new Float64Array(times.length + 2).fill(7);
  decodeTimes(words, 0, times.length, into, 1);
  expect([into[0], into.at(-1)]).toEqual([7, 7]);
  return [...into.slice(1, -1)];
}

const ADVERSARIAL: readonly (readonly [name: string, bits: readonly bigint[]])[] = [
  ['nothing', []],
  ['one value', [0x3ff0000000000000n]],
  ['the two zeros', [0n, 0x8000000000000000n, 0n]],
  ['NaN payloads', [0x7ff0000000000002n, 0x7ff8000000000000n, 0xfff8000000000000n, 0x7ff0000000000001n, 0x7fffffffffffffffn]],
  ['infinities', [0x7ff0000000000000n, 0xfff0000000000000n, 0x7fefffffffffffffn]],
  ['subnormals', [1n, 2n, 0xfffffffffffffn, 0x8000000000000001n]],
  ['all bits and none', [0n, 0xffffffffffffffffn, 0n, 0xffffffffffffffffn]],
  ['one bit at every place', Array.from({ length: 64 }, (_, i) => 1n << BigInt(i))],
  ['a window across the words', [0n, 0x0000000180000000n, 0x0000000180000001n, 0x00000003c0000000n]],
  ['windows that shrink and grow', Array.from({ length: 64 }, (_, i) => (1n << BigInt(63 - i)) - 1n)],
];

describe('values', () => {
  it.each(ADVERSARIAL)('%s come back bit for bit', (_, bits) => {
    expect(throughValues(column(bits))).toEqual([...bits]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('random values come back bit for bit, seed %i', (seed) => {
    const dice = new Random(seed);
    for (let round = 0; round < 200; round++) {
      const values = randomValues(dice, dice.below(CHUNK_SAMPLES + 1));
      expect(throughValues(values)).toEqual(bitsOf(values));
    }
  });

  it('are found where they stand among other words', () => {
    const values = Float64Array.of(1, 2.5, -3);
    const words = new Int32Array(100);
    words.set(encodeValues(values, 0, 3), 40);
    const into = new Float64Array(3);
    decodeValues(words, 40, 3, into, 0);
    expect([...into]).toEqual([1, 2.5, -3]);
  });
});

describe('times', () => {
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
  ])('%s come back', (_, times) => {
    expect(throughTimes(Float64Array.from(times))).toEqual(times);
  });

  it.each([1, 2, 3, 4])('random ones come back, seed %i', (seed) => {
    const dice = new Random(seed);
    for (let round = 0; round < 200; round++) {
      const spread = dice.pick([1, 20, 200, 5000, 200_000, 2 ** 31, 2 ** 33]);
      let time = start;
      const times = Array.from({ length: dice.below(CHUNK_SAMPLES) }, () => (time += 1 + dice.below(spread)));
      expect(throughTimes(Float64Array.from(times))).toEqual(times);
    }
  });

  it('that are regular cost less than a third of a byte each', () => {
    const words = encodeTimes(Float64Array.from({ length: 120 }, (_, i) => start + i * 15_000), 0, 120);
    expect((words.length * 4) / 120).toBeLessThan(0.34);
  });
});

function randomValues(dice: Random, count: number): Float64Array {
  const values = new Float64Array(count);
  const bits = new Uint32Array(values.buffer);
  const kind = dice.below(6);
  let value = dice.below(1_000_000);
  for (let i = 0; i < count; i++) {
    if (kind === 0) values[i] = value;
    else if (kind === 1) values[i] = value += dice.below(100);
    else if (kind === 2) values[i] = (value += dice.below(21) - 10) / 100;
    else if (kind === 3) values[i] = dice.below(2) === 0 ? 0 : -0;
    else if (kind === 4) bits[i * 2] = dice.below(2 ** 32);
    else {
      bits[i * 2] = dice.below(2 ** 32);
      bits[i * 2 + 1] = dice.below(2 ** 32);
    }
  }
  return values;
}
