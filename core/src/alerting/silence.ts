import { QueryError, formatMatcher, matcher, matchesAll, matchesEmpty } from '@metrics-dashboard/sdk';
import type { Duration, Labels, Matcher, MatchOperator, Timestamp } from '@metrics-dashboard/sdk';

export type SilenceState = 'pending' | 'active' | 'expired';

/** What somebody asks to be muted. */
export interface SilenceRequest {
  readonly matchers: readonly Matcher[];
  readonly startsAt: Timestamp;
  readonly endsAt: Timestamp;
  readonly createdBy: string;
  readonly comment: string;
  /** Whether it ends by itself when everything that it mutes has resolved. */
  readonly endsWithAlerts: boolean;
  /** How long before its end a reminder is told; undefined: none is. */
  readonly remindBefore: Duration | undefined;
}

/** Matchers and a time range that mute alerts. Frozen; replaced as a whole. */
export interface Silence extends SilenceRequest {
  readonly id: string;
  readonly updatedAt: Timestamp;
  /** Whether it has muted something since it began: only such a one ends with its alerts. */
  readonly hasMuted: boolean;
  readonly isReminded: boolean;
}

/** A silence as plain data. */
export type StoredSilence = Omit<Silence, 'matchers'> & {
  readonly matchers: readonly { readonly name: string; readonly operator: MatchOperator; readonly value: string }[];
};

/** The start is included, the end is not. */
export function silenceState(silence: SilenceRequest, now: Timestamp): SilenceState {
  if (now >= silence.endsAt) return 'expired';
  return now < silence.startsAt ? 'pending' : 'active';
}

/** Whether it mutes these labels, whenever it is active. */
export function silences(silence: SilenceRequest, labels: Labels): boolean {
  return matchesAll(silence.matchers, labels);
}

/** Throws a `QueryError` for a silence that would mute everything, end before it begins, or is over already. */
export function assertSilence(request: SilenceRequest, now: Timestamp): void {
  if (request.matchers.length === 0) throw new QueryError('a silence needs at least one matcher');
  if (request.matchers.every(matchesEmpty)) {
    throw new QueryError(`a silence needs a matcher that does not match the empty value, met {${request.matchers.map(formatMatcher).join(',')}}`);
  }
  if (request.endsAt <= request.startsAt) throw new QueryError('a silence ends after it starts, and this one does not');
  if (request.endsAt <= now) throw new QueryError('the end of a silence is in the future, and this one is in the past');
}

export function storedSilence(silence: Silence): StoredSilence {
  return { ...silence, matchers: silence.matchers.map(({ name, operator, value }) => ({ name, operator, value })) };
}

export function restoredSilence(stored: StoredSilence): Silence {
  return { ...stored, matchers: stored.matchers.map(({ name, operator, value }) => matcher(name, operator, value)) };
}

/** Whether two silences mute the same. */
export function sameMatchers(a: SilenceRequest, b: SilenceRequest): boolean {
  const text = ({ matchers }: SilenceRequest): string => matchers.map(formatMatcher).sort().join(',');
  return text(a) === text(b);
}
