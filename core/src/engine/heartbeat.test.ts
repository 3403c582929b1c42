import { ManualClock } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { beat, makeHeart, standsStill } from './heartbeat.js';

describe('a heart that is looked at', () => {
  it('is alive as long as it beats, and stands still when that has stopped for the whole patience', async () => {
    const clock = new ManualClock();
    const heart = makeHeart();
    const beating = new AbortController();
    const done = beat(heart, 6000, clock, beating.signal);
    let verdict: boolean | undefined;
    void standsStill(heart, 6000, clock, new AbortController().signal).then((still) => (verdict = still));
    await clock.advance(60_000);
    expect(verdict).toBeUndefined();
    beating.abort();
    await done;
    await clock.advance(5000);
    expect(verdict).toBeUndefined();
    await clock.advance(2000);
    expect(verdict).toBe(true);
  });

  it('is no longer looked at when the signal aborts', async () => {
    const clock = new ManualClock();
    const looking = new AbortController();
    const verdict = standsStill(makeHeart(), 6000, clock, looking.signal);
    await clock.advance(1500);
    looking.abort();
    expect(await verdict).toBe(false);
  });
});
