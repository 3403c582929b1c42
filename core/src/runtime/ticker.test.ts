import { ManualClock } from '@metrics-dashboard/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ticks } from './ticker.js';
import type { Tick } from './ticker.js';

const START = Date.UTC(2026, 0, 1, 12, 0, 3);

let clock: ManualClock;
let stop: AbortController;
let seen: Tick[];

beforeEach(() => {
  clock = new ManualClock(START);
  stop = new AbortController();
  seen = [];
});
afterEach(() => {
  stop.abort();
});

/** Takes ticks; each takes as long as `work` says. */
function take(every: number, offset = 0, work: (nth: number) => number = () => 0): Promise<void> {
  return (async () => {
    for await (const tick of ticks(clock, every, offset, stop.signal)) {
      seen.push(tick);
      const busy = work(seen.length);
      if (busy > 0) await clock.sleep(busy, stop.signal);
    }
  })();
}

const secondsSeen = (): number[] => seen.map(({ at }) => (at - Date.UTC(2026, 0, 1, 12)) / 1000);

describe('ticks', () => {
  it('come on the grid of the interval', async () => {
    void take(5000);
    await clock.advance(21_000);
    expect(secondsSeen()).toEqual([5, 10, 15, 20]);
    expect(seen.every(({ missed }) => missed === 0)).toBe(true);
  });

  it('keep a stable offset', async () => {
    void take(5000, 1234);
    await clock.advance(12_000);
    expect(secondsSeen()).toEqual([6.234, 11.234]);
  });

  it('begin at once when the clock stands on the grid', async () => {
    void take(3000);
    await clock.advance(0);
    expect(secondsSeen()).toEqual([3]);
  });

  it('that are missed are skipped and counted, and the newest comes at once', async () => {
    void take(5000, 0, (nth) => (nth === 2 ? 13_000 : 100));
    await clock.advance(26_000);
    expect(secondsSeen()).toEqual([5, 10, 20, 25]);
    expect(seen.map(({ missed }) => missed)).toEqual([0, 0, 1, 0]);
  });

  it.each([
    ['forward', 3600_000],
    ['back', -3600_000],
    ['forward, off the grid', 3_601_700],
    ['back, off the grid', -3_598_300],
  ])('go on, no faster and no slower, when the wall clock is set an hour %s', async (_, jump) => {
    void take(5000);
    await clock.advance(11_000);
    expect(seen).toHaveLength(2);
    clock.setNow(clock.now() + jump);
    await clock.advance(50_000);
    expect(seen.length).toBeGreaterThanOrEqual(11);
    expect(seen.length).toBeLessThanOrEqual(13);
    expect(seen.every(({ missed }) => missed === 0)).toBe(true);
    expect(seen.slice(2).every(({ at }) => at % 5000 === 0 && Math.abs(at - START - jump) < 70_000)).toBe(true);
  });

  it('are not doubled by a timer that fires a little early', async () => {
    const early = { now: () => clock.now(), elapsed: () => clock.elapsed(), sleep: (duration: number, signal: AbortSignal) => clock.sleep(duration - 2, signal) };
    void (async () => {
      for await (const tick of ticks(early, 5000, 0, stop.signal)) seen.push(tick);
    })();
    await clock.advance(21_000);
    expect(secondsSeen()).toEqual([5, 10, 15, 20]);
  });

  it('end when the signal aborts, and leave no sleeper', async () => {
    const taking = take(5000);
    await clock.advance(6000);
    stop.abort();
    await taking;
    expect(clock.sleepers).toBe(0);
    expect(seen).toHaveLength(1);
  });
});
