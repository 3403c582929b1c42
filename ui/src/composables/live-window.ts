import type { Labels } from '../charts/panel-data.js';
import { unpackValues } from '../graphql/packed-column.js';

/** A series of a live window: one value per step, `undefined` where there is no sample. */
export interface WindowSeries {
  readonly id: number;
  readonly labels: Labels;
  readonly values: readonly (number | undefined)[];
}

/** What a `live` subscription has told so far: a grid from `start` to `end`, both included. */
export interface LiveWindow {
  readonly sequence: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly series: readonly WindowSeries[];
  readonly warnings: readonly string[];
}

interface SeriesEntry {
  readonly id: number;
  readonly labels: Labels;
}

interface ColumnEntry {
  readonly series: number;
  readonly packed: string;
}

/** The first event, and one more after each reconnection. */
export interface SnapshotEvent {
  readonly sequence: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly series: readonly SeriesEntry[];
  readonly columns: readonly ColumnEntry[];
  readonly warnings: readonly string[];
}

/** A change: steps before `start` leave, all from `from` to `end` are replaced. */
export interface DeltaEvent {
  readonly sequence: number;
  readonly start: number;
  readonly from: number;
  readonly end: number;
  readonly step: number;
  readonly added: readonly SeriesEntry[];
  readonly removed: readonly number[];
  readonly columns: readonly ColumnEntry[];
  readonly warnings: readonly string[];
}

/** The window that a snapshot describes. */
export function openWindow(event: SnapshotEvent): LiveWindow {
  const length = stepsBetween(event.start, event.end, event.step) + 1;
  const columnById = new Map(event.columns.map(({ series, packed }) => [series, packed]));
  return {
    sequence: event.sequence,
    start: event.start,
    end: event.end,
    step: event.step,
    series: event.series.map(({ id, labels }) => ({ id, labels, values: column(columnById.get(id), length) })),
    warnings: event.warnings,
  };
}

/**
 * The window after a delta; the given one is not changed. `undefined` when the delta does not continue it (a lost event, another
 * step): then only a new snapshot helps.
 */
export function foldDelta(window: LiveWindow, event: DeltaEvent): LiveWindow | undefined {
  const aligned = (event.start - window.start) % event.step === 0 && (event.from - event.start) % event.step === 0;
  const follows = event.sequence === window.sequence + 1 && event.start >= window.start && event.end >= event.from;
  if (event.step !== window.step || !aligned || !follows) return undefined;
  const removed = new Set(event.removed);
  const known = new Set(window.series.map(({ id }) => id));
  const added = event.added.filter(({ id }) => !known.has(id)).map((entry) => ({ ...entry, values: [] }));
  const kept = [...window.series, ...added].filter(({ id }) => !removed.has(id));
  const columnById = new Map(event.columns.map(({ series, packed }) => [series, packed]));
  return {
    sequence: event.sequence,
    start: event.start,
    end: event.end,
    step: event.step,
    series: kept.map((series) => ({ ...series, values: advance(series.values, columnById.get(series.id), window, event) })),
    warnings: event.warnings,
  };
}

/** All evaluation times of a window. */
export function windowTimes(window: LiveWindow): number[] {
  return Array.from({ length: stepsBetween(window.start, window.end, window.step) + 1 }, (_, i) => window.start + i * window.step);
}

function advance(
  values: readonly (number | undefined)[],
  replacement: string | undefined,
  window: LiveWindow,
  event: DeltaEvent,
): (number | undefined)[] {
  const leaving = stepsBetween(window.start, event.start, event.step);
  const staying = Math.max(0, stepsBetween(event.start, event.from, event.step));
  const next = values.slice(leaving, leaving + staying);
  while (next.length < staying) next.push(undefined);
  const replaced = stepsBetween(event.from, event.end, event.step) + 1;
  // A snapshot grid may begin after `from` when the window is shorter than what is revised.
  const skipped = Math.max(0, stepsBetween(event.from, event.start, event.step));
  return next.concat(column(replacement, replaced).slice(skipped));
}

function column(packed: string | undefined, length: number): (number | undefined)[] {
  return packed === undefined ? new Array<undefined>(length).fill(undefined) : unpackValues(packed);
}

function stepsBetween(from: number, to: number, step: number): number {
  return Math.round((to - from) / step);
}
