import type { ComputedRef, Ref } from 'vue';
import { computed, onBeforeUnmount, ref, watchEffect } from 'vue';

/** Whether an element is on screen, with some distance ahead, in a tab that is shown. What is not seen asks for nothing. */
export function useVisible(element: Ref<HTMLElement | undefined | null>): ComputedRef<boolean> {
  const inSight = ref(false);
  const tabShown = ref(!document.hidden);
  const onTabChange = (): void => {
    tabShown.value = !document.hidden;
  };
  document.addEventListener('visibilitychange', onTabChange);
  const observer = new IntersectionObserver((entries) => {
    inSight.value = entries.at(-1)?.isIntersecting ?? false;
  }, { rootMargin: '200px' });
  watchEffect((onCleanup) => {
    const watched = element.value;
    if (watched === undefined || watched === null) return;
    observer.observe(watched);
    onCleanup(() => observer.unobserve(watched));
  });
  onBeforeUnmount(() => {
    observer.disconnect();
    document.removeEventListener('visibilitychange', onTabChange);
  });
  return computed(() => inSight.value && tabShown.value);
}
