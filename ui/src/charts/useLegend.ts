import type { ComputedRef } from 'vue';
import { computed, ref } from 'vue';
import type { PanelSeries } from './panel-data.js';

/** More lines than this are one blot whatever draws them; the legend lists the others. */
export const mostDrawn = 200;

/** What the viewer chose in a legend. */
export interface LegendState {
  readonly drawn: ComputedRef<readonly PanelSeries[]>;
  readonly drawnKeys: ComputedRef<ReadonlySet<string>>;
  /** Draws this one alone; all again when it is alone already. */
  readonly only: (key: string) => void;
  /** Shows or hides one, and leaves the others. */
  readonly toggle: (key: string) => void;
}

/** Which series of a chart are drawn: what the viewer chose, and of that no more than `mostDrawn`. */
export function useLegend(series: () => readonly PanelSeries[]): LegendState {
  const hidden = ref<ReadonlySet<string>>(new Set());
  const drawn = computed(() => series().filter(({ key }) => !hidden.value.has(key)).slice(0, mostDrawn));
  const drawnKeys = computed(() => new Set(drawn.value.map(({ key }) => key)));
  return {
    drawn,
    drawnKeys,
    only(key: string): void {
      const isAlone = drawn.value.length === 1 && drawnKeys.value.has(key);
      hidden.value = new Set(isAlone ? [] : series().map((entry) => entry.key).filter((other) => other !== key));
    },
    toggle(key: string): void {
      const next = new Set(hidden.value);
      if (!next.delete(key)) next.add(key);
      hidden.value = next;
    },
  };
}
