import { describe, expect, test } from 'vitest';
import { ParseError } from '../errors.js';
import { Random } from '../testing/random.js';
import { packColumn } from './pack-column.js';
import { unpackColumn } from './unpack-column.js';

const bits = (values: Float64Array): bigint[] => [...new BigUint64Array(values.slice().buffer)];

function roundTrip(values: Float64Array, present?: Uint8Array): number {
  const bytes = packColumn({ values, present });
  const text = Buffer.from(bytes).toString('base64');
  for (const packed of [text, text.replace(/=+$/, ''), bytes]) {
    const column = unpackColumn(packed);
    expect([...column.present]).toEqual(Array.from(values, (_, i) => (present?.[i] === 0 ? 0 : 1)));
    expect(bits(column.values.filter((_, i) => column.present[i] === 1))).toEqual(bits(values.filter((_, i) => present?.[i] !== 0)));
  }
  return bytes.length;
}

const STALE = new Float64Array(BigUint64Array.of(0x7ff0000000000002n).buffer);

describe('a packed column', () => {
  test.each([
    ['nothing', []],
    ['one value', [1.5]],
    ['whole numbers', [1, 2, 3, 1000, -5, 2 ** 40, -(2 ** 40)]],
    ['whole numbers that are too large for exact differences', [2 ** 53, -(2 ** 53), 1e300]],
    ['decimals', [0.1, 0.2, 0.3, 1.23, 99.999]],
    ['both zeros', [0, -0, 0, -0]],
    ['NaN and the infinities', [NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE]],
    ['one value that stays', [NaN, NaN, NaN]],
  ])('gives back %s', (_name, values) => {
    roundTrip(Float64Array.from(values));
  });

  test('gives back gaps, and the bits of a staleness marker', () => {
    roundTrip(Float64Array.of(1, NaN, STALE[0] as number, NaN, 2), Uint8Array.of(1, 0, 1, 1, 1));
    roundTrip(new Float64Array(20).fill(NaN), new Uint8Array(20));
  });

  test('is short for counters, percentages and what stays as it is', () => {
    expect(roundTrip(Float64Array.from({ length: 360 }, (_, i) => 1e9 + i * 150))).toBeLessThan(800);
    expect(roundTrip(Float64Array.from({ length: 360 }, (_, i) => Math.round(5000 + 300 * Math.sin(i)) / 100))).toBeLessThan(800);
    expect(roundTrip(new Float64Array(360).fill(1 / 3))).toBe(11);
    expect(roundTrip(Float64Array.from({ length: 360 }, (_, i) => Math.sin(i)))).toBe(360 * 8 + 3);
  });

  test('gives back whatever it was made of', () => {
    const seed = 20_260_701;
    const random = new Random(seed);
    for (let round = 0; round < 400; round++) {
      const scale = 10 ** random.below(12);
      const make = random.pick([
        () => random.below(1e9) / scale,
        () => random.next() - 0.5,
        () => random.pick([NaN, Infinity, -Infinity, -0, 0, 1, STALE[0] as number]),
        () => new Float64Array(Uint32Array.of(random.below(2 ** 32), random.below(2 ** 32)).buffer)[0] as number,
      ]);
      const values = Float64Array.from({ length: random.below(50) }, make);
      const present = random.chance(0.5) ? undefined : Uint8Array.from(values, () => (random.chance(0.7) ? 1 : 0));
      roundTrip(values, present);
    }
  });

  test('that is damaged is refused, and nothing else happens', () => {
    const random = new Random(7);
    const whole = packColumn({ values: Float64Array.from({ length: 40 }, (_, i) => i / 4), present: Uint8Array.from({ length: 40 }, (_, i) => i % 3) });
    for (let round = 0; round < 500; round++) {
      const bytes = whole.slice(0, random.below(whole.length));
      if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
      try {
        unpackColumn(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(ParseError);
      }
    }
    expect(() => unpackColumn('A*==')).toThrow('packed column');
  });
});
