import type { Timestamp } from '@metrics-dashboard/sdk';
import type { Decision } from './dedup.js';
import type { StageName } from './stages.js';

/** Why an alert was or was not notified: what each of its groups would do with it now, and did last. */
export interface AlertExplanation {
  readonly fingerprint: string;
  readonly groups: readonly GroupExplanation[];
}

export interface GroupExplanation {
  readonly groupKey: string;
  readonly receiver: string;
  /** The matchers on the way down the tree, as `{}/{team="db"}`. */
  readonly route: string;
  /** When the group is looked at next. */
  readonly nextFlush: Timestamp;
  /** What holds the alert back now; undefined: nothing. */
  readonly heldBy: { readonly stage: StageName; readonly by: readonly string[] } | undefined;
  readonly channels: readonly ChannelExplanation[];
}

export interface ChannelExplanation {
  readonly channel: string;
  /** When the channel was told of the group last; undefined: never. */
  readonly toldAt: Timestamp | undefined;
  /** What it was told of this alert then. */
  readonly toldAs: 'firing' | 'resolved' | undefined;
  /** What was decided when the group was looked at last. */
  readonly decision: (Decision & { readonly at: Timestamp }) | undefined;
  /** Whether a notification is on its way now. */
  readonly isUnderWay: boolean;
}
