import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import type { LastTold } from './dedup.js';
import type { LogEntry, StoreChange } from './store.js';

/** An entry is kept at least this long after it was made. */
const LEAST_RETENTION: Duration = 120 * 3600_000;

interface Remembered extends LastTold {
  readonly entry: LogEntry;
}

/** What each channel was last told of each group. Kept in the store by those who change it. */
export class NotificationLog {
  readonly #byKey = new Map<string, Remembered>();

  restore(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.put(entry);
  }

  find(key: string): (LastTold & { readonly entry: LogEntry }) | undefined {
    return this.#byKey.get(key);
  }

  /** Answers with what is to be written. */
  put(entry: LogEntry): StoreChange {
    this.#byKey.set(entry.key, { entry, at: entry.at, firing: new Set(entry.firing), resolved: new Set(entry.resolved) });
    return { put: 'log', key: entry.key, document: entry };
  }

  /** Forgets what makes no difference any more: entries of before their time is over, or of a group that is gone and all over. */
  forget(key: string): readonly StoreChange[] {
    const known = this.#byKey.get(key);
    if (known === undefined || known.firing.size > 0) return [];
    this.#byKey.delete(key);
    return [{ remove: 'log', key }];
  }

  collect(now: Timestamp): readonly StoreChange[] {
    const old = [...this.#byKey.values()].filter(({ entry }) => entry.expiresAt <= now);
    for (const { entry } of old) this.#byKey.delete(entry.key);
    return old.map(({ entry }) => ({ remove: 'log', key: entry.key }));
  }
}

/** When an entry may be forgotten: not before a repetition would be due twice over. */
export function expiryOf(at: Timestamp, repeatInterval: Duration): Timestamp {
  return at + Math.max(LEAST_RETENTION, 2 * repeatInterval);
}

/** What a channel and a group are known by in the log. */
export function logKeyOf(channel: string, groupKey: string): string {
  return `${JSON.stringify(channel)} ${groupKey}`;
}
