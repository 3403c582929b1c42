import { ref, watchEffect } from 'vue';

/** What stands before the title of every page. */
export const titlePrefix = ref('');

/** Keeps the browser's title at what the page shows. */
export function usePageTitle(title: () => string): void {
  watchEffect(() => {
    document.title = `${titlePrefix.value}${title()} · Metrics Dashboard`;
  });
}
