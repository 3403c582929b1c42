import { describe, expect, it } from 'vitest';
import { systemClock } from './system-clock.js';

describe('the system clock', () => {
  it('never sleeps too short', async () => {
    const begin = systemClock.elapsed();
    await systemClock.sleep(3.5, new AbortController().signal);
    expect(systemClock.elapsed() - begin).toBeGreaterThanOrEqual(3.5);
  });

  it('wakes at once when the signal aborts, however long the sleep was to be', async () => {
    const stop = new AbortController();
    const sleeping = systemClock.sleep(10 ** 12, stop.signal);
    stop.abort();
    await sleeping;
    await systemClock.sleep(10 ** 12, stop.signal);
  });
});
