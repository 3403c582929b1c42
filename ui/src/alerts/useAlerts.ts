import { useSubscription } from '@vue/apollo-composable';
import type { ComputedRef } from 'vue';
import { computed, shallowRef, watch } from 'vue';
import { useQuery } from '../composables/useQuery.js';
import { AlertChangesDocument, PendingInstancesDocument } from '../graphql/generated/graphql.js';
import type { Problem } from '../graphql/problem.js';
import { problemOf } from '../graphql/problem.js';
import type { Alert } from './alert.js';
import { applied, inOrder, pendingAlert } from './alert.js';

export interface AlertsState {
  /** In the order of the list; undefined until they are known. */
  readonly alerts: ComputedRef<readonly Alert[] | undefined>;
  readonly problem: ComputedRef<Problem | undefined>;
  readonly restart: () => void;
}

const pendingAtMost = 1000;
const pendingEvery = 3_000;

/** All alerts as they change, and those that are pending. After a reconnect the first event brings all of them again. */
export function useAlerts(): AlertsState {
  const { result, error, restart } = useSubscription(AlertChangesDocument, {}, { fetchPolicy: 'no-cache' });
  const pending = useQuery(PendingInstancesDocument, () => ({ limit: pendingAtMost }), { pollInterval: () => pendingEvery });
  const known = shallowRef<ReadonlyMap<string, Alert>>();
  // Each event counts: two within one tick would be one for a watcher that waits.
  watch(result, (event) => {
    if (event === undefined || event === null || (known.value === undefined && !event.alertChanges.whole)) return;
    known.value = applied(known.value ?? new Map(), event.alertChanges);
  }, { flush: 'sync' });
  const alerts = computed(() => {
    const routed = known.value;
    if (routed === undefined) return undefined;
    const waiting = (pending.data.value?.alertInstances ?? []).filter(({ fingerprint }) => routed.get(fingerprint)?.resolved !== false).map(pendingAlert);
    const soon = new Set(waiting.map(({ fingerprint }) => fingerprint));
    return inOrder([...waiting, ...(soon.size === 0 ? routed.values() : [...routed.values()].filter(({ fingerprint }) => !soon.has(fingerprint)))]);
  });
  return { alerts, problem: computed(() => (error.value === null ? undefined : problemOf(error.value))), restart };
}
