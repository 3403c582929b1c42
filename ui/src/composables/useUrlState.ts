import type { WritableComputedRef } from 'vue';
import { computed } from 'vue';
import type { LocationQuery, LocationQueryRaw, Router } from 'vue-router';
import { useRoute, useRouter } from 'vue-router';

const waiting = new WeakMap<Router, Map<string, string | undefined>>();

/**
 * A ref that lives in the address under `key`. The default is not written there, so that short links stay short. Each tick's changes
 * become one entry of the browser's history, so that «back» undoes them together.
 */
export function useUrlState(key: string, standard: string | (() => string)): WritableComputedRef<string> {
  const route = useRoute();
  const router = useRouter();
  const usual = (): string => (typeof standard === 'string' ? standard : standard());
  return computed({
    get: () => readQuery(route.query, key) ?? usual(),
    set: (value) => changeQuery(router, key, value === usual() ? undefined : value),
  });
}

/** The query after changes; `undefined` removes a key. */
function mergeQuery(query: LocationQuery, changes: ReadonlyMap<string, string | undefined>): LocationQueryRaw {
  const merged: LocationQueryRaw = { ...query };
  for (const [key, value] of changes) {
    if (value === undefined) delete merged[key];
    else merged[key] = value;
  }
  return merged;
}

/** The text of a query's key; the first of several. `undefined` when it is not there. */
function readQuery(query: LocationQuery, key: string): string | undefined {
  const value = query[key];
  return (Array.isArray(value) ? value[0] : value) ?? undefined;
}

function changeQuery(router: Router, key: string, value: string | undefined): void {
  const pending = waiting.get(router);
  if (pending !== undefined) {
    pending.set(key, value);
    return;
  }
  const changes = new Map([[key, value]]);
  waiting.set(router, changes);
  queueMicrotask(() => {
    waiting.delete(router);
    void router.push({ query: mergeQuery(router.currentRoute.value.query, changes) });
  });
}
