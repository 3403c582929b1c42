import type { Level, TimeRange } from '@metrics-dashboard/sdk';

/** A part of time that one level answers for: times after `after`, up to `upTo`. Of a rollup, both are ends of windows. */
export interface Segment {
  readonly level: Level;
  readonly after: number;
  readonly upTo: number;
}

/**
 * Which level answers for which part of a range, oldest first. Each part is answered by the finest level that reaches
 * it. Where a finer level begins inside a window of a coarser one, the whole window is the coarser one's:
 *
 *     5m   ├────┼────┼────┼────┤
 *     raw                 ╎  •  •  •  •  •      begins inside a window
 *     used └─ 5m ─────────────┘ •  •  •  •      no time twice, none left out
 */
export function segmentsOf(levels: readonly Level[], range: TimeRange): readonly Segment[] {
  const found: Segment[] = [];
  let upTo = Infinity;
  for (const level of levels) {
    const newer = found.at(-1);
    if (newer !== undefined && newer.after < range.start) break;
    const { resolution } = level;
    const begin = level.range.start - 1;
    if (resolution > 0) {
      if (found.some((one) => one.level.resolution > 0 && resolution % one.level.resolution !== 0)) continue;
      const known = Math.floor(level.range.end / resolution) * resolution;
      upTo = Math.min(known, Math.ceil(Math.min(upTo, range.end) / resolution) * resolution);
    }
    const after = resolution > 0 ? Math.floor(begin / resolution) * resolution : begin;
    if (after >= upTo) continue;
    if (newer !== undefined) found[found.length - 1] = { ...newer, after: Math.max(newer.after, upTo) };
    found.push({ level, after, upTo });
    upTo = after;
  }
  return found.filter((one) => one.after < one.upTo).reverse();
}

/** Where raw samples begin: every later time is kept as it was stored. */
export function rawAfter(levels: readonly Level[]): number {
  const raw = levels.find(({ resolution }) => resolution === 0);
  return raw === undefined ? Infinity : raw.range.start - 1;
}
