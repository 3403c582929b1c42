import { AuthError } from '@metrics-dashboard/sdk';
import type { AuthProvider, Credentials, Principal, Role } from '@metrics-dashboard/sdk';
import type { NamedConfig } from '../plugin/plugin-config.js';

/** Who is let in, and as what. */
export interface AuthRules {
  /** The role of who has not said who they are. */
  readonly anonymous: Role | 'none';
  /** The providers to ask, in order. */
  readonly providers: readonly NamedConfig[];
}

/** Rules that are ready to be put in force; one of the two is called, once. */
export interface PreparedRules {
  commit(): void;
  discard(): Promise<void>;
}

/** Each role may do what the ones before it may. */
const ROLES: readonly Role[] = ['viewer', 'editor', 'admin'];

/** Says who somebody is: asks the providers in order until one knows. Until rules are committed, nobody is let in. */
export class Authenticator {
  readonly #open: (named: NamedConfig) => Promise<AuthProvider>;
  #providers: readonly AuthProvider[] = [];
  #anonymous: Principal | undefined;

  /** `open` opens what the rules name, and rejects with a `ConfigError`. */
  constructor(open: (named: NamedConfig) => Promise<AuthProvider>) {
    this.#open = open;
  }

  /** Rejects with a `ConfigError`, and then nothing has changed. */
  async prepare(rules: AuthRules): Promise<PreparedRules> {
    const providers: AuthProvider[] = [];
    for (const named of rules.providers) providers.push(await this.#open(named));
    return {
      commit: () => {
        this.#providers = providers;
        this.#anonymous = rules.anonymous === 'none' ? undefined : withImpliedRoles({ name: 'anonymous', roles: [rules.anonymous] });
      },
      discard: () => Promise.resolve(),
    };
  }

  /** Whether somebody who has not said who they are may do anything. */
  get anonymous(): Principal | undefined {
    return this.#anonymous;
  }

  /**
   * Who it is, with all roles that theirs imply; without credentials, `anonymous`. Throws AuthError for credentials
   * that are wrong, or that no provider knows: who says who they are is never taken for somebody else.
   */
  async authenticate(credentials: Credentials | undefined, signal: AbortSignal): Promise<Principal | undefined> {
    if (credentials === undefined) return this.#anonymous;
    for (const provider of this.#providers) {
      const principal = await provider.authenticate(credentials, signal);
      if (principal !== undefined) return withImpliedRoles(principal);
    }
    throw new AuthError(credentials.kind === 'bearer' ? 'unknown token' : 'unknown user or wrong password');
  }
}

/**
 * The role of who has not logged in: as configured; where nothing is configured, everything is allowed to who can only
 * come from this machine, or whom the operator has let in by a flag.
 */
export function anonymousRole(
  configured: Role | 'none' | undefined,
  isLoopback: boolean,
  allowAnonymous: boolean,
): Role | 'none' {
  return configured ?? (isLoopback || allowAnonymous ? 'admin' : 'none');
}

function withImpliedRoles({ name, roles }: Principal): Principal {
  const highest = Math.max(-1, ...roles.map((role) => ROLES.indexOf(role)));
  return { name, roles: ROLES.slice(0, highest + 1) };
}
