import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { App } from '@metrics-dashboard/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Context } from '../context.js';
import { formatGraphQLError } from '../errors.js';
import { clientGone, principalOf } from '../http/request-context.js';
import { LIMITS, PERSISTED, limitRules, nameTokenLimit, overLimit, refuseCostly } from './limits.js';
import { PersistedDocuments } from './persisted-documents.js';

/**
 * Answers queries and mutations at `/graphql`. Requests that a browser would send across sites without asking are
 * refused; nothing is reported to anybody, and no page is served.
 */
export async function graphqlOverHttp(fastify: FastifyInstance, app: App, schema: GraphQLSchema): Promise<ApolloServer<Context>> {
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    csrfPrevention: true,
    persistedQueries: { cache: new PersistedDocuments(PERSISTED) },
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    validationRules: [...limitRules()],
    formatError: (formatted, thrown) => formatGraphQLError(withCode(formatted, thrown), nameTokenLimit(thrown), app.log),
    logger: quiet(app),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      complexityLimit(schema),
    ],
  });
  await apollo.start();
  fastify.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    bodyLimit: LIMITS.bodyBytes,
    preHandler: refuseBatch,
    errorHandler: answerLargeBody,
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) => ({ app, principal: principalOf(request), signal: clientGone(reply) }),
    }),
  });
  return apollo;
}

/** Apollo refuses a batch as well, without a number. */
function refuseBatch({ body }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (Array.isArray(body) && body.length > LIMITS.batch) refuse(reply, 400, overLimit('batch', LIMITS.batch, body.length));
  else done();
}

/** A body is not read further than to the limit, so its length is what the client says it is. Throws all other errors on. */
function answerLargeBody(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  if (!('code' in error) || error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error;
  const length = Number(request.headers['content-length'] ?? 0);
  refuse(reply, 413, overLimit('body', LIMITS.bodyBytes, Math.max(length, LIMITS.bodyBytes + 1)));
}

function refuse(reply: FastifyReply, status: number, error: GraphQLError): void {
  void reply.code(status).send({ errors: [error] });
}

/** Apollo's complaints of a hash that does not fit, or of a version that is not 1, have a status and no code. */
function withCode(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  if (!(thrown instanceof GraphQLError) || thrown.extensions.code !== undefined) return formatted;
  const { http } = thrown.extensions;
  const isRequest = typeof http === 'object' && http !== null && 'status' in http && http.status === 400;
  return isRequest ? { ...formatted, extensions: { ...formatted.extensions, code: 'BAD_REQUEST' } } : formatted;
}

function complexityLimit(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operationName, request }) => {
        try {
          refuseCostly(schema, document, operationName, request.variables);
        } catch (error) {
          throw error instanceof GraphQLError ? asBadRequest(error) : error;
        }
      },
    }),
  };
}

/** Without a status of its own, what a plugin throws is answered as a failure of the server. */
function asBadRequest(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, { originalError: error, extensions: { ...error.extensions, http: { status: 400 } } });
}

/** What the library says about itself is of interest to developers alone. */
function quiet(app: App): { debug: Say; info: Say; warn: Say; error: Say } {
  const log = app.log.with({ part: 'graphql' });
  return { debug: () => {}, info: (text) => log.debug(String(text)), warn: (text) => log.warn(String(text)), error: (text) => log.error(String(text)) };
}

type Say = (text?: unknown) => void;
