import type { Ref } from 'vue';
import { onBeforeUnmount, ref } from 'vue';

/** The present, renewed each second (or as asked) while the component lives; for ages on a page. */
export function useNow(every = 1000): Ref<number> {
  const now = ref(Date.now());
  const timer = setInterval(() => {
    now.value = Date.now();
  }, every);
  onBeforeUnmount(() => clearInterval(timer));
  return now;
}
