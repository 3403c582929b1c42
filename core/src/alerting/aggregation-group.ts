import type { Labels, Timestamp } from '@metrics-dashboard/sdk';
import { compareAlerts, isResolved } from './active-alert.js';
import type { ActiveAlert } from './active-alert.js';
import type { Route } from './route.js';
import type { StoredGroup } from './store.js';

/** Alerts of one route with equal group labels, notified together. Knows when it is due; who watches the clock is the dispatcher. */
export class AggregationGroup {
  /** Of the receiver, the route and the labels. */
  readonly key: string;
  /** The same without the receiver, as channels are told it. */
  readonly groupKey: string;
  readonly route: Route;
  readonly labels: Labels;
  nextFlush: Timestamp;
  hasFlushed = false;
  isFlushing = false;
  readonly #alerts = new Map<string, ActiveAlert>();

  constructor(route: Route, labels: Labels, now: Timestamp) {
    this.route = route;
    this.labels = labels;
    this.groupKey = `${route.key}:${labels.toString()}`;
    this.key = groupKeyOf(route, labels);
    this.nextFlush = now + route.groupWait;
  }

  /** Goes on where a process before this one was. */
  resume({ nextFlush, hasFlushed }: Pick<StoredGroup, 'nextFlush' | 'hasFlushed'>): void {
    this.nextFlush = nextFlush;
    this.hasFlushed = hasFlushed;
  }

  get size(): number {
    return this.#alerts.size;
  }

  has(key: string): boolean {
    return this.#alerts.has(key);
  }

  /** In the order of messages. */
  alerts(): readonly ActiveAlert[] {
    return [...this.#alerts.values()].sort(compareAlerts);
  }

  /** Takes an alert in, or what is new of it. One that has waited long enough elsewhere does not wait here again. */
  put(alert: ActiveAlert, now: Timestamp): void {
    this.#alerts.set(alert.labels.key, alert);
    if (!this.hasFlushed && alert.startsAt + this.route.groupWait < now) this.nextFlush = Math.min(this.nextFlush, now);
  }

  /** Takes those out that had resolved when the group was looked at, and have not been heard of since. Answers with their keys. */
  settle(seen: readonly ActiveAlert[], at: Timestamp): readonly string[] {
    const settled: string[] = [];
    for (const alert of seen) {
      const { key } = alert.labels;
      if (!isResolved(alert, at) || this.#alerts.get(key) !== alert) continue;
      this.#alerts.delete(key);
      settled.push(key);
    }
    return settled;
  }

  stored(): StoredGroup {
    return { key: this.key, nextFlush: this.nextFlush, hasFlushed: this.hasFlushed };
  }
}

/** What tells one group from another. */
export function groupKeyOf(route: Route, labels: Labels): string {
  return `${JSON.stringify(route.receiver)} ${route.key}:${labels.toString()}`;
}
