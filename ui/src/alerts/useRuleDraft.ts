import { useApolloClient } from '@vue/apollo-composable';
import { ApolloError } from '@apollo/client/core';
import type { ComputedRef, Ref, ShallowRef } from 'vue';
import { computed, ref, shallowRef, watch } from 'vue';
import { useQuery } from '../composables/useQuery.js';
import { CreateThresholdRuleDocument, ThresholdRuleDocument, UpdateThresholdRuleDocument } from '../graphql/generated/graphql.js';
import type { Problem } from '../graphql/problem.js';
import { problemOf } from '../graphql/problem.js';
import type { KeptRule, RuleDraft } from './rule-draft.js';
import { differences, draftOf, inputOf, newDraft } from './rule-draft.js';

/** That somebody else changed the rule meanwhile. */
export interface RuleConflict {
  readonly message: string;
  /** The revision that is there now. */
  readonly met: number;
  readonly theirs: KeptRule | undefined;
  /** From what is there to what would be saved. */
  readonly differences: readonly string[];
}

/** A rule that is made or changed, and what became of saving it. */
export interface RuleDraftState {
  readonly draft: Ref<RuleDraft>;
  readonly kept: ComputedRef<KeptRule | undefined>;
  readonly isMissing: ComputedRef<boolean>;
  readonly isLoading: ComputedRef<boolean>;
  readonly isChanged: ComputedRef<boolean>;
  readonly isSaving: Ref<boolean>;
  readonly problem: ComputedRef<Problem | undefined>;
  readonly saveProblem: Readonly<ShallowRef<Problem | undefined>>;
  readonly conflict: Readonly<ShallowRef<RuleConflict | undefined>>;
  /** Answers the id when it is saved. `over`: the revision that is knowingly overwritten. */
  readonly save: (over?: number) => Promise<string | undefined>;
  /** Begins again from what is there; of a new rule, from `start`. */
  readonly reset: (start?: RuleDraft) => void;
  readonly takeTheirs: () => void;
  readonly dropConflict: () => void;
}

/** The rule of an id; a new one without. */
export function useRuleDraft(id: () => string | undefined): RuleDraftState {
  const { resolveClient } = useApolloClient();
  const { data, problem, loading } = useQuery(ThresholdRuleDocument, () => ({ id: id() ?? '' }), { enabled: () => id() !== undefined });
  const saved = shallowRef<KeptRule>();
  const kept = computed(() => [saved.value, data.value?.thresholdRule].find((rule) => rule?.id === id()) ?? undefined);
  const draft = ref(newDraft(''));
  const begun = ref(JSON.stringify(draft.value));
  const isSaving = ref(false);
  const saveProblem = shallowRef<Problem>();
  const conflict = shallowRef<RuleConflict>();
  /** What the changes were made on: what is loaded later is not what people saw. */
  let revision = 0;

  function begin(start: RuleDraft, of = 0): void {
    draft.value = start;
    begun.value = JSON.stringify(start);
    revision = of;
    [saveProblem.value, conflict.value] = [undefined, undefined];
  }
  const reset = (start = newDraft('')): void => (kept.value === undefined ? begin(start) : begin(draftOf(kept.value), kept.value.revision));
  const isChanged = computed(() => JSON.stringify(draft.value) !== begun.value);
  watch(kept, (rule) => {
    if (rule !== undefined && (revision === 0 || !isChanged.value)) reset();
  }, { immediate: true });

  async function fetchKept(of: string): Promise<KeptRule | undefined> {
    const { data: answer } = await resolveClient().query({ query: ThresholdRuleDocument, variables: { id: of }, fetchPolicy: 'no-cache' });
    return answer.thresholdRule ?? undefined;
  }

  async function send(over?: number): Promise<string | undefined> {
    const { input: rule } = inputOf(draft.value);
    const [known, client] = [id(), resolveClient()];
    if (known === undefined) {
      const { data: answer } = await client.mutate({ mutation: CreateThresholdRuleDocument, variables: { rule }, fetchPolicy: 'no-cache' });
      return answer?.createThresholdRule.id;
    }
    await client.mutate({ mutation: UpdateThresholdRuleDocument, variables: { id: known, rule, revision: over ?? revision }, fetchPolicy: 'no-cache' });
    return known;
  }

  async function fail(error: unknown): Promise<void> {
    const known = id();
    const met = conflictRevision(error);
    if (met === undefined || known === undefined) {
      saveProblem.value = problemOf(error);
      return;
    }
    const theirs = await fetchKept(known).catch(() => undefined);
    conflict.value = { message: problemOf(error).message, met: theirs?.revision ?? met, theirs, differences: theirs === undefined ? [] : differences(draftOf(theirs), draft.value) };
  }

  async function save(over?: number): Promise<string | undefined> {
    isSaving.value = true;
    [saveProblem.value, conflict.value] = [undefined, undefined];
    try {
      const known = await send(over);
      begun.value = JSON.stringify(draft.value);
      if (known !== undefined) saved.value = await fetchKept(known);
      return known;
    } catch (error) {
      await fail(error);
      return undefined;
    } finally {
      isSaving.value = false;
    }
  }

  return {
    draft, kept, isChanged, isSaving, problem, saveProblem, conflict, save, reset,
    isLoading: computed(() => id() !== undefined && kept.value === undefined && loading.value),
    isMissing: computed(() => id() !== undefined && data.value !== undefined && kept.value === undefined && !loading.value),
    takeTheirs() {
      const theirs = conflict.value?.theirs;
      if (theirs === undefined) return;
      saved.value = theirs;
      begin(draftOf(theirs), theirs.revision);
    },
    dropConflict: () => void (conflict.value = undefined),
  };
}

function conflictRevision(error: unknown): number | undefined {
  const [first] = error instanceof ApolloError ? error.graphQLErrors : [];
  const { code, met } = first?.extensions ?? {};
  return code === 'CONFLICT' && typeof met === 'number' ? met : undefined;
}
