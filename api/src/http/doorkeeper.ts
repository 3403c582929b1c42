import { permissionOf } from '@metrics-dashboard/core';
import type { App, Permission, ListenAddress } from '@metrics-dashboard/core';
import { InvariantError, PermissionError } from '@metrics-dashboard/sdk';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { demand } from '../graphql/guard.js';
import { refusalOf } from './access.js';
import { identify } from './authentication.js';
import { clientGone, rememberPrincipal } from './request-context.js';

/**
 * Stands in front of every route that is added after it: where the request comes from, who sends it, whether they may.
 * A route that the table of permissions does not know can't be added: `InvariantError`.
 */
export function addDoorkeeper(fastify: FastifyInstance, app: App, listening: () => ListenAddress): void {
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) {
      if (permissionOf(operationOf(one, url)) === undefined) throw new InvariantError(`the route ${operationOf(one, url)} has no permission`);
    }
  });
  fastify.addHook('onRequest', async (request, reply) => {
    const foreign = refusalOf(request.headers, listening());
    if (foreign !== undefined) throw new PermissionError(foreign);
    const principal = await identify(app, request.headers.authorization, clientGone(reply));
    rememberPrincipal(request, principal);
    demand(app, request.routeOptions.url ?? 'this page', permissionFor(request), principal);
  });
}

/** HEAD is GET without the body. */
export function operationOf(method: string, url: string): string {
  return `${method === 'HEAD' ? 'GET' : method} ${url}`;
}

/** A request that no route takes is answered by the same page for everybody. */
function permissionFor({ method, routeOptions: { url } }: FastifyRequest): Permission {
  return url === undefined ? 'public' : (permissionOf(operationOf(method, url)) ?? 'admin');
}
