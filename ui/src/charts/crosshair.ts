import type { InjectionKey, ShallowRef } from 'vue';
import { inject, provide, shallowRef } from 'vue';

/** The time under the pointer, and the chart that the pointer is over. */
export interface Crosshair {
  readonly at: number;
  readonly owner: symbol;
}

const key: InjectionKey<ShallowRef<Crosshair | undefined>> = Symbol('crosshair');

/** Makes all charts below this component share one crosshair. */
export function provideCrosshair(): void {
  provide(key, shallowRef());
}

/** The crosshair that this chart shares with its neighbours; its own when there are none. */
export function useCrosshair(): ShallowRef<Crosshair | undefined> {
  return inject(key, () => shallowRef(), true);
}
