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
 * `enabled` false nothing is asked for; when it turns true again, a new snapshot closes the gap, as after a broken connection.
 */
export function useLiveFrames(request: () => LiveRequest, enabled: () => boolean): LiveFrames {
  const frames = shallowRef<LiveWindow | undefined>();
  const problem = shallowRef<Problem | undefined>();
  const { onResult, onError, restart } = useSubscription(
    LiveDocument,
    () => variablesOf(request()),
    () => ({ enabled: enabled() && request().query !== '', fetchPolicy: 'no-cache' as const }),
  );
  onResult(({ data }) => {
    const event = data?.live;
    if (event === undefined) return;
    apply(event);
  });
  onError((error) => {
    problem.value = problemOf(error);
  });
  // Another question makes the old answer wrong, not only old.
  watch(() => JSON.stringify([request().query, request().window, request().variables]), () => {
    frames.value = undefined;
    problem.value = undefined;
  });

  function apply(event: LiveSubscription['live']): void {
    if (event.__typename === 'LiveError') {
      problem.value = describe(event.message, event.code, {});
      // The stream goes on from here, and what is shown stays.
      if (frames.value !== undefined) frames.value = { ...frames.value, sequence: event.sequence };
      return;
    }
    const next = nextWindow(frames.value, event);
    if (next === undefined) restart();
    else [frames.value, problem.value] = [next, undefined];
  }

  // The server may be busy coming up; the socket is still there, so nobody else asks again.
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(problem, (found) => {
    clearTimeout(timer);
    if (found !== undefined && mayPass(found)) timer = setTimeout(restart, retryAfter);
  });
  onScopeDispose(() => clearTimeout(timer));

  return { frames, problem, retry: restart };
}

function nextWindow(current: LiveWindow | undefined, event: Exclude<LiveSubscription['live'], { __typename: 'LiveError' }>): LiveWindow | undefined {
  if (event.__typename === 'LiveSnapshot') return openWindow(event);
  return current === undefined ? undefined : foldDelta(current, event);
}

function variablesOf({ query, window, interval, maxPoints, variables }: LiveRequest) {
  return { query, window, maxPoints, variables: [...variables], ...(interval === undefined ? {} : { interval }) };
}
