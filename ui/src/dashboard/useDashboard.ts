import { useApolloClient } from '@vue/apollo-composable';
import type { ComputedRef, Ref, ShallowRef } from 'vue';
import { computed, ref, shallowRef, watch } from 'vue';
import { ApolloError } from '@apollo/client/core';
import { useQuery } from '../composables/useQuery.js';
import { DashboardDocument, SaveDashboardDocument } from '../graphql/generated/graphql.js';
import type { DashboardQuery } from '../graphql/generated/graphql.js';
import type { Problem } from '../graphql/problem.js';
import { problemOf } from '../graphql/problem.js';
import type { Dashboard } from './document.js';
import type { History } from './history.js';
import { createHistory } from './history.js';

export type StoredDashboard = NonNullable<DashboardQuery['dashboard']>;

/** That somebody else saved meanwhile. */
export interface Conflict {
  readonly message: string;
  /** The revision that is there now. */
  readonly met: number;
  /** From what is there to what would be saved. */
  readonly differences: readonly string[];
}

/** A dashboard, and the changes to it that are not saved. */
export interface DashboardState {
  readonly stored: ComputedRef<StoredDashboard | undefined>;
  /** With the changes, where there are some. */
  readonly document: ComputedRef<Dashboard | undefined>;
  readonly isMissing: ComputedRef<boolean>;
  readonly problem: ComputedRef<Problem | undefined>;
  readonly isEditing: Ref<boolean>;
  readonly isChanged: ComputedRef<boolean>;
  readonly history: History<Dashboard | undefined>;
  readonly saveProblem: Readonly<ShallowRef<Problem | undefined>>;
  readonly conflict: Readonly<ShallowRef<Conflict | undefined>>;
  readonly dropConflict: () => void;
  readonly edit: () => void;
  readonly discard: () => void;
  readonly change: (next: Dashboard, place?: string) => void;
  /** Answers whether it is saved. `over`: the revision that is knowingly overwritten. */
  readonly save: (message: string, over?: number) => Promise<boolean>;
  readonly reload: () => void;
}

export function useDashboard(id: () => string): DashboardState {
  const { resolveClient } = useApolloClient();
  const { data, problem, refetch } = useQuery(DashboardDocument, () => ({ id: id() }));
  const history = createHistory<Dashboard | undefined>(undefined);
  const isEditing = ref(false);
  const saveProblem = shallowRef<Problem>();
  const conflict = shallowRef<Conflict>();

  const stored = computed(() => (data.value?.dashboard?.id === id() ? data.value.dashboard : undefined));
  const isChanged = computed(() => isEditing.value && history.value.value !== undefined && history.value.value !== stored.value?.document);

  /** The revision that the changes were made on: what is loaded later is not what people saw. */
  let base = 0;
  const begin = (): void => {
    base = stored.value?.revision ?? 0;
    history.reset(stored.value?.document);
  };
  watch(stored, () => {
    if (!isChanged.value) begin();
  }, { immediate: true });
  watch(id, () => {
    isEditing.value = false;
    conflict.value = undefined;
    saveProblem.value = undefined;
  });

  async function save(message: string, over?: number): Promise<boolean> {
    const document = history.value.value;
    if (document === undefined) return false;
    [saveProblem.value, conflict.value] = [undefined, undefined];
    try {
      await resolveClient().mutate({ mutation: SaveDashboardDocument, variables: { document, expectedRevision: over ?? base, message }, fetchPolicy: 'no-cache' });
      isEditing.value = false;
      refetch();
      return true;
    } catch (error) {
      conflict.value = conflictOf(error);
      if (conflict.value === undefined) saveProblem.value = problemOf(error);
      return false;
    }
  }

  return {
    stored,
    document: computed(() => (isEditing.value ? (history.value.value ?? stored.value?.document) : stored.value?.document)),
    isMissing: computed(() => data.value !== undefined && data.value.dashboard === null),
    problem,
    isEditing,
    isChanged,
    history,
    saveProblem,
    conflict,
    dropConflict: () => void (conflict.value = undefined),
    edit() {
      begin();
      isEditing.value = true;
    },
    discard() {
      isEditing.value = false;
      begin();
    },
    change: (next, place = '') => history.change(next, place),
    save,
    reload: refetch,
  };
}

function conflictOf(error: unknown): Conflict | undefined {
  const [first] = error instanceof ApolloError ? error.graphQLErrors : [];
  const { code, met, differences } = first?.extensions ?? {};
  if (code !== 'CONFLICT' || typeof met !== 'number') return undefined;
  return { message: first?.message ?? '', met, differences: Array.isArray(differences) ? differences.map(String) : [] };
}
