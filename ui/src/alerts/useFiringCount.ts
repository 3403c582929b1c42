import { useSubscription } from '@vue/apollo-composable';
import { onScopeDispose, watch } from 'vue';
import { titlePrefix } from '../composables/usePageTitle.js';
import { AlertCountsDocument } from '../graphql/generated/graphql.js';

/** Shows on every page, in its title and its icon, how many alerts fire. Not while `enabled` is false. */
export function useFiringCount(enabled: () => boolean): void {
  const { result } = useSubscription(AlertCountsDocument, {}, () => ({ fetchPolicy: 'no-cache' as const, enabled: enabled() }));
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const quiet = icon?.getAttribute('href') ?? '';
  watch(() => result.value?.alertCounts.firing ?? 0, (count) => {
    titlePrefix.value = count === 0 ? '' : `(${count}) `;
    icon?.setAttribute('href', count === 0 ? quiet : quiet.replace(/favicon\.svg/, 'favicon-firing.svg'));
  }, { immediate: true });
  onScopeDispose(() => {
    titlePrefix.value = '';
    icon?.setAttribute('href', quiet);
  });
}
