import { describe, expect, it } from 'vitest';
import { PushItems } from './push-items.js';

describe('items', () => {
  const items = new PushItems();
  items.begin(0, 'a');
  items.begin(1, 'b');
  items.begin(4, 'c');

  it('are found by a position in the body', () => {
    expect([0, 1, 2, 3, 4, 9].map((position) => items.at(position))).toEqual([0, 1, 1, 1, 2, 2]);
    expect(items.metricOf(1)).toBe('b');
  });

  it('are found by a position among what was offered', () => {
    items.skip(0);
    items.skip(2);
    // Offered are 1, 3, 4, 5.
    expect([0, 1, 2, 3].map((position) => items.ofOffered(position))).toEqual([1, 1, 2, 2]);
    expect(items.ofOffered(0)).toBe(1);
  });

  it('are refused once', () => {
    expect([items.refuse(1), items.refuse(1), items.refuse(2)]).toEqual([true, false, true]);
    expect([items.count, items.refused]).toEqual([3, 2]);
  });
});
