import { formatAddress, isLoopback } from '@metrics-dashboard/core';
import type { ListenAddress } from '@metrics-dashboard/core';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Why a request may not come in, or undefined. A page of another site must not reach a server that trusts its own
 * machine: neither under a name that the page's owner made point here (Host), nor from its own place (Origin).
 *
 * On a loopback address only the names of this machine are served. On any other one every name is, since the server
 * can't know them all, and there callers have to say who they are. A request with an Origin must come from the very
 * place it goes to; programs send none.
 */
export function refusalOf(headers: IncomingHttpHeaders, listening: ListenAddress): string | undefined {
  const host = headers.host?.toLowerCase();
  if (isLoopback(listening.host) && !isOwnName(host, listening)) {
    return `this server does not go by the name ${JSON.stringify(host ?? '')}, expected ${namesOf(listening).join(', ')}`;
  }
  const { origin } = headers;
  if (origin !== undefined && !isSamePlace(origin, host)) return `requests from ${JSON.stringify(origin)} are not answered here`;
  // Without an Origin: an image or a script of another page. Following a link is no such thing.
  if (origin === undefined && headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate') {
    return 'requests from another site are not answered here';
  }
  return undefined;
}

function isOwnName(host: string | undefined, listening: ListenAddress): boolean {
  return host !== undefined && namesOf(listening).includes(host.includes(':') && !host.endsWith(']') ? host : `${host}:80`);
}

function namesOf({ host, port }: ListenAddress): readonly string[] {
  const names = new Set(['localhost', '127.0.0.1', '::1', host]);
  return [...names].map((name) => formatAddress({ host: name, port }));
}

/** A proxy in front may speak TLS, so the scheme is not compared. */
function isSamePlace(origin: string, host: string | undefined): boolean {
  const place = /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase())?.[1];
  return place !== undefined && place === host;
}
