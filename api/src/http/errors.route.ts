import type { App } from '@metrics-dashboard/core';
import { AuthError, UnavailableError } from '@metrics-dashboard/sdk';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { viewError } from '../errors.js';
import type { ErrorView } from '../errors.js';
import { sendText } from './plain-answer.js';
import { sendError } from './prometheus-answer.js';

/**
 * How every route answers when it throws: the Prometheus HTTP API with its envelope, GraphQL as for an operation, all
 * others, remote write among them, with a line of text.
 */
export function addErrorAnswers(fastify: FastifyInstance, app: App): void {
  fastify.setErrorHandler((error, request, reply) => {
    const seen = beginErrorAnswer(app, error, request, reply);
    const [path = ''] = request.url.split('?');
    if (path === '/graphql') return reply.send(asGraphQL(seen));
    return path.startsWith('/api/v1/') && path !== '/api/v1/write' ? sendError(reply, error) : sendText(reply, seen.status, seen.message);
  });
}

/** What an answer to an error has in every form: its status, its headers; an error of ours is logged. */
export function beginErrorAnswer(app: App, error: unknown, request: FastifyRequest, reply: FastifyReply): ErrorView {
  const seen = viewError(error);
  if (seen.isInternal) app.log.error('request failed', { method: request.method, route: request.routeOptions.url, error });
  if (error instanceof AuthError) void reply.header('www-authenticate', 'Bearer realm="Metrics Dashboard"');
  if (seen.status === 503) void reply.header('retry-after', String(retryAfterSeconds(error)));
  void reply.code(seen.status);
  return seen;
}

function asGraphQL({ code, message, facts }: ErrorView): object {
  return { errors: [{ message, extensions: { code, ...facts } }] };
}

function retryAfterSeconds(error: unknown): number {
  return error instanceof UnavailableError ? Math.max(1, Math.ceil(error.retryAfter / 1000)) : 1;
}
