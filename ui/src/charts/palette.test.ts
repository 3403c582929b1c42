import { describe, expect, it } from 'vitest';
import { createColourBook, darkPalette, lightPalette } from './palette.js';

const keys = Array.from({ length: 12 }, (_, i) => `series ${i}`);

describe('a colour book', () => {
  it('gives every series of a panel another place while there are enough', () => {
    const places = createColourBook().assign(keys);
    expect(new Set(places.values()).size).toBe(keys.length);
  });

  it('colours the same series alike in whatever order they arrive', () => {
    const forwards = createColourBook().assign(keys);
    const backwards = createColourBook().assign([...keys].reverse());
    expect(keys.map((key) => backwards.get(key))).toEqual(keys.map((key) => forwards.get(key)));
  });

  it('gives two series of one panel colours that can be told apart, whatever they are called', () => {
    const greens = new Set([0, 11, 18].map((place) => darkPalette[place]));
    for (let i = 0; i < 200; i++) {
      const places = [...createColourBook().assign([`first ${i}`, `second ${i}`]).values()];
      const green = places.filter((place) => greens.has(darkPalette[place]));
      expect(green.length, `pair ${i}`).toBeLessThan(2);
    }
  });

  it('changes nothing when a neighbour disappears, or comes', () => {
    const book = createColourBook();
    const before = new Map(book.assign(keys));
    const after = book.assign([...keys.slice(5), 'another']);
    for (const key of keys) expect(after.get(key)).toBe(before.get(key));
  });

  it('uses each place equally often when there are more series than colours', () => {
    const many = Array.from({ length: 45 }, (_, i) => `pod ${i}`);
    const uses = new Map<number, number>();
    for (const place of createColourBook().assign(many).values()) uses.set(place, (uses.get(place) ?? 0) + 1);
    expect(Math.max(...uses.values()) - Math.min(...uses.values())).toBeLessThanOrEqual(1);
  });

  it('has as many colours in light as in dark', () => {
    expect(lightPalette).toHaveLength(darkPalette.length);
  });
});
