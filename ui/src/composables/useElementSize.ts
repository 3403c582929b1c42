import type { Ref } from 'vue';
import { onBeforeUnmount, reactive, watchEffect } from 'vue';

/** Width and height of an element's content in whole pixels; zero until it is known. */
export function useElementSize(element: Ref<HTMLElement | undefined | null>): { readonly width: number; readonly height: number } {
  const size = reactive({ width: 0, height: 0 });
  const observer = new ResizeObserver((entries) => {
    const box = entries.at(-1)?.contentRect;
    if (box === undefined) return;
    size.width = Math.floor(box.width);
    size.height = Math.floor(box.height);
  });
  watchEffect((onCleanup) => {
    const watched = element.value;
    if (watched === undefined || watched === null) return;
    observer.observe(watched);
    onCleanup(() => observer.unobserve(watched));
  });
  onBeforeUnmount(() => observer.disconnect());
  return size;
}
