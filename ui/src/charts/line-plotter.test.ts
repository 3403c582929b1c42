import { describe, expect, it } from 'vitest';
import { rendererFor } from './line-plotter.js';

describe('the renderer of a plot', () => {
  it.each([
    [5_000, 10, 'line', 'apex'],
    [5_001, 10, 'line', 'canvas'],
    [2_000, 20, 'tint', 'apex'],
    [2_000, 21, 'line', 'canvas'],
    [0, 0, 'line', 'apex'],
    [10, 1, 'bars', 'canvas'],
  ] as const)('for %i points of %i lines as %s is %s', (points, lines, style, kind) => {
    expect(rendererFor(points, lines, style)).toBe(kind);
  });
});
