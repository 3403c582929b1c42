import type { Labels, Timestamp } from '@metrics-dashboard/sdk';
import type { ActiveAlert } from './active-alert.js';
import type { StageName } from './stages.js';
import type { Silence, SilenceState } from './silence.js';

/** An alert with what becomes of it. */
export interface AlertView extends ActiveAlert {
  readonly isResolved: boolean;
  readonly receiverNames: readonly string[];
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  /** Intervals that mute every route it is told by. */
  readonly mutedBy: readonly string[];
  /** The first of the stages that holds it, or undefined. */
  readonly heldBy: StageName | undefined;
}

/** An aggregation group as the API shows it. */
export interface GroupView {
  readonly key: string;
  readonly groupKey: string;
  readonly receiver: string;
  readonly labels: Labels;
  readonly nextFlush: Timestamp;
  readonly alerts: readonly AlertView[];
}

/** A silence with its state. */
export interface SilenceView extends Silence {
  readonly state: SilenceState;
}
