import { ManualClock } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { backoff } from './backoff.js';

async function waits(random: () => number, count: number): Promise<number[]> {
  const clock = new ManualClock();
  const waiting = backoff(clock, { initial: 100, max: 1000, random });
  const result: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const before = clock.elapsed();
    const done = waiting.wait(new AbortController().signal);
    await clock.advance(1000);
    result.push(await done);
    expect(clock.elapsed() - before).toBe(1000);
  }
  return result;
}

describe('backing off', () => {
  it('waits twice as long each time, up to the most', async () => {
    expect(await waits(() => 1, 6)).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it('waits at least half as long', async () => {
    expect(await waits(() => 0, 3)).toEqual([50, 100, 200]);
  });

  it('begins anew after a success', async () => {
    const clock = new ManualClock();
    const stopped = AbortSignal.abort();
    const waiting = backoff(clock, { initial: 100, max: 1000, random: () => 1 });
    await waiting.wait(stopped);
    await waiting.wait(stopped);
    waiting.reset();
    expect(await waiting.wait(stopped)).toBe(100);
    expect(clock.sleepers).toBe(0);
  });
});
