import type { Clock, Duration } from '@metrics-dashboard/sdk';

/** The longest wait that a timer of the platform takes in one piece. */
const LONGEST_TIMER: Duration = 2 ** 31 - 1;

/**
 * The clock of the machine: the only place that asks for real time or sets real timers. A sleep keeps the process
 * alive, for somebody waits for it: a start that waits for a plugin may have nothing else. So what is closed must abort
 * its sleeps.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (duration, signal) => {
    const end = performance.now() + duration;
    // A timer may fire a little early, and can't wait longer than 24 days.
    for (let rest = duration; rest > 0 && !signal.aborted; rest = end - performance.now()) {
      await oneTimer(Math.min(Math.ceil(rest), LONGEST_TIMER), signal);
    }
  },
};

function oneTimer(duration: Duration, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, duration);
    signal.addEventListener('abort', done, { once: true });
  });
}
