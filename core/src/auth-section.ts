import type { AuthProvider, Credentials, Principal, Role } from '@metrics-dashboard/sdk';
import type { Authenticator } from './app.js';
import type { Config } from './config/config.js';
import type { ConfigSection, Prepared } from './config/reload.js';
import type { NamedConfig } from './plugin/plugin-config.js';

export interface AuthSectionOptions {
  /** Opens a provider that the configuration names. Rejects with a `ConfigError`. */
  readonly open: (named: NamedConfig) => Promise<AuthProvider>;
  /** Asked before those of the configuration. */
  readonly builtIn: readonly AuthProvider[];
  readonly make: (anonymous: Role | 'none', providers: readonly AuthProvider[]) => Authenticator;
  /** The role of everybody where the configuration has no `auth:`. */
  readonly anonymousWithoutAuth: Role | 'none';
}

/** Who may come in, by the configuration in force. */
export class AuthSection implements Authenticator, ConfigSection {
  readonly name = 'auth';
  readonly #options: AuthSectionOptions;
  #current: Authenticator;

  constructor(options: AuthSectionOptions) {
    this.#options = options;
    // Until a configuration is in force, only the house itself comes in.
    this.#current = options.make('none', options.builtIn);
  }

  get anonymous(): Principal | undefined {
    return this.#current.anonymous;
  }

  authenticate(credentials: Credentials | undefined, signal: AbortSignal): Promise<Principal | undefined> {
    return this.#current.authenticate(credentials, signal);
  }

  async prepare({ auth }: Config): Promise<Prepared> {
    const { open, builtIn, make, anonymousWithoutAuth } = this.#options;
    const providers: AuthProvider[] = [...builtIn];
    for (const named of auth?.providers ?? []) providers.push(await open(named));
    const next = make(auth?.anonymous ?? anonymousWithoutAuth, providers);
    return { commit: () => void (this.#current = next), discard: () => undefined };
  }
}
