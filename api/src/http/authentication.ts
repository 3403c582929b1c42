import type { App } from '@metrics-dashboard/core';
import { AuthError, UnavailableError } from '@metrics-dashboard/sdk';
import type { Credentials, Principal } from '@metrics-dashboard/sdk';

/**
 * Who asks, by their `Authorization` header; without one, whoever may come anonymously, if anybody may.
 * Throws `AuthError` for credentials that are wrong, or that nobody knows; `UnavailableError` while the program
 * starts, when it does not know anybody yet.
 */
export async function identify(app: App, header: string | undefined, signal: AbortSignal): Promise<Principal | undefined> {
  try {
    const credentials = header === undefined ? undefined : credentialsOf(header);
    const principal = await app.auth.authenticate(credentials, signal);
    if (credentials !== undefined && principal === undefined) throw new AuthError('the credentials are not known here');
    return principal ?? app.auth.anonymous;
  } catch (error) {
    if (error instanceof AuthError && !app.isReady()) throw new UnavailableError('the server is not ready yet');
    throw error;
  }
}

/** `Bearer <token>` or `Basic <base64 of user:password>`. Throws `AuthError` for any other header. */
export function credentialsOf(header: string): Credentials {
  const [, scheme = '', value = ''] = /^(\S+)\s+(\S+)$/.exec(header.trim()) ?? [];
  if (scheme.toLowerCase() === 'bearer') return { kind: 'bearer', token: value };
  if (scheme.toLowerCase() === 'basic') return basic(Buffer.from(value, 'base64').toString('utf8'));
  throw new AuthError('unknown form of credentials, expected «Bearer <token>» or «Basic <base64>»');
}

function basic(pair: string): Credentials {
  const colon = pair.indexOf(':');
  if (colon < 0) throw new AuthError('basic credentials without a colon');
  return { kind: 'basic', user: pair.slice(0, colon), password: pair.slice(colon + 1) };
}
