import type { Duration, Label, Timestamp } from '@metrics-dashboard/sdk';

/**
 * What a live query tells its viewers. The window is a grid of `step`, from `start` to `end`, both included.
 *
 *     snapshot   ├──────────────────────────────┤            the whole window
 *     delta              start ├─────── from ├──┤ end         drop before start, replace from … end
 *
 * A column has one value per step of the part it covers; NaN with `present` 0 means there is no sample at that step.
 */
export type LiveEvent = LiveSnapshot | LiveDelta | LiveError;

interface LiveWindow {
  /** Counts up by one with each event of one query; a viewer that was too slow gets a new snapshot instead of a hole. */
  readonly sequence: number;
  /** Names this event for a viewer that comes back: with it in its request, it gets what came after. */
  readonly token: string;
  readonly start: Timestamp;
  readonly end: Timestamp;
  readonly step: Duration;
  readonly warnings: readonly string[];
}

export interface LiveSnapshot extends LiveWindow {
  readonly kind: 'snapshot';
  readonly series: readonly LiveSeries[];
  readonly columns: readonly LiveColumn[];
  /** How many events this viewer missed since its last one, because it was slow. */
  readonly skipped: number;
}

export interface LiveDelta extends LiveWindow {
  readonly kind: 'delta';
  /** The first step that is replaced. */
  readonly from: Timestamp;
  readonly added: readonly LiveSeries[];
  /** Series without any sample left in the window. */
  readonly removed: readonly number[];
  /** For steps from … end. A series that is not named has no sample there. */
  readonly columns: readonly LiveColumn[];
}

/** The query can't be answered now; the viewer keeps what it shows, and the stream goes on. */
export interface LiveError {
  readonly kind: 'error';
  readonly sequence: number;
  /** As in the other events. */
  readonly token: string;
  readonly code: string;
  readonly message: string;
}

export interface LiveSeries {
  /** Stands for the labels in the columns of this query, for as long as it runs. */
  readonly id: number;
  readonly labels: readonly Label[];
}

export interface LiveColumn {
  readonly series: number;
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

export interface LiveRequest {
  readonly expression: string;
  /** The window's length; it ends now and moves. */
  readonly window: Duration;
  /** How often to look; undefined: at each step. */
  readonly interval: Duration | undefined;
  /** The step is the smallest rung of the ladder that gives at most so many points. */
  readonly maxPoints: number;
  /** The token of the last event that the viewer has from before. Whatever it is, the request means the same. */
  readonly resume?: string | undefined;
}
