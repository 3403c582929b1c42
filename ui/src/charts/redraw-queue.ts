/** Runs drawing jobs one per task, so that no single task of the page grows with the number of panels. */
export interface RedrawQueue {
  /** Puts a job in line; a job that still waits under the same key is replaced. */
  add(key: object, job: () => void): void;
  /** Takes a waiting job out of line. */
  drop(key: object): void;
}

/** A queue that runs its jobs after the next frame began, each in a task of its own. */
export function createRedrawQueue(later: (run: () => void) => void): RedrawQueue {
  const jobs = new Map<object, () => void>();
  let isScheduled = false;
  const schedule = (): void => {
    if (isScheduled || jobs.size === 0) return;
    isScheduled = true;
    later(runFirst);
  };
  const runFirst = (): void => {
    isScheduled = false;
    const [first] = jobs;
    if (first === undefined) return;
    jobs.delete(first[0]);
    try {
      first[1]();
    } finally {
      schedule();
    }
  };
  return {
    add(key, job) {
      jobs.set(key, job);
      schedule();
    },
    drop: (key) => void jobs.delete(key),
  };
}

/** The page's own queue. */
export const redraws = createRedrawQueue((run) => setTimeout(run, 0));
