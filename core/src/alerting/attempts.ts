import { DeliveryError, formatDuration, messageOf } from '@metrics-dashboard/sdk';
import type { Clock, Duration, Notification, NotifierChannel } from '@metrics-dashboard/sdk';
import { backoff } from '../runtime/backoff.js';

/** Waits between attempts. */
const FIRST_WAIT: Duration = 500;
const LONGEST_WAIT: Duration = 60_000;
/** One attempt may take this long, whatever the channel's own patience. */
const ATTEMPT_TIMEOUT: Duration = 60_000;

/** How a delivery ended. */
export interface Outcome {
  /** undefined: it was delivered. */
  readonly error: DeliveryError | undefined;
  readonly attempts: number;
}

export interface AttemptOptions {
  readonly clock: Clock;
  /** How long it is tried in all. */
  readonly patience: Duration;
  readonly onAttempt: (duration: Duration, error: DeliveryError | undefined) => void;
}

/**
 * Sends, and tries again with growing waits while that makes sense: until the channel says that it does not, the
 * patience is over, or the signal aborts. Where the other side asks for more time, it gets it. Never rejects.
 */
export async function deliver(channel: NotifierChannel, notification: Notification, options: AttemptOptions, signal: AbortSignal): Promise<Outcome> {
  const { clock, patience, onAttempt } = options;
  const ends = clock.elapsed() + patience;
  const waits = backoff(clock, { initial: FIRST_WAIT, max: LONGEST_WAIT });
  let before: DeliveryError | undefined;
  for (let attempts = 1; ; attempts++) {
    const began = clock.elapsed();
    const left = ends - began;
    const error = await attempt(channel, notification, clock, Math.min(ATTEMPT_TIMEOUT, left), signal);
    onAttempt(clock.elapsed() - began, error);
    if (error === undefined) return { error, attempts };
    if (!error.retryable || signal.aborted) return { error, attempts };
    const rest = ends - clock.elapsed();
    if (error.retryAfter === undefined) await waits.wait(signal, rest);
    else await clock.sleep(Math.min(error.retryAfter, rest), signal);
    // An attempt that was cut off for the whole had no more time says less than the one before.
    if (signal.aborted || clock.elapsed() >= ends) return { error: givenUp(patience, (rest <= 0 ? before : undefined) ?? error), attempts };
    before = error;
  }
}

/** One attempt, bounded in time. Resolves with what went wrong, as a `DeliveryError`, or with undefined. */
export async function attempt(
  channel: NotifierChannel,
  notification: Notification,
  clock: Clock,
  timeout: Duration,
  signal: AbortSignal,
): Promise<DeliveryError | undefined> {
  const ended = new AbortController();
  let isLate = false;
  const timer = clock.sleep(timeout, ended.signal).then(() => {
    isLate = !ended.signal.aborted;
    ended.abort();
  });
  try {
    await channel.send(notification, AbortSignal.any([signal, ended.signal]));
    return undefined;
  } catch (error) {
    if (isLate) return new DeliveryError(`no delivery within ${formatDuration(timeout)}`, true, { cause: error });
    return error instanceof DeliveryError ? error : new DeliveryError(messageOf(error), false, { cause: error });
  } finally {
    ended.abort();
    await timer;
  }
}

function givenUp(patience: Duration, error: DeliveryError): DeliveryError {
  return new DeliveryError(`given up after ${formatDuration(patience)}`, true, { cause: error });
}
