import { isIP } from 'node:net';
import { ConfigError } from '@metrics-dashboard/sdk';
import type { Role } from '@metrics-dashboard/sdk';

/** Where the server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Whether nobody but this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** The role of who has not logged in, where the configuration does not say: everything is allowed to who is on this machine, or let in by a flag. */
export function anonymousDefault(host: string, allowAnonymous: boolean): Role | 'none' {
  return isLoopback(host) || allowAnonymous ? 'admin' : 'none';
}

/** Throws a `ConfigError` that names the ways out when anybody in the network could do anything. */
export function assertGuarded({ host, port }: ListenAddress, guard: { readonly auth: boolean; readonly allowAnonymous: boolean }): void {
  if (isLoopback(host) || guard.auth || guard.allowAnonymous) return;
  throw new ConfigError(
    `${host}:${port} can be reached from other machines, and anybody there could do anything; ` +
      'listen on 127.0.0.1, or name tokens or users under "auth:" in the configuration, or start with --allow-anonymous',
  );
}

/** An address as it is written, `[::1]:9700`. */
export function formatAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The address at which the server is reached from its own machine, `127.0.0.1:9700`: a wildcard is not one. */
export function ownAddress({ host, port }: ListenAddress): string {
  const own = host === '' || host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return formatAddress({ host: own, port });
}
