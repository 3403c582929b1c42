import { describe, expect, it } from 'vitest';
import { spansOf, unionOf } from './state-spans.js';

describe('what an alert was over time', () => {
  it('is pending, then firing, until it resolves', () => {
    const changes = [{ at: 10, kind: 'PENDING' }, { at: 20, kind: 'FIRING' }, { at: 25, kind: 'FLAPPING' }, { at: 50, kind: 'RESOLVED' }] as const;
    expect(spansOf(changes, 0, 100)).toEqual([{ start: 10, end: 20, state: 'pending' }, { start: 20, end: 50, state: 'firing' }]);
  });

  it('goes on to both ends of the range', () => {
    expect(spansOf([{ at: 10, kind: 'RESOLVED' }, { at: 90, kind: 'FIRING' }], 0, 100)).toEqual([{ start: 0, end: 10, state: 'firing' }, { start: 90, end: 100, state: 'firing' }]);
  });

  it('is firing where it began to hold and fired at once, whichever is told first', () => {
    expect(spansOf([{ at: 10, kind: 'FIRING' }, { at: 10, kind: 'PENDING' }], 0, 100)).toEqual([{ start: 10, end: 100, state: 'firing' }]);
  });

  it('is one span for several that overlap', () => {
    const of = (start: number, end: number, state: 'pending' | 'firing') => ({ start, end, state });
    expect(unionOf([of(5, 9, 'firing'), of(0, 6, 'firing'), of(20, 30, 'firing'), of(4, 5, 'pending')])).toEqual([of(4, 5, 'pending'), of(0, 9, 'firing'), of(20, 30, 'firing')]);
  });
});
