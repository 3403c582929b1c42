import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import type { FlapDetection, MissingPolicy } from './rule.js';

/**
 * The life of one alert instance: what it is, and what it was told to be.
 *
 *     (nothing) ── condition holds ──► pending ── for elapsed ──► firing ── condition ceases, kept long enough ──► resolved
 *         ▲                              │                          ▲                                               │  │
 *         └────── condition ceases ──────┘                          └─────────────── pending again ◄────────────────┘  │
 *         └──────────────────────────────────────────────── fifteen minutes later ◄────────────────────────────────────┘
 *
 * `inactive` is a series that is known and fine; it is remembered only where its absence would be an alert.
 */
export interface AlertLife {
  readonly state: 'inactive' | 'pending' | 'firing' | 'resolved';
  /** The value last seen; NaN where the series is missing. */
  readonly value: number;
  /** Since when the condition holds; of a resolved one, held. A pending one keeps when it resolved before. */
  readonly activeAt: Timestamp;
  readonly firedAt: Timestamp | undefined;
  readonly resolvedAt: Timestamp | undefined;
  /** The first evaluation without the condition, while `keep_firing_for` keeps it firing. */
  readonly keepFiringSince: Timestamp | undefined;
  readonly missingSince: Timestamp | undefined;
  /** When it changed between firing and not, inside the window of flap detection, oldest first. */
  readonly changes: readonly Timestamp[];
  readonly flappingSince: Timestamp | undefined;
  /** Since when it is told to be firing; one that flaps is told so all the time. */
  readonly startsAt: Timestamp | undefined;
  /** Since when it is told to be resolved. */
  readonly endsAt: Timestamp | undefined;
}

/** What an evaluation met. */
export type Observation =
  | { readonly kind: 'met'; readonly value: number }
  | { readonly kind: 'unmet'; readonly value: number | undefined }
  | { readonly kind: 'missing' };

/** What a rule says of its instances. */
export interface Hold {
  readonly holdFor: Duration;
  readonly keepFiringFor: Duration;
  readonly missing: MissingPolicy;
  readonly flapping: FlapDetection | undefined;
}

/** A resolved instance is told of for so long. */
export const RESOLVED_RETENTION: Duration = 15 * 60_000;
/** A series that is missing and alerted about is forgotten after so long. */
const MISSING_MEMORY: Duration = 24 * 3600_000;

/** What an instance is after an evaluation; undefined when nothing is left to remember. Pure: `now` is all it knows of time. */
export function observe(before: AlertLife | undefined, seen: Observation, hold: Hold, now: Timestamp): AlertLife | undefined {
  const after = moved(before, seen, hold, now);
  return after && told(before, withFlapping(after, hold.flapping, now), hold, now);
}

/** Whether it is told to be firing. */
export function isTold(life: AlertLife): boolean {
  return life.state === 'firing' || life.flappingSince !== undefined;
}

function moved(before: AlertLife | undefined, seen: Observation, hold: Hold, now: Timestamp): AlertLife | undefined {
  switch (seen.kind) {
    case 'met':
      return met({ ...(before ?? fresh(now)), missingSince: undefined }, seen.value, hold, now);
    case 'unmet':
      return unmet(before && { ...before, missingSince: undefined }, seen.value, hold, now);
    case 'missing':
      return missing(before, hold, now);
  }
}

function fresh(now: Timestamp): AlertLife {
  return {
    state: 'inactive',
    value: NaN,
    activeAt: now,
    firedAt: undefined,
    resolvedAt: undefined,
    keepFiringSince: undefined,
    missingSince: undefined,
    changes: [],
    flappingSince: undefined,
    startsAt: undefined,
    endsAt: undefined,
  };
}

function met(before: AlertLife, value: number, hold: Hold, now: Timestamp): AlertLife {
  const isActive = before.state === 'pending' || before.state === 'firing';
  const active: AlertLife = isActive
    ? { ...before, value, keepFiringSince: undefined }
    : { ...before, value, state: 'pending', activeAt: now, firedAt: undefined, keepFiringSince: undefined };
  if (active.state === 'firing' || now - active.activeAt < hold.holdFor) return active;
  return { ...active, state: 'firing', firedAt: now, resolvedAt: undefined, changes: [...active.changes, now] };
}

function unmet(before: AlertLife | undefined, value: number | undefined, hold: Hold, now: Timestamp): AlertLife | undefined {
  if (before === undefined) return hold.missing === 'alert' && value !== undefined ? { ...fresh(now), value } : undefined;
  const seen = value === undefined ? before : { ...before, value };
  switch (before.state) {
    case 'inactive':
      return hold.missing === 'alert' ? seen : undefined;
    case 'pending':
      return quiet({ ...seen, state: before.resolvedAt === undefined && before.changes.length === 0 ? 'inactive' : 'resolved', resolvedAt: before.resolvedAt ?? now }, hold, now);
    case 'firing': {
      const since = before.keepFiringSince ?? now;
      if (now - since < hold.keepFiringFor) return { ...seen, keepFiringSince: since };
      return { ...seen, state: 'resolved', resolvedAt: now, keepFiringSince: undefined, changes: [...before.changes, now] };
    }
    case 'resolved':
      return quiet(seen, hold, now);
  }
}

/** One that is not active, as long as there is a reason to remember it. */
function quiet(life: AlertLife, hold: Hold, now: Timestamp): AlertLife | undefined {
  const isRecent = life.state === 'resolved' && now - (life.resolvedAt ?? now) <= RESOLVED_RETENTION;
  const isWatched = life.flappingSince !== undefined || recent(life.changes, hold.flapping, now).length > 0;
  if (isRecent || isWatched) return life;
  return hold.missing === 'alert' ? { ...fresh(now), value: life.value } : undefined;
}

function missing(before: AlertLife | undefined, hold: Hold, now: Timestamp): AlertLife | undefined {
  if (before === undefined) return undefined;
  const since = before.missingSince ?? now;
  const isActive = before.state === 'pending' || before.state === 'firing';
  if (hold.missing === 'keep' && isActive) return { ...before, missingSince: since };
  if (hold.missing === 'alert' && now - since < MISSING_MEMORY) return { ...met(before, NaN, hold, now), missingSince: since };
  const after = unmet(before, undefined, { ...hold, missing: 'resolve' }, now);
  return after && { ...after, missingSince: since };
}

function recent(changes: readonly Timestamp[], flapping: FlapDetection | undefined, now: Timestamp): readonly Timestamp[] {
  return flapping === undefined ? [] : changes.filter((at) => now - at < flapping.window);
}

/** It begins to flap with the last of too many changes, and has settled after a whole window without any. */
function withFlapping(life: AlertLife, flapping: FlapDetection | undefined, now: Timestamp): AlertLife {
  const changes = recent(life.changes, flapping, now);
  const isFlapping = flapping !== undefined && (changes.length >= flapping.changes || (life.flappingSince !== undefined && changes.length > 0));
  return { ...life, changes, flappingSince: isFlapping ? (life.flappingSince ?? now) : undefined };
}

function told(before: AlertLife | undefined, life: AlertLife, hold: Hold, now: Timestamp): AlertLife | undefined {
  const wasTold = before !== undefined && isTold(before);
  if (isTold(life)) return wasTold ? life : { ...life, startsAt: now, endsAt: undefined };
  if (wasTold) return { ...life, endsAt: now, resolvedAt: life.state === 'resolved' ? now : life.resolvedAt };
  // What is neither active nor has anything left to tell is not remembered.
  return life.state === 'inactive' && hold.missing !== 'alert' ? undefined : life;
}

/**
 * An instance as it goes on after the server was away: what nobody saw for longer than the tolerance does not count
 * towards `for` and `keep_firing_for`; a shorter absence does, as if the evaluations in between had met the same.
 */
export function afterOutage(life: AlertLife, lastEvaluation: Timestamp, now: Timestamp, tolerance: Duration): AlertLife {
  const away = now - lastEvaluation;
  if (away <= tolerance) return life;
  return {
    ...life,
    activeAt: life.state === 'pending' ? life.activeAt + away : life.activeAt,
    keepFiringSince: life.keepFiringSince === undefined ? undefined : life.keepFiringSince + away,
  };
}
