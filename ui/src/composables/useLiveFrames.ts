import { useSubscription } from '@vue/apollo-composable';
import type { ShallowRef } from 'vue';
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { LiveSubscription } from '../graphql/generated/graphql.js';
import { LiveDocument } from '../graphql/generated/graphql.js';
import type { Problem } from '../graphql/problem.js';
import { problem as describe, mayPass, problemOf } from '../graphql/problem.js';
import type { LiveWindow } from './live-window.js';
import type { VariableChoice } from './variable-choice.js';
import { foldDelta, openWindow } from './live-window.js';

const retryAfter = 5_000;

/** What a live query asks for. */
export interface LiveRequest {
  readonly query: string;
  /** Milliseconds. */
  readonly window: number;
  /** Milliseconds between steps; `undefined` leaves it to the server. */
  readonly interval: number | undefined;
  readonly maxPoints: number;
  readonly variables: readonly VariableChoice[];
}

/** What a live query has told so far. */
export interface LiveFrames {
  readonly frames: Readonly<ShallowRef<LiveWindow | undefined>>;
  /** What went wrong since the last frames. */
  readonly problem: Readonly<ShallowRef<Problem | undefined>>;
  readonly retry: () => void;
}

/**
 * A range query that ends now and moves. The server sends a snapshot, then what changed; each event is folded into columns. With
 * `enabled` false nothing is asked for. When it turns true again, and after a broken connection, the server is told which event was the
 * last, and closes the gap with what was missed, or with a new snapshot.
 */
export function useLiveFrames(request: () => LiveRequest, enabled: () => boolean): LiveFrames {
  const frames = shallowRef<LiveWindow | undefined>();
  const problem = shallowRef<Problem | undefined>();
  let token: string | undefined;
  const resume = textAtSending(() => token);
  const { onResult, onError, restart } = useSubscription(
    LiveDocument,
    () => ({ ...variablesOf(request()), resume }),
    () => ({ enabled: enabled() && request().query !== '', fetchPolicy: 'no-cache' as const }),
  );
  onResult(({ data }) => {
    const event = data?.live;
    if (event === undefined) return;
    apply(event);
  });
  onError((error) => {
    // The stream has ended; an answer to the next one shows that the trouble is over, and a snapshot always comes.
    token = undefined;
    problem.value = problemOf(error);
  });
  // Another question makes the old answer wrong, not only old.
  watch(() => JSON.stringify([request().query, request().window, request().variables]), () => {
    frames.value = undefined;
    problem.value = undefined;
    token = undefined;
  });

  function apply(event: LiveSubscription['live']): void {
    if (event.__typename === 'LiveError') {
      problem.value = describe(event.message, event.code, {});
      // The stream goes on from here, and what is shown stays.
      if (frames.value !== undefined) [frames.value, token] = [{ ...frames.value, sequence: event.sequence }, event.token];
      return;
    }
    const next = nextWindow(frames.value, event);
    if (next === undefined) beginAnew();
    else [frames.value, problem.value, token] = [next, undefined, event.token];
  }

  function beginAnew(): void {
    token = undefined;
    restart();
  }

  // The server may be busy coming up; the socket is still there, so nobody else asks again.
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(problem, (found) => {
    clearTimeout(timer);
    if (found !== undefined && mayPass(found)) timer = setTimeout(beginAnew, retryAfter);
  });
  onScopeDispose(() => clearTimeout(timer));

  return { frames, problem, retry: beginAnew };
}

function nextWindow(current: LiveWindow | undefined, event: Exclude<LiveSubscription['live'], { __typename: 'LiveError' }>): LiveWindow | undefined {
  if (event.__typename === 'LiveSnapshot') return openWindow(event);
  return current === undefined ? undefined : foldDelta(current, event);
}

function variablesOf({ query, window, interval, maxPoints, variables }: LiveRequest) {
  return { query, window, maxPoints, variables: [...variables], ...(interval === undefined ? {} : { interval }) };
}

/**
 * A variable that is read anew whenever its operation is sent: the socket sends an operation again after it was lost, as it was given,
 * and what was the last event is another one by then. It is written as JSON by `toJSON`, so on the wire it is the text that it stands for.
 */
function textAtSending(read: () => string | undefined): string {
  return { toJSON: read } as unknown as string;
}
