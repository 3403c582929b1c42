import { useSubscription } from '@vue/apollo-composable';
import type { ComputedRef } from 'vue';
import { computed } from 'vue';
import { AlertGroupsDocument } from '../graphql/generated/graphql.js';
import type { Problem } from '../graphql/problem.js';
import { problemOf } from '../graphql/problem.js';
import type { Alert, AlertGroup } from './alert.js';
import { alertsOf } from './alert.js';

export interface AlertGroupsState {
  readonly groups: ComputedRef<readonly AlertGroup[] | undefined>;
  readonly alerts: ComputedRef<readonly Alert[] | undefined>;
  readonly problem: ComputedRef<Problem | undefined>;
  readonly restart: () => void;
}

/** All alerts that notifications are made of, as they change. */
export function useAlertGroups(): AlertGroupsState {
  const { result, error, restart } = useSubscription(AlertGroupsDocument, {}, { fetchPolicy: 'no-cache' });
  const groups = computed(() => result.value?.alertGroups);
  return {
    groups,
    alerts: computed(() => (groups.value === undefined ? undefined : alertsOf(groups.value))),
    problem: computed(() => (error.value === null ? undefined : problemOf(error.value))),
    restart,
  };
}
