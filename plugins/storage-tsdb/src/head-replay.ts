import type { Logger } from '@metrics-dashboard/sdk';
import type { Head } from './head.js';
import { readCheckpoints } from './wal-checkpoint.js';
import { replayWal } from './wal-replay.js';
import type { ReplayReport } from './wal-replay.js';

/** Fills an empty head from the log in a folder; without what is in blocks already. */
export function replayHead(folder: string, head: Head, log: Logger): Promise<ReplayReport> {
  const { index } = head;
  const checkpoints = readCheckpoints(folder, log);
  return replayWal(folder, log, {
    pair: (name, value) => index.internPair(name, value),
    series: (pairs, guess) => (guess !== undefined && index.isOf(guess, pairs) ? guess : index.createOf(pairs)),
    samples: (segment, samples) => {
      head.reserve();
      let sealedBefore = -Infinity;
      for (const one of checkpoints) if (segment < one.segment) sealedBefore = Math.max(sealedBefore, one.before);
      head.store(samples, sealedBefore);
    },
  });
}
