import { InvariantError } from '@metrics-dashboard/sdk';
import type { Duration, Label, Timestamp } from '@metrics-dashboard/sdk';
import type { LiveColumn, LiveDelta, LiveEvent, LiveSeries, LiveSnapshot } from './live-event.js';

/** What a viewer of a live query shows. */
export interface LiveView {
  readonly sequence: number;
  readonly start: Timestamp;
  readonly end: Timestamp;
  readonly step: Duration;
  readonly series: ReadonlyMap<number, LiveLine>;
  /** Stands since the last event that was none. */
  readonly error: string | undefined;
}

export interface LiveLine {
  readonly labels: readonly Label[];
  /** One value for each step of the view; NaN where `present` is 0. */
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

/**
 * What a viewer shows after an event, made of what it showed before it: the reading of the stream, as any client has to
 * do it. Throws an `InvariantError` for a stream that does not follow the contract.
 */
export function foldLive(view: LiveView | undefined, event: LiveEvent): LiveView | undefined {
  switch (event.kind) {
    case 'snapshot':
      return viewOf(event);
    case 'error':
      return view && { ...view, sequence: event.sequence, error: event.message };
    case 'delta':
      if (view === undefined) throw new InvariantError('a live query began with a delta');
      if (event.sequence !== view.sequence + 1) {
        throw new InvariantError(`live event ${event.sequence} came after ${view.sequence}`);
      }
      return movedView(view, event);
  }
}

function viewOf({ sequence, start, end, step, series, columns }: LiveSnapshot): LiveView {
  const lines = new Map<number, LiveLine>();
  const byId = columnsById(columns);
  const steps = Math.round((end - start) / step) + 1;
  for (const { id, labels } of series) lines.set(id, { labels, ...(byId.get(id) ?? emptyColumn(steps)) });
  return { sequence, start, end, step, series: lines, error: undefined };
}

function movedView(view: LiveView, event: LiveDelta): LiveView {
  const removed = new Set(event.removed);
  const known: LiveSeries[] = [...view.series].map(([id, { labels }]) => ({ id, labels }));
  const columns = columnsById(event.columns);
  const lines = new Map<number, LiveLine>();
  for (const { id, labels } of [...known, ...event.added]) {
    if (!removed.has(id)) lines.set(id, { labels, ...movedColumn(view, view.series.get(id), event, columns.get(id)) });
  }
  const { sequence, start, end, step } = event;
  return { sequence, start, end, step, series: lines, error: undefined };
}

type Column = Pick<LiveLine, 'values' | 'present'>;

/** Keeps what lies from the new start to before `from`; the rest is as the event has it. */
function movedColumn(view: LiveView, line: Column | undefined, event: LiveDelta, tail: Column | undefined): Column {
  const at = (time: Timestamp): number => Math.round((time - event.start) / event.step);
  const column = emptyColumn(at(event.end) + 1);
  if (line !== undefined) {
    const first = Math.round((event.start - view.start) / event.step);
    const last = Math.round((event.from - view.start) / event.step);
    column.values.set(line.values.subarray(first, last));
    column.present.set(line.present.subarray(first, last));
  }
  if (tail !== undefined) {
    column.values.set(tail.values, at(event.from));
    column.present.set(tail.present, at(event.from));
  }
  return column;
}

function emptyColumn(steps: number): Column {
  return { values: new Float64Array(steps).fill(NaN), present: new Uint8Array(steps) };
}

function columnsById(columns: readonly LiveColumn[]): Map<number, Column> {
  return new Map(columns.map(({ series, values, present }) => [series, { values, present }]));
}
