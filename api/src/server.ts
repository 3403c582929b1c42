import { formatAddress, ownAddress } from '@metrics-dashboard/core';
import type { App, ListenAddress } from '@metrics-dashboard/core';
import { ConfigError } from '@metrics-dashboard/sdk';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { graphqlOverHttp } from './graphql/over-http.js';
import { graphqlOverSocket } from './graphql/over-socket.js';
import { addAdminRoutes } from './http/admin.route.js';
import { addAlertmanagerRoutes } from './http/alertmanager.route.js';
import { addDoorkeeper } from './http/doorkeeper.js';
import { addErrorAnswers } from './http/errors.route.js';
import { addOpsRoutes } from './http/ops.route.js';
import { RequestsUnderWay } from './http/requests-under-way.js';
import { acceptForms } from './http/parameters.js';
import { PushDoor } from './http/push-door.js';
import { addOtlpRoute } from './http/push-otlp.route.js';
import { addPushgatewayRoutes } from './http/pushgateway.route.js';
import { addPushRoute } from './http/push.route.js';
import { addQueryRoutes } from './http/query.route.js';
import { addRemoteReadRoute } from './http/remote-read.route.js';
import { addRemoteWriteRoute } from './http/remote-write.route.js';
import { addRequestMetrics } from './http/request-metrics.js';
import { addRuleRoutes } from './http/rules.route.js';
import { addStatusRoutes } from './http/status.route.js';
import type { Flags } from './http/status.route.js';
import { addSecurityHeaders, addUi } from './http/ui.route.js';
import { createSchema } from './schema.js';

export interface ServerOptions {
  readonly app: App;
  /** Port 0 takes any that is free. */
  readonly listen: ListenAddress;
  /** The folder with the UI's files; undefined: there is none. */
  readonly uiFolder: string | undefined;
  /** The flags of the command line, for people to look up. */
  readonly flags: Flags;
}

export interface Server {
  /** Where it listens. */
  readonly listening: ListenAddress;
  /** What to open in a browser. */
  readonly url: string;
  /** Ends what is under way: sockets with a goodbye, requests after a short while. Idempotent. */
  close(): Promise<void>;
}

const BODY_BYTES = 1024 * 1024;
/** How long a client may take to send a request. */
const REQUEST_TIME = 120_000;
/** How long requests may take to end when the server closes. */
const GRACE = 2000;

/**
 * Opens the one port: GraphQL, its sockets, the Prometheus HTTP API, and the UI. It answers at once, with 503 where the
 * program is not ready yet. Rejects with a `ConfigError` that names the address when the port can't be had.
 */
export async function openServer(options: ServerOptions): Promise<Server> {
  const { app, listen } = options;
  let listening = listen;
  const http = fastify({ bodyLimit: BODY_BYTES, requestTimeout: REQUEST_TIME, forceCloseConnections: true, routerOptions: { maxParamLength: 1000 } });
  const where = (): ListenAddress => listening;
  const underWay = new RequestsUnderWay(http);
  await addRoutes(http, options, where);
  const schema = createSchema();
  const apollo = await graphqlOverHttp(http, app, schema);
  const sockets = graphqlOverSocket(http.server, app, schema, where);
  listening = await bind(http, listen);
  return {
    listening,
    url: `http://${ownAddress(listening)}`,
    close: once(async () => {
      await sockets.close();
      await closeInTime(http, app, underWay);
      await apollo.stop();
    }),
  };
}

/** The hooks come before the routes that they stand in front of. */
async function addRoutes(http: FastifyInstance, { app, uiFolder, flags }: ServerOptions, where: () => ListenAddress): Promise<void> {
  const methodsByPath = new Map<string, string[]>();
  http.addHook('onRoute', ({ url, method }) => {
    methodsByPath.set(url, [...(methodsByPath.get(url) ?? []), ...[method].flat()]);
  });
  addErrorAnswers(http, app);
  addSecurityHeaders(http);
  addRequestMetrics(http, app);
  addDoorkeeper(http, app, where);
  acceptForms(http);
  addOpsRoutes(http, app);
  addQueryRoutes(http, app);
  await addRemoteReadRoute(http, app);
  addRuleRoutes(http, app);
  addStatusRoutes(http, app, flags);
  addAdminRoutes(http, app);
  await addAlertmanagerRoutes(http, app);
  const door = new PushDoor(app);
  await addPushRoute(http, app, door);
  await addOtlpRoute(http, app, door);
  await addPushgatewayRoutes(http, app, door);
  await addRemoteWriteRoute(http, app, door);
  await addUi(http, uiFolder, (path) => methodsByPath.get(path) ?? []);
}

async function bind(http: FastifyInstance, { host, port }: ListenAddress): Promise<ListenAddress> {
  try {
    await http.listen({ host, port });
  } catch (cause) {
    await http.close();
    throw new ConfigError(describeBindError(formatAddress({ host, port }), cause));
  }
  const address = http.server.address();
  return { host, port: typeof address === 'object' && address !== null ? address.port : port };
}

function describeBindError(address: string, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `can't listen on ${address}: the port is in use by another program; choose another one with --listen`;
    case 'EACCES':
      return `can't listen on ${address}: not permitted; ports below 1024 are for the administrator, choose another one with --listen`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `can't listen on ${address}: this machine has no such address; choose another one with --listen`;
    default:
      return `can't listen on ${address}: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

/** Lets requests under way end, but not for ever: a client that reads slowly does not keep the program running. */
async function closeInTime(http: FastifyInstance, app: App, underWay: RequestsUnderWay): Promise<void> {
  const done = new AbortController();
  await Promise.race([underWay.none(), app.clock.sleep(GRACE, done.signal)]);
  done.abort();
  await http.close();
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => (closing ??= close());
}
