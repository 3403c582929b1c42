import { describe, expect, it } from 'vitest';
import { EntryState, SeriesCache } from './series-cache.js';

const ROOMY = { entries: 1_000_000, keyBytes: 2 ** 30 };
const encoder = new TextEncoder();

describe('the series cache', () => {
  it('finds a key again at the same place, at another place, and not when it was never added', () => {
    const cache = new SeriesCache(ROOMY);
    const body = encoder.encode('a{x="1"} b{x="2"} c');
    cache.begin(1);
    const a = add(cache, body, 0, 8);
    const b = add(cache, body, 9, 17);
    cache.begin(2);
    expect([cache.find(body, 0, 8), cache.find(body, 9, 17), cache.find(body, 18, 19)]).toEqual([a, b, 0]);
    cache.begin(3);
    expect([cache.find(body, 9, 17), cache.find(body, 0, 8)]).toEqual([b, a]);
    expect(cache.size).toBe(2);
  });

  it('says where the key ends that came next in the last body, when it stands there again', () => {
    const cache = new SeriesCache(ROOMY);
    const body = encoder.encode('a{x="1"} b c');
    cache.begin(1);
    expect(cache.expectedEnd(body, 0)).toBe(0);
    const [a, b] = [add(cache, body, 0, 8), add(cache, body, 9, 10)];
    cache.begin(2);
    expect(cache.expectedEnd(body, 0)).toBe(8);
    expect(cache.find(body, 0, 8)).toBe(a);
    expect(cache.expectedEnd(body, 11)).toBe(11);
    expect(cache.expectedEnd(body, 12)).toBe(12);
    expect(cache.expectedEnd(body, 9)).toBe(10);
    expect(cache.find(body, 11, 12)).toBe(0);
    expect(cache.find(body, 9, 10)).toBe(b);
  });

  it('tells keys that differ in any one bit, whatever their bytes are', () => {
    for (const fill of [0x00, 0x41, 0x7f, 0x80, 0xff]) {
      const cache = new SeriesCache(ROOMY);
      const body = new Uint8Array(21).fill(fill);
      cache.begin(1);
      const entry = add(cache, body, 0, body.length);
      for (let bit = 0; bit < body.length * 8; bit++) {
        const other = body.slice();
        other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        cache.begin(2 + bit);
        expect(cache.find(other, 0, other.length), `bit ${bit} of bytes ${fill}`).toBe(0);
        expect(cache.find(body.slice(), 0, body.length)).toBe(entry);
      }
    }
  });

  it('tells a key from its beginning and from the empty key', () => {
    const cache = new SeriesCache(ROOMY);
    const body = encoder.encode('abc');
    cache.begin(1);
    const [whole, part, empty] = [add(cache, body, 0, 3), add(cache, body, 0, 2), add(cache, body, 1, 1)];
    cache.begin(2);
    expect([cache.find(body, 0, 2), cache.find(body, 3, 3), cache.find(body, 0, 3)]).toEqual([part, empty, whole]);
  });

  it('forgets, and numbers what is left anew when the next body begins', () => {
    const cache = new SeriesCache(ROOMY);
    const keys = Array.from({ length: 500 }, (_, i) => encoder.encode(`key ${i}`));
    cache.begin(1);
    for (const key of keys) add(cache, key, 0, key.length);
    for (let entry = 1; entry <= 400; entry++) cache.forget(entry);
    const { version } = cache;
    cache.begin(2);
    expect(cache.version).not.toBe(version);
    expect(cache.size).toBe(100);
    expect(cache.end).toBe(101);
    for (const [i, key] of keys.entries()) expect(cache.find(key, 0, key.length) === 0).toBe(i < 400);
  });

  it('forgets the series whose refs the storage gave up', () => {
    const cache = new SeriesCache(ROOMY);
    const body = encoder.encode('ab');
    cache.begin(1);
    const [a, b] = [add(cache, body, 0, 1), add(cache, body, 1, 2)];
    for (const [entry, ref] of [[a, 7], [b, 8]] as const) {
      cache.states[entry] = EntryState.known;
      cache.refs[entry] = ref;
    }
    cache.forgetRefs(new Set([7]));
    expect([cache.find(body, 0, 1), cache.find(body, 1, 2)]).toEqual([0, b]);
  });

  it('stays within its bounds from body to body, and keeps what was seen last', () => {
    const cache = new SeriesCache({ entries: 100, keyBytes: 2 ** 20 });
    const steady = encoder.encode('steady');
    for (let delivery = 1; delivery <= 1000; delivery++) {
      cache.begin(delivery);
      expect(cache.size).toBeLessThanOrEqual(100);
      const entry = cache.find(steady, 0, steady.length) || cache.add(steady, 0, steady.length);
      cache.seen[entry] = delivery;
      const passing = encoder.encode(`passing ${delivery}`);
      cache.seen[cache.add(passing, 0, passing.length)] = delivery;
    }
    expect(cache.find(steady, 0, steady.length)).not.toBe(0);
  });

  it('behaves as a map does, whatever is asked of it in whatever order', () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const random = randomOf(seed);
    for (let round = 0; round < 30; round++) {
      const cache = new SeriesCache(ROOMY);
      const model = new Map<string, number>();
      for (let delivery = 1; delivery <= 20; delivery++) {
        cache.begin(delivery);
        // Numbers may have changed: the owner's flags tell which entry is whose.
        for (let entry = 1; entry < cache.end; entry++) {
          if (cache.states[entry] !== EntryState.dead) model.set(keyOf(cache, entry), entry);
        }
        for (let i = 0; i < 100; i++) {
          const key = `${'k'.repeat(Math.floor(random() * 4))}${Math.floor(random() * 60)}`;
          const bytes = encoder.encode(`..${key}..`);
          const found = cache.find(bytes, 2, 2 + key.length);
          expect(found, `seed ${seed}, key ${key}`).toBe(model.get(key) ?? 0);
          if (found === 0) model.set(key, cache.add(bytes, 2, 2 + key.length));
          else if (random() < 0.2) {
            cache.forget(found);
            model.delete(key);
          }
        }
        expect(cache.size, `seed ${seed}`).toBe(model.size);
      }
    }
  });
});

function add(cache: SeriesCache, bytes: Uint8Array, start: number, end: number): number {
  expect(cache.find(bytes, start, end)).toBe(0);
  return cache.add(bytes, start, end);
}

function keyOf(cache: SeriesCache, entry: number): string {
  return cache.withKey(entry, (keys, start, end) => Buffer.from(keys.subarray(start, end)).toString());
}

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
