import type { Principal } from '@metrics-dashboard/sdk';
import type { FastifyReply, FastifyRequest } from 'fastify';

const principals = new WeakMap<FastifyRequest, Principal>();

/** Remembers who sent a request, once that is known. */
export function rememberPrincipal(request: FastifyRequest, principal: Principal | undefined): void {
  if (principal) principals.set(request, principal);
}

/** Who sent a request; undefined: they have not said. */
export function principalOf(request: FastifyRequest): Principal | undefined {
  return principals.get(request);
}

/** How a request ended: `answered` to its last byte, or `left` by a client that did not wait for that. */
export type Ending = 'answered' | 'left';

const endings = new WeakMap<FastifyReply, ((ending: Ending) => void)[]>();

/**
 * Calls back once when a request has ended, however it does; the hooks of the library miss clients that leave early.
 * All who wait for one request share a single listener.
 */
export function whenEnded(reply: FastifyReply, callback: (ending: Ending) => void): void {
  const callbacks = endings.get(reply);
  if (callbacks) return void callbacks.push(callback);
  const first = [callback];
  endings.set(reply, first);
  reply.raw.once('close', () => {
    const ending = reply.raw.writableFinished ? 'answered' : 'left';
    for (const each of first) each(ending);
  });
}

const signals = new WeakMap<FastifyReply, AbortSignal>();

/** Aborted when the client goes away before it has its answer. */
export function clientGone(reply: FastifyReply): AbortSignal {
  const known = signals.get(reply);
  if (known) return known;
  const gone = new AbortController();
  signals.set(reply, gone.signal);
  whenEnded(reply, (ending) => {
    if (ending === 'left') gone.abort();
  });
  return gone.signal;
}
