import type { SampleColumns } from './sample-columns.js';
import { EntryState } from './series-cache.js';
import type { Source } from './source.js';

const NONE: ReadonlySet<number> = new Set();

/** Of the series that this body brings, those whose samples all lie further behind the source's newest one than may be. */
export function lateSeries({ options, newest, cache }: Source, { count, entries, times }: SampleColumns): ReadonlySet<number> {
  const { furthestBehind } = options;
  const oldest = furthestBehind === undefined ? -Infinity : newest - furthestBehind;
  if (oldest === -Infinity) return NONE;
  const late = new Set<number>();
  const inTime = new Set<number>();
  for (let i = 0; i < count; i++) {
    const entry = entries[i] as number;
    if (cache.states[entry] !== EntryState.fresh) continue;
    if ((times[i] as number) < oldest) late.add(entry);
    else inTime.add(entry);
  }
  for (const entry of inTime) late.delete(entry);
  return late;
}

/** The newest time of a source, once these samples have come too. */
export function newestOf({ options, newest }: Source, { count, times }: SampleColumns): number {
  if (options.furthestBehind === undefined) return newest;
  let latest = newest;
  for (let i = 0; i < count; i++) if ((times[i] as number) > latest) latest = times[i] as number;
  return latest;
}
