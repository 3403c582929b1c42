import { describe, expect, it } from 'vitest';
import { growableBuffer, take } from './growable-buffer.js';
import { MAX_RUN_CELLS, SharedCells } from './shared-cells.js';
import { SharedLog } from './shared-log.js';

describe('shared cells', () => {
  it('begin at 0, take any float64, and belong to whoever took them', () => {
    const cells = SharedCells.create(1 << 20);
    const [a, b] = [cells.take(2) ?? NaN, cells.take(1) ?? NaN].map((place) => cells.run(place));
    expect([a?.get(0), a?.get(1), b?.get(0)]).toEqual([0, 0, 0]);
    a?.set(1, -Infinity);
    b?.add(0, 0.1);
    b?.add(0, 0.2);
    expect([a?.get(0), a?.get(1), b?.get(0), b?.peek(0)]).toEqual([0, -Infinity, 0.1 + 0.2, 0.1 + 0.2]);
  });

  it('exchange a value only where it is the expected one', () => {
    const cells = SharedCells.create(1 << 20);
    const run = cells.run(cells.take(1) ?? NaN);
    expect([run.swap(0, 1, 2), run.swap(0, 0, 1), run.get(0)]).toEqual([false, true, 1]);
    expect([run.addBelow(0, 2), run.addBelow(0, 2), run.get(0)]).toEqual([true, false, 2]);
  });

  it('grow in place, seen through another object on the same memory, and never straddle a page', () => {
    const cells = SharedCells.create(1 << 20);
    const other = SharedCells.attach(cells.buffer);
    const before = cells.buffer.byteLength;
    const places: number[] = [];
    for (let i = 1; i < 200; i++) {
      const place = (i % 2 === 0 ? cells : other).take(i * 5) ?? NaN;
      expect(Math.floor(place / 2048)).toBe(Math.floor((place + i * 5 - 1) / 2048));
      cells.run(place).set(i * 5 - 1, i);
      places.push(place);
    }
    expect(cells.buffer.byteLength).toBeGreaterThan(before);
    places.forEach((place, i) => expect(other.run(place).get((i + 1) * 5 - 1)).toBe(i + 1));
  });

  it('say when there is no room left', () => {
    const cells = SharedCells.create(16 * 1024);
    expect(cells.take(MAX_RUN_CELLS)).toBeDefined();
    expect(cells.take(1)).toBeUndefined();
    expect(cells.take(1)).toBeUndefined();
  });

  it('stay small while they are empty', () => {
    expect(SharedCells.create(64 << 20).buffer.byteLength + SharedLog.create(64 << 20).buffer.byteLength).toBeLessThan(65_536);
  });
});

describe('a growable buffer', () => {
  it('takes bytes one after the other until it is full', () => {
    const buffer = growableBuffer(8, 64);
    const word = new Int32Array(new SharedArrayBuffer(4));
    expect([take(buffer, word, 0, 40), take(buffer, word, 0, 30), take(buffer, word, 0, 24), take(buffer, word, 0, 1)]).toEqual([0, undefined, 40, undefined]);
    expect(buffer.byteLength).toBe(64);
  });
});

describe('a shared log', () => {
  it('gives every record to every reader, in one order', () => {
    const a = SharedLog.create(1 << 20);
    const b = SharedLog.attach(a.buffer);
    append(a, { text: 'ü😀"' });
    expect(readAll(b)).toEqual([{ text: 'ü😀"' }]);
    append(b, [1]);
    expect([readAll(a), readAll(b)]).toEqual([[{ text: 'ü😀"' }, [1]], [[1]]]);
  });

  it('refuses an append by who has not read what another appended', () => {
    const a = SharedLog.create(1 << 20);
    const b = SharedLog.attach(a.buffer);
    const mine = a.prepare('mine') ?? NaN;
    append(b, 'theirs');
    a.publish(mine);
    expect(readAll(a)).toEqual(['theirs']);
    a.publish(mine);
    expect([readAll(a), readAll(b)]).toEqual([['mine'], ['theirs', 'mine']]);
  });

  it('says when there is no room left', () => {
    const log = SharedLog.create(4096);
    expect(log.prepare('x'.repeat(5000))).toBeUndefined();
    expect(log.prepare('x'.repeat(4000))).toBeDefined();
    expect(log.prepare('x'.repeat(100))).toBeUndefined();
  });
});

function append(log: SharedLog, value: unknown): void {
  log.publish(log.prepare(value) ?? NaN);
}

function readAll(log: SharedLog): unknown[] {
  const records: unknown[] = [];
  for (let record = log.read(); record !== undefined; record = log.read()) records.push(record);
  return records;
}
