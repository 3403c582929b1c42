import type { NormalizedCacheObject } from '@apollo/client/core';
import { ApolloClient, HttpLink, InMemoryCache, from, split } from '@apollo/client/core';
import { setContext } from '@apollo/client/link/context';
import { onError } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition } from '@apollo/client/utilities';
import { Kind, OperationTypeNode } from 'graphql';
import type { Client } from 'graphql-ws';
import { createClient } from 'graphql-ws';
import { reportConnection } from './connection.js';
import { problemOf } from './problem.js';
import { authorizationHeader, onSessionChange, reportUnauthenticated } from './session.js';

const longestWait = 10_000;
const keepAlive = 10_000;
const pongTimeout = 5_000;
/** How the protocol closes a socket whose credentials are wrong. */
const refusedCode = 4403;

/** Queries over HTTP, subscriptions over one WebSocket on the same path, made again for as long as the page is open. */
export function createGraphqlClient(base: URL): ApolloClient<NormalizedCacheObject> {
  const path = new URL('/graphql', base);
  const http = from([setContext(withAuthorization), new HttpLink({ uri: path.href, credentials: 'same-origin' })]);
  const socketClient = createSocketClient(path);
  // An open socket is still who it was opened by.
  onSessionChange(() => socketClient.terminate());
  const transport = split(({ query }) => isSubscription(query), new GraphQLWsLink(socketClient), http);
  return new ApolloClient({
    link: from([noticeStrangers(), transport]),
    // Frames are large and read once; every query of this page is made with `no-cache`.
    cache: new InMemoryCache(),
    defaultOptions: { query: { fetchPolicy: 'no-cache' }, watchQuery: { fetchPolicy: 'no-cache' } },
  });
}

function withAuthorization(_operation: unknown, { headers }: { headers?: Record<string, string> }) {
  const authorization = authorizationHeader();
  // A request may bring credentials that are only being tried.
  return { headers: { ...(authorization !== undefined && { authorization }), ...headers } };
}

/** The page asks who somebody is when the server does. */
function noticeStrangers() {
  return onError(({ graphQLErrors, networkError }) => {
    const isRefused = graphQLErrors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED') ?? false;
    if (isRefused || (networkError && problemOf(networkError).code === 'UNAUTHENTICATED')) reportUnauthenticated();
  });
}

function isSubscription(query: Parameters<typeof getMainDefinition>[0]): boolean {
  const definition = getMainDefinition(query);
  return definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.SUBSCRIPTION;
}

function createSocketClient(path: URL): Client {
  const url = new URL(path);
  url.protocol = path.protocol === 'https:' ? 'wss:' : 'ws:';
  let pong: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: url.href,
    lazyCloseTimeout: 3_000,
    keepAlive,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    connectionParams: () => {
      const authorization = authorizationHeader();
      return authorization === undefined ? {} : { authorization };
    },
    retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, waitBefore(retries))),
    on: {
      connecting: (isRetry) => reportConnection(isRetry ? 'lost' : 'connecting'),
      connected: () => reportConnection('open'),
      error: () => reportConnection('lost'),
      closed: (event) => {
        clearTimeout(pong);
        if (event instanceof CloseEvent && event.code === refusedCode) reportUnauthenticated();
        reportConnection(isOwnClose(event) ? 'idle' : 'lost');
      },
      // A peer that vanished without closing answers no ping; ending the socket makes a new one.
      ping: (received) => {
        if (!received) pong = setTimeout(() => client.terminate(), pongTimeout);
      },
      pong: (received) => {
        if (received) clearTimeout(pong);
      },
    },
  });
  return client;
}

/** Half a second at first, doubled up to ten, less up to a quarter by chance so that many pages do not come back at once. */
function waitBefore(retries: number): number {
  return Math.min(longestWait, 500 * 2 ** Math.min(retries, 10)) * (0.75 + Math.random() / 4);
}

function isOwnClose(event: unknown): boolean {
  return event instanceof CloseEvent && event.code === 1000;
}
