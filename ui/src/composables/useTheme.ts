import type { Ref } from 'vue';
import { readonly, ref } from 'vue';

/** Dark is the default. */
export type Theme = 'dark' | 'light';

const storageKey = 'metrics-dashboard.theme';
const theme = ref<Theme>(document.documentElement.dataset.theme === 'light' ? 'light' : 'dark');

/** The viewer's theme. It is a preference, not a part of the view, so it is kept in the browser and not in the address. */
export function useTheme(): { readonly theme: Readonly<Ref<Theme>>; readonly toggle: () => void } {
  return { theme: readonly(theme), toggle: () => choose(theme.value === 'dark' ? 'light' : 'dark') };
}

function choose(next: Theme): void {
  theme.value = next;
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}
