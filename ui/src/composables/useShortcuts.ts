import type { Ref } from 'vue';
import { computed, onScopeDispose, readonly, shallowRef } from 'vue';

/** A key, or keys that are pressed one after the other (`g h`), and what they do on the page that is shown. */
export interface Shortcut {
  readonly keys: string;
  readonly text: string;
  readonly group: string;
  readonly run: () => void;
}

/** Keys of one sequence follow each other within this many milliseconds. */
const sequenceTime = 1_200;

const registered = shallowRef<readonly (readonly Shortcut[])[]>([]);
let typed: { readonly key: string; readonly at: number } | undefined;

/** Makes shortcuts work while the component lives. Of two with the same keys the one that came later wins. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  if (registered.value.length === 0) window.addEventListener('keydown', onKey);
  registered.value = [...registered.value, shortcuts];
  onScopeDispose(() => {
    registered.value = registered.value.filter((entry) => entry !== shortcuts);
    if (registered.value.length === 0) window.removeEventListener('keydown', onKey);
  });
}

/** All shortcuts that work at the moment, for the help sheet. */
export function useShortcutList(): Readonly<Ref<readonly Shortcut[]>> {
  return readonly(computed(() => [...new Map(registered.value.flat().map((shortcut) => [shortcut.keys, shortcut])).values()]));
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target) || isInDialog()) return;
  const now = Date.now();
  const before = typed !== undefined && now - typed.at < sequenceTime ? typed.key : undefined;
  typed = { key: event.key, at: now };
  const found = (before === undefined ? undefined : find(`${before} ${event.key}`)) ?? find(event.key);
  if (found === undefined) return;
  typed = undefined;
  event.preventDefault();
  found.run();
}

function find(keys: string): Shortcut | undefined {
  return registered.value.flat().findLast((shortcut) => shortcut.keys === keys);
}

/** Keys belong to what is being written. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select, [contenteditable="true"]') !== null);
}

function isInDialog(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
