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
  const served = namesOf(listening);
  if (served !== 'any' && !isOwnName(host, served)) {
    return `this server does not go by the name ${JSON.stringify(host ?? '')}, expected ${[...served].join(', ')}`;
  }
  const { origin } = headers;
  if (origin !== undefined && !isSamePlace(origin, host)) return `requests from ${JSON.stringify(origin)} are not answered here`;
  // Without an Origin: an image or a script of another page. Following a link is no such thing.
  if (origin === undefined && headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate') {
    return 'requests from another site are not answered here';
  }
  return undefined;
}

function isOwnName(host: string | undefined, names: ReadonlySet<string>): boolean {
  return host !== undefined && names.has(host.includes(':') && !host.endsWith(']') ? host : `${host}:80`);
}

const names = new WeakMap<ListenAddress, ReadonlySet<string> | 'any'>();

/** Under which names a server that listens there is served. */
function namesOf(listening: ListenAddress): ReadonlySet<string> | 'any' {
  const known = names.get(listening);
  if (known !== undefined) return known;
  const { host, port } = listening;
  const own = new Set(['localhost', '127.0.0.1', '::1', host].map((name) => formatAddress({ host: name, port })));
  const found = isLoopback(host) ? own : 'any';
  names.set(listening, found);
  return found;
}

/** A proxy in front may speak TLS, so the scheme is not compared. */
function isSamePlace(origin: string, host: string | undefined): boolean {
  const place = /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase())?.[1];
  return place !== undefined && place === host;
}
