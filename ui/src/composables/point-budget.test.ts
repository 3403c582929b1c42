import { describe, expect, it } from 'vitest';
import { computed, ref } from 'vue';
import { pointBudget } from './point-budget.js';

function time(choices: { window?: number; refresh?: string; interval?: number }) {
  const refresh = ref(choices.refresh ?? 'auto');
  return { window: computed(() => choices.window), refresh: computed({ get: () => refresh.value, set: (text) => (refresh.value = text) }), interval: computed(() => choices.interval) };
}

describe('the points of a series', () => {
  it.each([
    [0, 'chart', {}, 0],
    [150, 'chart', {}, 100],
    [640, 'chart', {}, 300],
    [2000, 'chart', {}, 500],
    [640, 'tile', {}, 80],
    [640, 'chart', { window: 300_000, interval: 5_000 }, 61],
    [640, 'chart', { window: 300_000, interval: 5_000, refresh: '5s' }, 300],
    [640, 'chart', { window: 3_600_000 }, 300],
    [640, 'chart', { window: 2_000, interval: 5_000 }, 2],
  ] as const)('%i pixels wide, as a %s, over %j', (width, kind, choices, expected) => {
    expect(pointBudget(width, kind, time(choices))).toBe(expected);
  });
});
