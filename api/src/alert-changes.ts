import type { AlertView, GroupView } from '@metrics-dashboard/core';

/** What is different about alerts since the event before. */
export interface AlertChanges {
  /** Whether these are all alerts, and what was known before counts no more. */
  readonly whole: boolean;
  /** New ones, and those of which something is different. */
  readonly alerts: readonly AlertView[];
  /** Fingerprints of those that are not known any more. */
  readonly gone: readonly string[];
}

/**
 * All alerts first, then what is different each time; nothing where nothing is. When an alert was last heard of, and until when it
 * fires if it is heard of no more, are no differences: with each evaluation all alerts would be sent again.
 */
export async function* alertChanges(views: AsyncIterable<readonly GroupView[]>): AsyncGenerator<AlertChanges, void, undefined> {
  let known: ReadonlyMap<string, AlertView> | undefined;
  for await (const groups of views) {
    const now = new Map(groups.flatMap(({ alerts }) => alerts).map((alert) => [alert.fingerprint, alert]));
    if (known === undefined) yield { whole: true, alerts: [...now.values()], gone: [] };
    else {
      const alerts = [...now.values()].filter((alert) => isOther(known?.get(alert.fingerprint), alert));
      const gone = [...known.keys()].filter((fingerprint) => !now.has(fingerprint));
      if (alerts.length > 0 || gone.length > 0) yield { whole: false, alerts, gone };
    }
    known = now;
  }
}

/** How many alerts are how. */
export interface AlertCounts {
  /** Those that nothing holds back. */
  readonly firing: number;
  readonly muted: number;
}

/** How many there are, then again whenever that is different. */
export async function* alertCounts(views: AsyncIterable<readonly GroupView[]>): AsyncGenerator<AlertCounts, void, undefined> {
  let known: AlertCounts | undefined;
  for await (const groups of views) {
    const alerts = new Map(groups.flatMap((group) => group.alerts).map((alert) => [alert.fingerprint, alert]));
    const counts = { firing: 0, muted: 0 };
    for (const { isResolved, heldBy } of alerts.values()) if (!isResolved) counts[heldBy === undefined ? 'firing' : 'muted']++;
    if (counts.firing !== known?.firing || counts.muted !== known.muted) yield counts;
    known = counts;
  }
}

function isOther(before: AlertView | undefined, after: AlertView): boolean {
  if (before === undefined || before.startsAt !== after.startsAt || before.isResolved !== after.isResolved || before.heldBy !== after.heldBy) return true;
  if (after.isResolved && before.endsAt !== after.endsAt) return true;
  return (
    before.generatorUrl !== after.generatorUrl ||
    !areSameTexts(before.annotations, after.annotations) ||
    !areSameNames(before.silencedBy, after.silencedBy) ||
    !areSameNames(before.inhibitedBy, after.inhibitedBy) ||
    !areSameNames(before.mutedBy, after.mutedBy) ||
    !areSameNames(before.receiverNames, after.receiverNames)
  );
}

function areSameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

function areSameTexts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
