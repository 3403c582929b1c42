import { Counter, Gauge, Histogram } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';

/** What alerting counts of itself. */
export class AlertingMetrics {
  readonly received: Counter;
  readonly invalid: Counter;
  readonly notifications: Counter;
  readonly failed: Counter;
  readonly attempts: Counter;
  readonly attemptSeconds: Histogram;
  readonly suppressed: Counter;
  readonly flushes: Counter;
  readonly writeFailures: Counter;
  readonly missedEvents: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const name = (rest: string): string => `metrics_dashboard_${rest}`;
    this.received = new Counter({ name: name('alerts_received_total'), help: 'Messages about alerts that were taken in, by what they say.', labelNames: ['status'], registers });
    this.invalid = new Counter({ name: name('alerts_invalid_total'), help: 'Messages about alerts that were refused.', registers });
    this.notifications = new Counter({ name: name('notifications_total'), help: 'Notifications that were decided on.', labelNames: ['kind', 'receiver', 'reason'], registers });
    this.failed = new Counter({ name: name('notifications_failed_total'), help: 'Notifications that were given up; the next look at the group decides anew.', labelNames: ['kind', 'receiver'], registers });
    this.attempts = new Counter({ name: name('notification_attempts_total'), help: 'Attempts to deliver, by how they ended.', labelNames: ['kind', 'receiver', 'outcome'], registers });
    this.attemptSeconds = new Histogram({ name: name('notification_attempt_duration_seconds'), help: 'How long attempts to deliver took.', labelNames: ['kind'], buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60], registers });
    this.suppressed = new Counter({ name: name('alerts_suppressed_total'), help: 'Alerts that were held back when their group was looked at, by what held them.', labelNames: ['by'], registers });
    this.flushes = new Counter({ name: name('alert_group_flushes_total'), help: 'How often aggregation groups were looked at.', registers });
    this.writeFailures = new Counter({ name: name('alerting_state_write_failures_total'), help: 'Transactions of the state of alerting that could not be written, and were tried again.', registers });
    this.missedEvents = new Counter({ name: name('alerting_events_dropped_total'), help: 'Events that a subscriber was too slow for.', registers });
  }
}

/** What can be counted at any time. */
export interface AlertingCounts {
  readonly firing: number;
  readonly resolved: number;
  readonly groups: number;
  readonly silences: Readonly<Record<'pending' | 'active' | 'expired', number>>;
  readonly outbox: number;
}

/** Gauges that are read when somebody asks. */
export function gaugesOf(registry: Registry, counts: () => AlertingCounts): void {
  const gauge = (name: string, help: string, labelNames: readonly string[], collect: (gauge: Gauge) => void): void => {
    const made: Gauge = new Gauge({ name: `metrics_dashboard_${name}`, help, labelNames: [...labelNames], registers: [registry], collect: () => collect(made) });
  };
  gauge('alerts', 'Alerts that are known, by state.', ['state'], (made) => {
    const { firing, resolved } = counts();
    made.set({ state: 'firing' }, firing);
    made.set({ state: 'resolved' }, resolved);
  });
  gauge('alert_groups', 'Aggregation groups.', [], (made) => made.set(counts().groups));
  gauge('notifications_under_way', 'Notifications that are being delivered.', [], (made) => made.set(counts().outbox));
  gauge('silences', 'Silences, by state.', ['state'], (made) => {
    for (const [state, count] of Object.entries(counts().silences)) made.set({ state }, count);
  });
}
