import type { Alert, Labels, Timestamp } from '@metrics-dashboard/sdk';

/** An alert instance as alerting keeps it: what was last said of it, by a rule or from outside. Frozen; replaced as a whole. */
export interface ActiveAlert {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: Timestamp;
  /** It fires before this time and is resolved from then on. */
  readonly endsAt: Timestamp;
  /** Whether nobody said when it ends, and `endsAt` is only how long it lives unless it is heard of again. */
  readonly isTimeout: boolean;
  /** When it was last heard of. */
  readonly updatedAt: Timestamp;
  readonly generatorUrl: string;
  readonly fingerprint: string;
  /** Receivers that its rule names: they are told, and the routing tree is not asked. */
  readonly receivers: readonly string[];
}

/** Whether it is resolved at a time. */
export function isResolved(alert: ActiveAlert, now: Timestamp): boolean {
  return alert.endsAt <= now;
}

/**
 * What is known after an alert was heard of again. Stretches of time that overlap are one occurrence: it began when the
 * first began, says what the later message says, and of two ends the later one counts, except that a time limit gives way.
 * Stretches that are apart are two occurrences, of which the later one is kept.
 */
export function merged(old: ActiveAlert | undefined, next: ActiveAlert): ActiveAlert {
  if (old === undefined || !overlap(old, next)) return next;
  return {
    ...next,
    startsAt: Math.min(old.startsAt, next.startsAt),
    endsAt: mergedEnd(old, next),
  };
}

function overlap(old: ActiveAlert, next: ActiveAlert): boolean {
  const endsInside = next.endsAt > old.startsAt && next.endsAt < old.endsAt;
  const startsInside = next.startsAt > old.startsAt && next.startsAt < old.endsAt;
  return endsInside || startsInside;
}

function mergedEnd(old: ActiveAlert, next: ActiveAlert): Timestamp {
  if (isResolved(next, next.updatedAt)) return isResolved(old, next.updatedAt) ? Math.max(old.endsAt, next.endsAt) : next.endsAt;
  return old.isTimeout ? next.endsAt : Math.max(old.endsAt, next.endsAt);
}

/** As it is told to people at a time. */
export function asTold(alert: ActiveAlert, now: Timestamp): Alert {
  const resolved = isResolved(alert, now);
  return {
    labels: alert.labels,
    annotations: alert.annotations,
    status: resolved ? 'resolved' : 'firing',
    startsAt: alert.startsAt,
    endsAt: resolved ? alert.endsAt : undefined,
    generatorUrl: alert.generatorUrl,
    fingerprint: alert.fingerprint,
  };
}

/** The order of alerts in a message: by job, by instance, then by all labels; what has the label comes first. */
export function compareAlerts(a: { readonly labels: Labels }, b: { readonly labels: Labels }): number {
  return compareLabel(a.labels, b.labels, 'job') || compareLabel(a.labels, b.labels, 'instance') || compareText(a.labels.key, b.labels.key);
}

function compareLabel(a: Labels, b: Labels, name: string): number {
  if (a.has(name) !== b.has(name)) return a.has(name) ? -1 : 1;
  return compareText(a.get(name), b.get(name));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
