import type { Timestamp } from '@metrics-dashboard/sdk';
import type { ActiveAlert } from './active-alert.js';
import type { AggregationGroup } from './aggregation-group.js';
import type { Channels } from './channels.js';
import type { Decision } from './dedup.js';
import type { Deliveries } from './deliveries.js';
import type { Dispatcher } from './dispatcher.js';
import { logKeyOf } from './notification-log.js';
import type { NotificationLog } from './notification-log.js';
import { runStages } from './stages.js';
import type { Stage, StageName } from './stages.js';

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

/** What an explanation is made from. */
export interface ExplanationParts {
  readonly dispatcher: Dispatcher;
  readonly stages: readonly Stage<ActiveAlert>[];
  readonly channels: Channels;
  readonly notificationLog: NotificationLog;
  readonly deliveries: Deliveries | undefined;
  readonly now: Timestamp;
}

export function explainIn(group: AggregationGroup, alert: ActiveAlert, parts: ExplanationParts): GroupExplanation {
  const { dispatcher, stages, channels, now } = parts;
  const [held] = runStages(stages, dispatcher.flushOf(group, now), [alert]).held;
  return {
    groupKey: group.groupKey,
    receiver: group.route.receiver,
    route: group.route.key,
    nextFlush: group.nextFlush,
    heldBy: held && { stage: held.stage, by: held.by },
    channels: channels.ofReceiver(group.route.receiver).map(({ id }) => explainChannel(id, group, alert, parts)),
  };
}

function explainChannel(channel: string, group: AggregationGroup, { fingerprint }: ActiveAlert, { dispatcher, notificationLog, deliveries }: ExplanationParts): ChannelExplanation {
  const key = logKeyOf(channel, group.groupKey);
  const told = notificationLog.find(key);
  const last = dispatcher.decisionOf(channel, group);
  return {
    channel,
    toldAt: told?.at,
    toldAs: told?.firing.has(fingerprint) ? 'firing' : told?.resolved.has(fingerprint) ? 'resolved' : undefined,
    decision: last && { ...last.decision, at: last.at },
    isUnderWay: deliveries?.isUnderWay(key) ?? false,
  };
}
