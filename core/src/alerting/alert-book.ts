import { Labels } from '@metrics-dashboard/sdk';
import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import { isResolved, merged } from './active-alert.js';
import type { ActiveAlert } from './active-alert.js';
import type { StoreChange, StoredAlert } from './store.js';

/** A resolved alert that every group is through with is kept this long, to be merged with what is heard late. */
const RETENTION: Duration = 15 * 60_000;

interface Entry {
  readonly alert: ActiveAlert;
  /** The groups that may have to tell of it. */
  readonly groups: readonly string[];
  /** The end that the store knows. */
  readonly storedEndsAt: Timestamp | undefined;
}

/** All alerts that are known, by labels. */
export class AlertBook {
  readonly #byKey = new Map<string, Entry>();
  readonly #keyByFingerprint = new Map<string, string>();

  /**
   * Takes over what a process before this one knew. Time in which nobody could be heard does not count: what would have
   * ended only because nobody confirmed it lives longer by the time that this program was away.
   */
  restore(stored: readonly StoredAlert[], aliveAt: Timestamp, now: Timestamp): void {
    const lastSeen = stored.reduce((latest, { updatedAt }) => Math.max(latest, updatedAt), aliveAt);
    const away = Math.max(0, now - lastSeen);
    for (const { key: _, groups, labels, ...rest } of stored) {
      // Who said that it has ended meant it.
      const isOpen = rest.endsAt > rest.updatedAt && rest.endsAt > lastSeen;
      const alert: ActiveAlert = { ...rest, labels: Labels.of(labels), endsAt: isOpen ? rest.endsAt + away : rest.endsAt };
      this.#set({ alert, groups, storedEndsAt: rest.endsAt });
    }
  }

  /** Notes what was heard of an alert. Answers with what is known of it now. */
  put(heard: ActiveAlert): ActiveAlert {
    const known = this.#byKey.get(heard.labels.key);
    const alert = merged(known?.alert, heard);
    this.#set({ alert, groups: known?.groups ?? [], storedEndsAt: known?.storedEndsAt });
    return alert;
  }

  /** How urgent it is to write an alert: it is new or has changed; it is only confirmed, and the store knows an end too near; or not at all. */
  urgency(before: ActiveAlert | undefined, after: ActiveAlert, now: Timestamp): 'now' | 'later' | 'never' {
    if (before === undefined || isResolved(before, now) || isResolved(after, now) || before.startsAt !== after.startsAt) return 'now';
    const known = this.#byKey.get(after.labels.key)?.storedEndsAt ?? 0;
    return (known - now) * 2 < after.endsAt - now ? 'later' : 'never';
  }

  known(key: string): ActiveAlert | undefined {
    return this.#byKey.get(key)?.alert;
  }

  find(fingerprint: string): ActiveAlert | undefined {
    const key = this.#keyByFingerprint.get(fingerprint);
    return key === undefined ? undefined : this.#byKey.get(key)?.alert;
  }

  *all(): Generator<ActiveAlert> {
    for (const { alert } of this.#byKey.values()) yield alert;
  }

  /** Those that some group may have to tell of, and the groups. */
  *held(): Generator<readonly [alert: ActiveAlert, groups: readonly string[]]> {
    for (const { alert, groups } of this.#byKey.values()) if (groups.length > 0) yield [alert, groups];
  }

  /** Notes which groups have an alert now. */
  hold(key: string, groups: readonly string[]): void {
    const entry = this.#byKey.get(key);
    if (entry !== undefined) this.#byKey.set(key, { ...entry, groups });
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** A group is through with these. Answers with what is to be written. */
  release(keys: readonly string[], group: string): readonly StoreChange[] {
    return keys.flatMap((key) => {
      this.hold(key, this.#byKey.get(key)?.groups.filter((other) => other !== group) ?? []);
      return this.change(key);
    });
  }

  /** Forgets what is over. Answers with the alerts and what is to be written. */
  collect(now: Timestamp): { gone: readonly ActiveAlert[]; changes: readonly StoreChange[] } {
    const gone: ActiveAlert[] = [];
    for (const { alert, groups } of this.#byKey.values()) {
      if (groups.length === 0 && isResolved(alert, now) && Math.max(alert.endsAt, alert.updatedAt) + RETENTION <= now) gone.push(alert);
    }
    for (const { labels, fingerprint } of gone) {
      this.#byKey.delete(labels.key);
      this.#keyByFingerprint.delete(fingerprint);
    }
    return { gone, changes: gone.map(({ labels }) => ({ remove: 'alert', key: labels.key })) };
  }

  /** What is to be written of an alert. */
  change(key: string): readonly StoreChange[] {
    const entry = this.#byKey.get(key);
    if (entry === undefined) return [];
    const { alert, groups } = entry;
    this.#byKey.set(key, { ...entry, storedEndsAt: alert.endsAt });
    return [{ put: 'alert', key, document: { ...alert, key, labels: alert.labels.toObject(), groups } }];
  }

  #set(entry: Entry): void {
    const { labels, fingerprint } = entry.alert;
    this.#byKey.set(labels.key, entry);
    this.#keyByFingerprint.set(fingerprint, labels.key);
  }
}
