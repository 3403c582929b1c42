import type { ComputedRef, ShallowRef } from 'vue';
import { computed, shallowRef } from 'vue';

/** How many steps back are kept. */
const mostSteps = 200;

/** Changes within so many milliseconds of each other in one place are one step: typing is not undone letter by letter. */
const sameStep = 800;

/** A value with its changes, to go back and forth in. */
export interface History<Value> {
  readonly value: Readonly<ShallowRef<Value>>;
  readonly canUndo: ComputedRef<boolean>;
  readonly canRedo: ComputedRef<boolean>;
  /** `place` names what is changed; quick changes in one place are undone together. */
  readonly change: (next: Value, place: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Begins anew with a value. */
  readonly reset: (value: Value) => void;
}

export function createHistory<Value>(first: Value, now: () => number = Date.now): History<Value> {
  const value = shallowRef(first) as ShallowRef<Value>;
  const past = shallowRef<readonly Value[]>([]);
  const future = shallowRef<readonly Value[]>([]);
  let last = { place: '', at: -Infinity };
  const move = (from: ShallowRef<readonly Value[]>, to: ShallowRef<readonly Value[]>): void => {
    const next = from.value.at(-1);
    if (next === undefined) return;
    from.value = from.value.slice(0, -1);
    to.value = [...to.value, value.value];
    value.value = next;
    last = { place: '', at: -Infinity };
  };
  return {
    value,
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    change(next, place) {
      const at = now();
      const goesOn = place !== '' && place === last.place && at - last.at < sameStep && past.value.length > 0;
      if (!goesOn) past.value = [...past.value, value.value].slice(-mostSteps);
      last = { place, at };
      future.value = [];
      value.value = next;
    },
    undo: () => move(past, future),
    redo: () => move(future, past),
    reset(begin) {
      [past.value, future.value, value.value] = [[], [], begin];
      last = { place: '', at: -Infinity };
    },
  };
}
