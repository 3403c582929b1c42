import type { ComputedRef } from 'vue';
import { computed, ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { VariableChoice } from '../composables/variable-choice.js';
import { useQuery } from '../composables/useQuery.js';
import type { TimeRangeState } from '../composables/useTimeRange.js';
import { instantsOf } from '../composables/useTimeRange.js';
import { VariablesDocument } from '../graphql/generated/graphql.js';
import type { VariablesQuery } from '../graphql/generated/graphql.js';
import type { Problem } from '../graphql/problem.js';
import type { Variable } from './document.js';

/** Stands for all options in documents and in the address. */
export const everything = '$__all';

export type ResolvedVariable = VariablesQuery['variables'][number];

/** The variables above a dashboard. */
export interface VariablesState {
  /** In the order of the document; undefined while they are on their way. */
  readonly resolved: ComputedRef<readonly ResolvedVariable[] | undefined>;
  /** What panels send along; undefined while it is not known. */
  readonly choices: ComputedRef<readonly VariableChoice[] | undefined>;
  readonly problem: ComputedRef<Problem | undefined>;
  /** Several at once are one step of the browser's history. */
  readonly choose: (changes: ReadonlyMap<string, readonly string[]>) => void;
  /** Looks for options of one variable that are not listed. */
  readonly search: (name: string, text: string) => void;
}

/** The address carries what is chosen, `var-job=api&var-job=web`; the server says what of it there is. */
export function useVariables(definitions: () => readonly Variable[], time: TimeRangeState): VariablesState {
  const route = useRoute();
  const router = useRouter();
  const searched = ref<{ name: string; text: string }>();

  const values = computed(() =>
    definitions().flatMap(({ name }): VariableChoice[] => {
      const asked = route.query[`var-${name}`];
      const list = (Array.isArray(asked) ? asked : [asked]).filter((value): value is string => typeof value === 'string');
      if (list.length === 0) return [];
      return [{ name, values: list.filter((value) => value !== everything), all: list.includes(everything) }];
    }),
  );
  /** Renewed by changes alone: options don't move with the clock. */
  const instants = computed(() => instantsOf(time.bounds.value, Date.now()));
  const { data, problem } = useQuery(
    VariablesDocument,
    () => ({
      variables: [...definitions()],
      values: values.value,
      ...instants.value,
      ...(searched.value === undefined ? {} : { searchIn: searched.value.name, search: searched.value.text }),
    }),
    { enabled: () => definitions().length > 0 },
  );
  const resolved = computed(() => (definitions().length === 0 ? [] : data.value?.variables));
  const choices = computed<readonly VariableChoice[] | undefined>((before) => {
    const next = resolved.value?.map(({ chosen: { name, values: list, all } }) => ({ name, values: list, all }));
    return JSON.stringify(before) === JSON.stringify(next) ? before : next;
  });
  return {
    resolved,
    choices,
    problem,
    choose(changes) {
      const query = { ...route.query };
      for (const [name, list] of changes) query[`var-${name}`] = [...list];
      searched.value = undefined;
      void router.push({ query });
    },
    search(name, text) {
      searched.value = text === '' ? undefined : { name, text };
    },
  };
}
