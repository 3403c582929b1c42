import { describe, expect, it } from 'vitest';
import { ManualClock, settle } from './manual-clock.js';

const never = new AbortController().signal;

describe('a manual clock', () => {
  it('wakes sleepers in the order of their time, then in the order they fell asleep', async () => {
    const clock = new ManualClock(1000);
    const woken: string[] = [];
    const sleep = (name: string, duration: number): unknown => clock.sleep(duration, never).then(() => woken.push(`${name} ${clock.now()} ${clock.elapsed()}`));
    sleep('c', 30);
    sleep('a', 10);
    sleep('b', 10);
    sleep('d', 31);
    await clock.advance(30);
    expect(woken).toEqual(['a 1010 10', 'b 1010 10', 'c 1030 30']);
    expect(clock.sleepers).toBe(1);
    await clock.advance(1);
    expect(woken.at(-1)).toBe('d 1031 31');
  });

  it('wakes who sleeps again inside the time that is advanced, as often as it fits', async () => {
    const clock = new ManualClock();
    const ticks: number[] = [];
    const abort = new AbortController();
    const loop = (async () => {
      while (!abort.signal.aborted) {
        await clock.sleep(10, abort.signal);
        await Promise.resolve();
        ticks.push(clock.elapsed());
      }
    })();
    await clock.advance(35);
    expect(ticks).toEqual([10, 20, 30]);
    abort.abort();
    await loop;
    expect([ticks.at(-1), clock.sleepers]).toEqual([35, 0]);
  });

  it('wakes at once on an abort, before or during the sleep', async () => {
    const clock = new ManualClock();
    await clock.sleep(1e9, AbortSignal.abort());
    const abort = new AbortController();
    const asleep = clock.sleep(1e9, abort.signal);
    abort.abort();
    await asleep;
    expect(clock.sleepers).toBe(0);
  });

  it('moves the wall clock alone without waking anybody', async () => {
    const clock = new ManualClock(0);
    let woken = false;
    void clock.sleep(10, never).then(() => (woken = true));
    clock.setNow(3_600_000);
    await settle();
    expect([woken, clock.now(), clock.elapsed()]).toEqual([false, 3_600_000, 0]);
    await clock.advance(10);
    expect([woken, clock.now(), clock.elapsed()]).toEqual([true, 3_600_010, 10]);
  });

  it('wakes who is due already when it is advanced by nothing', async () => {
    const clock = new ManualClock();
    let woken = 0;
    void clock.sleep(0, never).then(() => woken++);
    void clock.sleep(-5, never).then(() => woken++);
    await settle();
    expect(woken).toBe(0);
    await clock.advance(0);
    expect(woken).toBe(2);
  });
});
