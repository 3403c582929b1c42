import { matcher } from '@metrics-dashboard/sdk';
import type { Clock, Duration, Labels, Matcher, StorageBackend } from '@metrics-dashboard/sdk';

/** How long the thread is kept before what waits has its turn. */
const SLICE: Duration = 8;

/** How many series are looked at between two looks at the clock. */
const STRIDE = 128;

/** What a look at many series works with. */
export interface HeadWalk {
  readonly storage: StorageBackend;
  readonly clock: Clock;
  /** Lets what waits have its turn. */
  readonly yieldToLoop: () => Promise<void>;
}

/**
 * Shows every series of the head that the matchers find, in slices: samples come in and queries go on meanwhile, so
 * that series may come and go. Rejects with the signal's reason when it is aborted.
 */
export async function visitHeadSeries(
  { storage, clock, yieldToLoop }: HeadWalk,
  matchers: readonly Matcher[],
  visit: (labels: Labels) => void,
  signal: AbortSignal,
): Promise<void> {
  const { headRange } = storage.stats();
  if (headRange.start > headRange.end) return;
  const view = storage.view(headRange);
  try {
    const found = await view.find(matchers.length === 0 ? ALL : matchers, Infinity, signal);
    let sliceEnd = clock.elapsed() + SLICE;
    for (let i = 0; i < found.size; i++) {
      const labels = found.labels(i);
      // A block may reach into the head's time with series that the head does not have any more.
      if (storage.index.find(labels) !== undefined) visit(labels);
      if (i % STRIDE !== STRIDE - 1 || clock.elapsed() < sliceEnd) continue;
      await yieldToLoop();
      signal.throwIfAborted();
      sliceEnd = clock.elapsed() + SLICE;
    }
  } finally {
    view.release();
  }
}

const ALL: readonly Matcher[] = [matcher('__name__', '!=', '')];
