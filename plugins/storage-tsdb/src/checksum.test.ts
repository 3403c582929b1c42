import { Random } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { crc32, crc32ByTable } from './checksum.js';

describe('the checksum', () => {
  it('is that of ISO 3309', () => {
    expect(crc32ByTable(Buffer.from('123456789'))).toBe(0xcbf43926);
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  });

  it('goes on from a part, and is the same by both ways', () => {
    const dice = new Random(1);
    for (let round = 0; round < 100; round++) {
      const bytes = Uint8Array.from({ length: dice.below(100) }, () => dice.below(256));
      const cut = dice.below(bytes.length + 1);
      const whole = crc32ByTable(bytes, round);
      expect(crc32ByTable(bytes.subarray(cut), crc32ByTable(bytes.subarray(0, cut), round))).toBe(whole);
      expect(crc32(bytes, round)).toBe(whole);
    }
  });
});
