import { useQuery as useApolloQuery } from '@vue/apollo-composable';
import type { TypedDocumentNode } from '@apollo/client/core';
import type { ComputedRef, Ref } from 'vue';
import { computed, onScopeDispose, watch } from 'vue';
import type { Problem } from '../graphql/problem.js';
import { mayPass, problemOf } from '../graphql/problem.js';

const retryAfter = 5_000;

interface QueryChoices {
  readonly enabled?: () => boolean;
  /** Milliseconds between repetitions; `undefined`: asked once. */
  readonly pollInterval?: () => number | undefined;
}

/** What became of a query so far. */
export interface QueryState<Data> {
  readonly data: ComputedRef<Data | undefined>;
  readonly problem: ComputedRef<Problem | undefined>;
  readonly loading: Ref<boolean>;
  readonly refetch: () => void;
}

/**
 * A query without cache: its newest data, the problem it ended with, and whether it is under way. New variables end the former request.
 * The last data stays while new data is on its way.
 * A server that is away or busy is asked again by and by.
 */
export function useQuery<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: () => Variables,
  choices: QueryChoices = {},
): QueryState<Data> {
  const { result, error, loading, refetch } = useApolloQuery<Data, Variables>(document, variables, () => ({
    fetchPolicy: 'no-cache' as const,
    enabled: choices.enabled?.() ?? true,
    pollInterval: choices.pollInterval?.() ?? 0,
    keepPreviousResult: true,
    notifyOnNetworkStatusChange: true,
  }));
  const problem = computed<Problem | undefined>(() => (error.value === null ? undefined : problemOf(error.value)));
  // How a repetition fails is told by `error`; its promise tells nothing more.
  const again = (): void => void refetch()?.catch(() => undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(problem, (found) => {
    clearTimeout(timer);
    if (found !== undefined && mayPass(found)) timer = setTimeout(again, retryAfter);
  });
  onScopeDispose(() => clearTimeout(timer));
  return { data: computed<Data | undefined>(() => result.value ?? undefined), problem, loading, refetch: again };
}
