import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import { alignedStart } from './compaction-plan.js';
import { BLOCK_RANGE } from './head.js';

/** What a plan has to know of a block, of samples or of windows. */
export interface BlockContent {
  readonly id: string;
  /** See `BlockMeta.content`. */
  readonly content: readonly string[];
  readonly maxTime: Timestamp;
}

/** Windows to be made anew, and the block that has those of their time now. */
export interface RollupGroup {
  /** The starts of the ranges of 2 h, ascending. */
  readonly units: readonly Timestamp[];
  readonly replaces: string | undefined;
}

/** Windows that no block has yet are made together up to this range. */
const GROUP_RANGE: Duration = 12 * BLOCK_RANGE;

/** The start of the range of 2 h that an entry of a block's content belongs to. */
export function unitOf(entry: string): Timestamp {
  return Number(entry.slice(0, entry.indexOf('/')));
}

/** An entry of a block's content without its deletions. */
export function sealOf(entry: string): string {
  const end = entry.indexOf('~');
  return end < 0 ? entry : entry.slice(0, end);
}

/** The number of the block that was sealed first with an entry's samples. */
export function sealNumber(entry: string): number {
  return Number(sealOf(entry).slice(entry.indexOf('/') + 1));
}

/** What blocks hold, by ranges of 2 h. */
export function contentByUnit(blocks: readonly BlockContent[]): Map<Timestamp, Set<string>> {
  const byUnit = new Map<Timestamp, Set<string>>();
  for (const { content } of blocks) {
    for (const entry of content) {
      const unit = unitOf(entry);
      const known = byUnit.get(unit);
      if (known === undefined) byUnit.set(unit, new Set([entry]));
      else known.add(entry);
    }
  }
  return byUnit;
}

/** The ranges of 2 h, ascending, of which samples hold something that rollups were not made from. */
export function unitsToRoll(
  samples: readonly BlockContent[],
  rolled: ReadonlySet<string>,
  kept: Timestamp,
): readonly Timestamp[] {
  const units = new Set<Timestamp>();
  for (const { content } of samples) {
    for (const entry of content) {
      const unit = unitOf(entry);
      if (unit + BLOCK_RANGE > kept && !rolled.has(entry)) units.add(unit);
    }
  }
  return [...units].sort((a, b) => a - b);
}

/** Those that are made first, with the block they change. */
export function firstGroup(units: readonly Timestamp[], windows: readonly BlockContent[]): RollupGroup | undefined {
  const first = units[0];
  if (first === undefined) return undefined;
  const spans = windows.map(({ id, content }) => {
    const starts = content.map(unitOf);
    return { id, start: Math.min(...starts), end: Math.max(...starts) };
  });
  const owner = (unit: Timestamp): string | undefined => spans.find(({ start, end }) => start <= unit && unit <= end)?.id;
  const replaces = owner(first);
  if (replaces !== undefined) return { units: units.filter((unit) => owner(unit) === replaces), replaces };
  const limit = alignedStart(first + BLOCK_RANGE, GROUP_RANGE) + GROUP_RANGE;
  const next = Math.min(limit, ...spans.filter(({ start }) => start > first).map(({ start }) => start));
  return { units: units.filter((unit) => unit < next), replaces: undefined };
}
