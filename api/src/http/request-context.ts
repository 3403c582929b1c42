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

/** Aborted when the client goes away before it has its answer. */
export function clientGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
