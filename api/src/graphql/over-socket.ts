import { setMaxListeners } from 'node:events';
import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { App, ListenAddress } from '@metrics-dashboard/core';
import { AuthError } from '@metrics-dashboard/sdk';
import type { Principal } from '@metrics-dashboard/sdk';
import { GraphQLError, parse, specifiedRules, validate } from 'graphql';
import type { ExecutionArgs, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Context as SocketContext, SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Context } from '../context.js';
import { formatGraphQLError, viewError } from '../errors.js';
import { refusalOf } from '../http/access.js';
import { identify } from '../http/authentication.js';
import { ClientSockets, clientOf, operationsOn } from './client-sockets.js';
import type { SocketOperations } from './client-sockets.js';
import { LIMITS, limitRules, nameTokenLimit, overLimit, refuseCostly } from './limits.js';

/** Answers operations on WebSockets at `/graphql`, by the protocol of graphql-ws. Closing says goodbye to every client. */
export function graphqlOverSocket(server: Server, app: App, schema: GraphQLSchema, listening: () => ListenAddress): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LIMITS.bodyBytes });
  const door = new SocketDoor(app, sockets, listening);
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => void door.upgrade(request, socket, head);
  server.on('upgrade', onUpgrade);
  const disposable = useServer<ConnectionParams, Extra>(operationsOf(app, schema, door), sockets);
  return {
    async close() {
      server.off('upgrade', onUpgrade);
      await disposable.dispose();
    },
  };
}

type ConnectionParams = Record<string, unknown>;

interface Extra extends Record<PropertyKey, unknown> {
  readonly request: IncomingMessage;
  principal?: Principal | undefined;
  /** Whose operations are counted together. */
  client?: string;
  closed?: AbortController;
}

/** Looks at who knocks before there is a socket: an answer with a status is all that a stranger gets. */
class SocketDoor {
  readonly #app: App;
  readonly #sockets: WebSocketServer;
  readonly #listening: () => ListenAddress;
  readonly #principals = new WeakMap<IncomingMessage, Principal>();

  constructor(app: App, sockets: WebSocketServer, listening: () => ListenAddress) {
    this.#app = app;
    this.#sockets = sockets;
    this.#listening = listening;
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // A client that goes away in the middle of it is no event.
    socket.on('error', () => socket.destroy());
    const refused = await this.#refuse(request);
    if (refused) return void socket.end(answerOf(refused));
    this.#sockets.handleUpgrade(request, socket, head, (open) => this.#sockets.emit('connection', open, request));
  }

  /** Who opened the connection, by its headers. */
  principalOf(request: IncomingMessage): Principal | undefined {
    return this.#principals.get(request);
  }

  async #refuse(request: IncomingMessage): Promise<Refusal | undefined> {
    if (request.url?.split('?')[0] !== '/graphql') return { status: '404 Not Found', message: 'there is no socket here' };
    const foreign = refusalOf(request.headers, this.#listening());
    if (foreign !== undefined) return { status: '403 Forbidden', message: foreign };
    try {
      const principal = await identify(this.#app, request.headers.authorization, NEVER);
      if (principal) this.#principals.set(request, principal);
      return undefined;
    } catch (error) {
      const { status, message, isInternal } = viewError(error);
      if (isInternal) this.#app.log.error('authentication failed', { error });
      return { status: `${status} ${STATUS_CODES[status] ?? ''}`, message };
    }
  }
}

const NEVER = new AbortController().signal;

interface Refusal {
  readonly status: string;
  readonly message: string;
}

function answerOf({ status, message }: Refusal): string {
  const length = Buffer.byteLength(message);
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${length}\r\n\r\n${message}`;
}

type Operations = Parameters<typeof useServer<ConnectionParams, Extra>>[0];

function operationsOf(app: App, schema: GraphQLSchema, door: SocketDoor): Operations {
  const prepare = preparer(schema);
  const clients = new ClientSockets();
  const format = (errors: readonly GraphQLError[]): readonly GraphQLFormattedError[] =>
    errors.map((error) => formatGraphQLError(error.toJSON(), error, app.log));
  return {
    isProd: true,
    onConnect: async (socket) => {
      const { extra, connectionParams } = socket;
      extra.closed = new AbortController();
      // Each subscription listens to it; how many there may be is limited elsewhere.
      setMaxListeners(0, extra.closed.signal);
      const header = authorizationOf(connectionParams);
      try {
        extra.principal = header === undefined ? door.principalOf(extra.request) : await identify(app, header, extra.closed.signal);
        const isNamed = (header ?? extra.request.headers.authorization) !== undefined;
        extra.client = clientOf(isNamed ? extra.principal : undefined, extra.request.socket.remoteAddress);
        // One that went away meanwhile has left already.
        if (!extra.closed.signal.aborted) clients.join(extra.client, socket);
        return true;
      } catch (error) {
        if (!(error instanceof AuthError)) app.log.error('authentication failed', { error });
        return false;
      }
    },
    onClose: (socket) => {
      const { closed, client } = socket.extra;
      closed?.abort();
      if (client !== undefined) clients.leave(client, socket);
    },
    onSubscribe: (socket, _id, payload) => {
      const { principal, closed, client } = socket.extra;
      const refused = refuseMany(socket, client === undefined ? 0 : clients.underWay(client));
      return refused ? [refused] : prepare(payload, { app, principal, signal: closed?.signal ?? NEVER });
    },
    onError: (_ctx, _id, _payload, errors) => format(errors),
    onNext: (_ctx, _id, _payload, _args, result) => {
      const { errors, data, extensions } = result;
      return errors && { errors: format(errors), ...(data !== undefined && { data }), ...(extensions && { extensions }) };
    },
  };
}

/** What a socket and its client have under way counts the operation that is asked for. */
function refuseMany(socket: SocketOperations, ofClient: number): GraphQLError | undefined {
  const { subscriptionsPerSocket, subscriptionsPerClient } = LIMITS;
  const onSocket = operationsOn(socket);
  if (onSocket > subscriptionsPerSocket) return overLimit('subscriptions per socket', subscriptionsPerSocket, onSocket);
  return ofClient > subscriptionsPerClient ? overLimit('subscriptions per client', subscriptionsPerClient, ofClient) : undefined;
}

/** Parses and checks an operation as strictly as over HTTP. */
function preparer(schema: GraphQLSchema) {
  const rules = [...specifiedRules, ...limitRules()];
  return (payload: SubscribePayload, contextValue: Context): ExecutionArgs | readonly GraphQLError[] => {
    try {
      const document = parse(payload.query, { maxTokens: LIMITS.tokens });
      const errors = validate(schema, document, rules);
      if (errors.length > 0) return errors;
      refuseCostly(schema, document, payload.operationName, payload.variables);
      return { schema, document, contextValue, operationName: payload.operationName ?? null, variableValues: payload.variables ?? null };
    } catch (error) {
      if (error instanceof GraphQLError) return [nameTokenLimit(error)];
      throw error;
    }
  };
}

/** Browsers can't set headers on a socket, so clients say it in their first message. */
function authorizationOf(parameters: SocketContext<ConnectionParams>['connectionParams']): string | undefined {
  const header = parameters?.authorization ?? parameters?.Authorization;
  return typeof header === 'string' && header !== '' ? header : undefined;
}
