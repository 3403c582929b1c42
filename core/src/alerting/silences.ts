import { randomUUID } from 'node:crypto';
import type { Duration, Labels, Timestamp } from '@metrics-dashboard/sdk';
import { NotFoundError, QueryError } from '@metrics-dashboard/sdk';
import { assertSilence, restoredSilence, sameMatchers, silenceState, silences, storedSilence } from './silence.js';
import type { Silence, SilenceRequest, StoredSilence } from './silence.js';
import type { StoreChange } from './store.js';

/** How long a silence can be looked up once it has ended. */
export const SILENCE_RETENTION: Duration = 120 * 3600_000;
/** More than this, and somebody's program runs wild. */
const MOST_SILENCES = 10_000;

/** What changed, to be written. */
export interface SilenceChange {
  readonly silence: Silence;
  readonly changes: readonly StoreChange[];
}

/** All silences, those that ended not long ago among them. Changes nothing outside; tells what is to be written. */
export class Silences {
  readonly #byId = new Map<string, Silence>();
  /** The ids that match a label set, whenever they are active; thrown away whenever a silence changes. */
  #matching = new Map<string, readonly string[]>();

  restore(stored: readonly StoredSilence[]): void {
    for (const one of stored) this.#byId.set(one.id, restoredSilence(one));
    this.#matching.clear();
  }

  /** Those that end last first. */
  list(): readonly Silence[] {
    return [...this.#byId.values()].sort((a, b) => b.endsAt - a.endsAt);
  }

  find(id: string): Silence | undefined {
    return this.#byId.get(id);
  }

  /** The ids of the active silences that mute these labels. */
  mutedBy(labels: Labels, now: Timestamp): readonly string[] {
    if (this.#byId.size === 0) return [];
    let ids = this.#matching.get(labels.key);
    if (ids === undefined) {
      ids = [...this.#byId.values()].filter((silence) => silences(silence, labels)).map(({ id }) => id);
      this.#matching.set(labels.key, ids);
    }
    return ids.length === 0 ? ids : ids.filter((id) => this.#stateOf(id, now) === 'active');
  }

  /**
   * Makes a silence; with an id, changes that one where it can be changed: an active one's start stays, and other
   * matchers are another silence, made in its place while the old one ends. What starts in the past starts now.
   * Throws a `QueryError` for one that makes no sense, a `NotFoundError` for an id that nobody knows.
   */
  set(id: string | undefined, request: SilenceRequest, now: Timestamp): SilenceChange {
    assertSilence(request, now);
    const old = id === undefined ? undefined : this.#known(id);
    if (old !== undefined && canBecome(old, request, now)) return this.#put({ ...old, ...request, startsAt: this.#startOf(old, request, now), updatedAt: now, isReminded: false });
    if (this.#byId.size >= MOST_SILENCES) throw new QueryError(`there are ${MOST_SILENCES} silences already`);
    const made = this.#put({ ...request, id: randomUUID(), startsAt: Math.max(request.startsAt, now), updatedAt: now, hasMuted: false, isReminded: false });
    if (old === undefined || silenceState(old, now) === 'expired') return made;
    return { silence: made.silence, changes: [...this.expire(old.id, now).changes, ...made.changes] };
  }

  /** Ends one now. Throws a `NotFoundError`, and a `QueryError` for one that has ended. */
  expire(id: string, now: Timestamp): SilenceChange {
    const silence = this.#known(id);
    const state = silenceState(silence, now);
    if (state === 'expired') throw new QueryError(`the silence ${id} has ended already`);
    return this.#put({ ...silence, startsAt: Math.min(silence.startsAt, now), endsAt: now, updatedAt: now });
  }

  /** Notes that one has muted something, or that its reminder was told. */
  note(id: string, noted: Partial<Pick<Silence, 'hasMuted' | 'isReminded'>>): SilenceChange {
    return this.#put({ ...this.#known(id), ...noted });
  }

  /** Leaves out those that ended long ago. */
  collect(now: Timestamp): readonly StoreChange[] {
    const old = [...this.#byId.values()].filter(({ endsAt }) => endsAt + SILENCE_RETENTION <= now);
    for (const { id } of old) this.#byId.delete(id);
    if (old.length > 0 || this.#matching.size > 100_000) this.#matching.clear();
    return old.map(({ id }) => ({ remove: 'silence', key: id }));
  }

  #startOf(old: Silence, request: SilenceRequest, now: Timestamp): Timestamp {
    return silenceState(old, now) === 'active' ? old.startsAt : Math.max(request.startsAt, now);
  }

  #known(id: string): Silence {
    const silence = this.#byId.get(id);
    if (silence === undefined) throw new NotFoundError(`there is no silence ${JSON.stringify(id)}`);
    return silence;
  }

  #stateOf(id: string, now: Timestamp): string | undefined {
    const silence = this.#byId.get(id);
    return silence && silenceState(silence, now);
  }

  #put(silence: Silence): SilenceChange {
    const old = this.#byId.get(silence.id);
    this.#byId.set(silence.id, silence);
    if (old === undefined || !sameMatchers(old, silence)) this.#matching.clear();
    return { silence, changes: [{ put: 'silence', key: silence.id, document: storedSilence(silence) }] };
  }
}

function canBecome(old: Silence, request: SilenceRequest, now: Timestamp): boolean {
  if (!sameMatchers(old, request)) return false;
  switch (silenceState(old, now)) {
    case 'expired':
      return false;
    case 'pending':
      return request.startsAt >= now;
    case 'active':
      return Math.abs(request.startsAt - old.startsAt) < 1000;
  }
}
