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
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Context } from '../context.js';
import { formatGraphQLError } from '../errors.js';
import { clientGone, principalOf } from '../http/request-context.js';
import { LIMITS, limitRules, refuseCostly } from './limits.js';

/**
 * Answers queries and mutations at `/graphql`. Requests that a browser would send across sites without asking are
 * refused; nothing is reported to anybody, and no page is served.
 */
export async function graphqlOverHttp(fastify: FastifyInstance, app: App, schema: GraphQLSchema): Promise<ApolloServer<Context>> {
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    csrfPrevention: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    validationRules: [...limitRules()],
    formatError: (formatted, thrown) => formatGraphQLError(formatted, thrown, app.log),
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
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) => ({ app, principal: principalOf(request), signal: clientGone(reply) }),
    }),
  });
  return apollo;
}

function complexityLimit(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operationName, request }) => refuseCostly(schema, document, operationName, request.variables),
    }),
  };
}

/** What the library says about itself is of interest to developers alone. */
function quiet(app: App): { debug: Say; info: Say; warn: Say; error: Say } {
  const log = app.log.with({ part: 'graphql' });
  return { debug: () => {}, info: (text) => log.debug(String(text)), warn: (text) => log.warn(String(text)), error: (text) => log.error(String(text)) };
}

type Say = (text?: unknown) => void;
