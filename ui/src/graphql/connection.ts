import type { Ref } from 'vue';
import { readonly, ref } from 'vue';

/** The state of the subscription socket: not needed yet, being made, open, or broken and being made again. */
export type ConnectionState = 'idle' | 'connecting' | 'open' | 'lost';

const state = ref<ConnectionState>('idle');
const lostAt = ref<number | undefined>();

/** What the page knows of its socket; pages read it to show that data has stopped moving. */
export function useConnection(): { readonly state: Readonly<Ref<ConnectionState>>; readonly lostAt: Readonly<Ref<number | undefined>> } {
  return { state: readonly(state), lostAt: readonly(lostAt) };
}

/** Tells pages what became of the socket. A socket that closed because nobody listens any more is idle, not lost. */
export function reportConnection(next: ConnectionState): void {
  if (next === 'connecting' && state.value === 'lost') return;
  if (next === 'lost' && state.value !== 'lost') lostAt.value = Date.now();
  if (next !== 'lost') lostAt.value = undefined;
  state.value = next;
}
