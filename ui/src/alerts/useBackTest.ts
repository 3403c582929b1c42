import { useApolloClient } from '@vue/apollo-composable';
import type { Ref, ShallowRef } from 'vue';
import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { Instants } from '../composables/time-range.js';
import { BackTestRuleDocument } from '../graphql/generated/graphql.js';
import type { BackTestRuleMutation, ThresholdRuleInput } from '../graphql/generated/graphql.js';
import type { Problem } from '../graphql/problem.js';
import { problemOf } from '../graphql/problem.js';

export type BackTest = BackTestRuleMutation['backTestRule'];

/** What a rule would have done over a range; the last answer stays until the next one is there. */
export interface BackTestState {
  readonly result: Readonly<ShallowRef<{ readonly test: BackTest; readonly range: Instants } | undefined>>;
  readonly problem: Readonly<ShallowRef<Problem | undefined>>;
  readonly isRunning: Readonly<Ref<boolean>>;
  /** Again, on what there is by now. */
  readonly run: () => void;
}

/** People who type or drag wait no longer, and the server is not asked at every step. */
const quietFor = 500;

/** Runs a rule over the past whenever it or the range has changed; not while `rule` is undefined. */
export function useBackTest(rule: () => ThresholdRuleInput | undefined, range: () => Instants): BackTestState {
  const { resolveClient } = useApolloClient();
  const result = shallowRef<{ test: BackTest; range: Instants }>();
  const problem = shallowRef<Problem>();
  const isRunning = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  async function run(): Promise<void> {
    const asked = rule();
    const number = ++latest;
    if (asked === undefined) return;
    isRunning.value = true;
    const over = range();
    try {
      const { data } = await resolveClient().mutate({ mutation: BackTestRuleDocument, variables: { rule: asked, ...over }, fetchPolicy: 'no-cache' });
      if (number !== latest) return;
      problem.value = undefined;
      result.value = data === null || data === undefined ? undefined : { test: data.backTestRule, range: over };
    } catch (error) {
      if (number !== latest) return;
      [problem.value, result.value] = [problemOf(error), undefined];
    }
    isRunning.value = false;
  }

  watch([() => JSON.stringify(rule()), () => range().start], () => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), quietFor);
  }, { immediate: true });
  onScopeDispose(() => {
    latest++;
    clearTimeout(timer);
  });
  return { result, problem, isRunning, run: () => void run() };
}
