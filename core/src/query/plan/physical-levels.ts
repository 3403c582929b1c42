import { formatDuration } from '@metrics-dashboard/sdk';
import type { Level, Matcher } from '@metrics-dashboard/sdk';
import { rolledFunction, rolledSelect } from '../functions/rolled.js';
import type { RolledFunction } from '../functions/rolled.js';
import type { Span } from '../language/ast.js';
import { Nothing } from '../operators/nothing.js';
import type { Operator } from '../operators/operator.js';
import { observed } from '../operators/observed.js';
import { RolledCall } from '../operators/rolled-call.js';
import { Stitch } from '../operators/stitch.js';
import type { Execution } from '../operators/execution.js';
import { rawAfter, segmentsOf } from './levels.js';
import type { Segment } from './levels.js';
import { selectedRange } from './logical.js';
import type { Grid, SelectNode, Shift, WindowNode } from './logical.js';
import type { Planner } from './planner.js';

/** What a step reads: how far back, from which series. */
interface Look extends Span {
  readonly matchers: readonly Matcher[];
  readonly shift: Shift;
  readonly range: number;
}

interface LevelsOptions {
  /** The function as the query names it. */
  readonly name: string;
  /** How rollups of at most such a resolution answer it; undefined: it needs raw samples. */
  rolled(resolution: number): RolledFunction | undefined;
  readonly keepsName: boolean;
  readonly staleStay: boolean;
  /** The operator of a part of the grid that raw samples answer. */
  raw(grid: Grid): Operator;
}

/** A range function over the levels that its windows reach. */
export function overLevels(planner: Planner, node: WindowNode, grid: Grid, options: Pick<LevelsOptions, 'name' | 'keepsName' | 'raw'>): Operator {
  const { edges, range, lookback } = node;
  const rolled = (resolution: number): RolledFunction | undefined => (edges === undefined ? rolledFunction(options.name, range, resolution) : undefined);
  const reading = { ...node, range: edges === undefined ? range : range + lookback };
  return stitched(planner, reading, grid, { ...options, rolled, staleStay: false });
}

/** An instant selector over the levels that it reaches: of a window of a rollup it takes the last sample. */
export function selectOverLevels(planner: Planner, node: SelectNode, grid: Grid, raw: (grid: Grid) => Operator): Operator {
  const rolled = (): RolledFunction | undefined => (node.smoothed ? undefined : rolledSelect(node.yields));
  const options = { name: node.smoothed ? 'a smoothed selector' : 'select', rolled, keepsName: true, staleStay: true, raw };
  return stitched(planner, { ...node, range: node.lookback }, grid, options);
}

/** Whether a part of a range vector that is a result itself lies before raw samples, which is warned of. */
export function warnOfMissingRaw(execution: Execution, node: WindowNode, grid: Grid): void {
  const { levels } = execution.view(selectedRange(grid, node.shift, node.range));
  if (levels.length > 1 && selectedRange(grid, node.shift, node.range).start <= rawAfter(levels)) execution.warn(needsRaw('a range vector', rawAfter(levels)), node.from);
}

function stitched(planner: Planner, reading: Look, grid: Grid, options: LevelsOptions): Operator {
  const { execution } = planner;
  const range = selectedRange(grid, reading.shift, reading.range);
  const levels = levelsOf(execution, range);
  const begin = rawAfter(levels);
  if (levels.length < 2 || range.start > begin) return options.raw(grid);
  const first = firstRawStep(grid, reading, begin);
  const older = { ...grid, count: first };
  const newer = { ...grid, start: grid.start + first * grid.step, count: grid.count - first };
  const parts = [observed(planner, reading, older, () => rolledPart(execution, reading, older, levels, options))];
  if (newer.count > 0) parts.push(observed(planner, reading, newer, () => options.raw(newer)));
  return new Stitch(execution, parts);
}

/** Levels are looked at in a view of their own: how far the samples' view has to reach depends on them. */
function levelsOf(execution: Execution, range: { start: number; end: number }): readonly Level[] {
  return execution.view(range).levels;
}

/** The first step whose window raw samples hold as a whole. */
function firstRawStep({ start, step, count }: Grid, { shift, range }: Look, begin: number): number {
  const left = (shift.at ?? start) - shift.offset - range;
  if (left >= begin) return 0;
  if (shift.at !== undefined || count <= 1) return count;
  return Math.min(count, Math.ceil((begin - left) / step));
}

function rolledPart(execution: Execution, reading: Look, grid: Grid, levels: readonly Level[], options: LevelsOptions): Operator {
  const longest = levels.reduce((most, { resolution }) => Math.max(most, resolution), 0);
  const compute = options.rolled(longest);
  if (compute === undefined) {
    execution.warn(needsRaw(options.name, rawAfter(levels)), reading.from);
    return new Nothing(grid);
  }
  const asked = selectedRange(grid, reading.shift, reading.range);
  // The windows that a step cuts are taken as a whole, so the view has room for them.
  const range = { start: asked.start - longest, end: asked.end + longest };
  const view = execution.view(range);
  const segments = segmentsOf(view.levels, asked);
  const off = segments.find((segment) => !isOnGrid(segment, reading, grid));
  if (off !== undefined) execution.inform(offGrid(off.level.resolution), reading.from);
  return new RolledCall(execution, { ...options, ...reading, compute, levels: { view, segments, range } }, grid);
}

/** Whether the windows of a rollup end where the steps' windows do, as far as both meet. */
function isOnGrid({ level: { resolution }, after, upTo }: Segment, { shift, range }: Look, { start, step, count }: Grid): boolean {
  if (resolution === 0) return true;
  for (let k = 0; k < count; k++) {
    const end = (shift.at ?? start + k * step) - shift.offset;
    const cuts = (at: number): boolean => at > after && at < upTo && at % resolution !== 0;
    if (cuts(end) || cuts(end - range)) return false;
    if (shift.at !== undefined) break;
  }
  return true;
}

function needsRaw(what: string, begin: number): string {
  return `${what} needs raw samples, which are kept since ${asText(begin + 1)}; there is no result from before`;
}

function offGrid(resolution: number): string {
  return `samples this old are kept as windows of ${formatDuration(resolution)}; steps and ranges that cut a window take it as a whole`;
}

function asText(at: number): string {
  return Number.isFinite(at) && Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : 'never';
}
