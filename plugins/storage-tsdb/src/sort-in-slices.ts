import { yieldToLoop } from './disk.js';

const SLICE = 2048;

/** Sorts as `toSorted` does, and lets other work of the thread go on every few thousand items. */
export async function sortInSlices<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  signal: AbortSignal,
): Promise<T[]> {
  let runs: T[][] = [];
  for (let from = 0; from < items.length; from += SLICE) {
    runs.push(items.slice(from, from + SLICE).sort(compare));
    await yieldToLoop();
    signal.throwIfAborted();
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      merged.push(await merge(runs[i] ?? [], runs[i + 1] ?? [], compare, signal));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(a: T[], b: T[], compare: (a: T, b: T) => number, signal: AbortSignal): Promise<T[]> {
  if (b.length === 0) return a;
  const merged: T[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i++) {
    const item = a[i] as T;
    while (j < b.length && compare(b[j] as T, item) < 0) merged.push(b[j++] as T);
    merged.push(item);
    if (i % (SLICE * 4) !== SLICE) continue;
    await yieldToLoop();
    signal.throwIfAborted();
  }
  while (j < b.length) merged.push(b[j++] as T);
  return merged;
}
