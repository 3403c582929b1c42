import type { Labels, Timestamp } from '@metrics-dashboard/sdk';

/** An alert instance as it is handed on. */
export interface ObservedAlert {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: Timestamp;
  /** Of a resolved one, when it ended; of one that fires, until when this holds unless it is heard of again. */
  readonly endsAt: Timestamp;
  readonly generatorUrl: string;
  /** Receivers that its rule names, to be told instead of those that the routing tree finds; empty: the tree is asked. */
  readonly receivers: readonly string[];
}

/** Takes what a tick of rules observed: those that fire, and those that have resolved. Whoever notifies fits it without knowing of rules. */
export interface AlertSink {
  accept(alerts: readonly ObservedAlert[]): Promise<void>;
}
