import { watchEffect } from 'vue';

/** Keeps the browser's title at what the page shows. */
export function usePageTitle(title: () => string): void {
  watchEffect(() => {
    document.title = `${title()} · Metrics Dashboard`;
  });
}
