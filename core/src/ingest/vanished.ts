import { setStale } from '@metrics-dashboard/sdk';
import type { SampleColumns } from './sample-columns.js';
import { EntryState } from './series-cache.js';
import type { Source } from './source.js';

/** Flags of a cache's entry: its last sample named its own time; its staleness marker is written. */
export const OWN_TIME = 1;
const ENDED = 2;

/**
 * Adds a staleness marker for each series that the delivery under way did not have. Those whose samples name their own
 * time get none: they say themselves how old they are. Returns the entries that vanished.
 */
export function markVanished({ cache, delivery }: Source, at: number, columns: SampleColumns): number[] {
  const vanished: number[] = [];
  const refs = new Set<number>();
  for (let entry = 1; entry < cache.end; entry++) {
    if (cache.seen[entry] === delivery || cache.states[entry] !== EntryState.known || cache.flags[entry] !== 0) continue;
    vanished.push(entry);
    refs.add(cache.refs[entry] as number);
  }
  if (vanished.length === 0) return vanished;
  // A target may write one series in another way than before: then it did not vanish.
  for (let entry = 1; entry < cache.end; entry++) {
    if (cache.seen[entry] === delivery && cache.states[entry] === EntryState.known) refs.delete(cache.refs[entry] as number);
  }
  for (const ref of refs) setStale(columns.values, columns.add(ref, at));
  return vanished;
}

/** The markers are durable: what vanished need not be remembered. */
export function forgetVanished({ cache, delivery }: Source): void {
  for (let entry = 1; entry < cache.end; entry++) if (cache.seen[entry] !== delivery) cache.forget(entry);
}

/** The markers are durable: series of a target that fails stay known, and are not ended again. */
export function rememberEnded({ cache }: Source, entries: readonly number[]): void {
  for (const entry of entries) cache.flags[entry] = (cache.flags[entry] as number) | ENDED;
}
