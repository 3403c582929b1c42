import { Random } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { COLUMN_SIZES, ColumnArena, sizeOf } from './column-arena.js';

describe('the arena of columns', () => {
  it.each([1, 2, 3])('never lets two columns share an entry, seed %i', (seed) => {
    const dice = new Random(seed);
    const arena = new ColumnArena();
    const held: { column: number; size: number; value: number }[] = [];
    for (let i = 0; i < 20_000; i++) {
      if (dice.chance(i % 5000 < 3000 ? 0.7 : 0.3) || held.length === 0) {
        const size = dice.below(COLUMN_SIZES.length);
        const column = arena.allocate(size);
        for (let k = 0; k < sizeOf(size); k++) arena.set(column, k, i);
        held.push({ column, size, value: i });
      } else {
        const [one] = held.splice(dice.below(held.length), 1);
        if (one === undefined) continue;
        const entries = new Float64Array(sizeOf(one.size));
        arena.read(one.column, 0, entries.length, entries, 0);
        expect(entries.every((entry) => entry === one.value)).toBe(true);
        arena.free(one.column, one.size);
      }
    }
  });

  it('gives pages back when all of their columns are free', () => {
    const arena = new ColumnArena();
    const columns = Array.from({ length: 20_000 }, () => arena.allocate(3));
    const full = arena.bytes;
    for (const column of columns) arena.free(column, 3);
    expect(arena.bytes).toBeLessThan(full / 20);
  });

  it('keeps the bits of a NaN in a column that grows', () => {
    const arena = new ColumnArena();
    const stale = new Float64Array(new BigUint64Array([0x7ff0000000000002n]).buffer);
    const column = arena.allocate(0);
    arena.page(column).set(stale, arena.offset(column));
    const larger = arena.enlarged(column, 1, 1);
    const read = new Float64Array(1);
    arena.read(larger, 0, 1, read, 0);
    expect(new BigUint64Array(read.buffer)[0]).toBe(0x7ff0000000000002n);
  });
});
