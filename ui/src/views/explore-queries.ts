import type { WritableComputedRef } from 'vue';
import { computed } from 'vue';
import { useUrlState } from '../composables/useUrlState.js';

/** Queries that Explore draws together. */
export const mostQueries = 4;

/** The queries of the address: `q`, `q2`, `q3`, `q4`; those that are empty are left out. */
export function useQueries(): WritableComputedRef<readonly string[]> {
  const places = Array.from({ length: mostQueries }, (_, i) => useUrlState(i === 0 ? 'q' : `q${i + 1}`, ''));
  return computed({
    get: () => places.map(({ value }) => value).filter((query) => query !== ''),
    set: (queries) => places.forEach((place, i) => (place.value = queries[i] ?? '')),
  });
}
