import { AuthError } from '@metrics-dashboard/sdk';
import type { AuthProvider, Credentials, Principal, Role } from '@metrics-dashboard/sdk';

/** Each role may do what the ones before it may. */
const ROLES: readonly Role[] = ['viewer', 'editor', 'admin'];

/** Says who somebody is: asks the providers in order until one knows. */
export class Authenticator {
  /** Whether somebody who has not said who they are may do anything. */
  readonly anonymous: Principal | undefined;
  readonly #providers: readonly AuthProvider[];

  /** `anonymous` is the role of who has not said who they are. */
  constructor(anonymous: Role | 'none', providers: readonly AuthProvider[]) {
    this.anonymous = anonymous === 'none' ? undefined : withImpliedRoles({ name: 'anonymous', roles: [anonymous] });
    this.#providers = providers;
  }

  /**
   * Who it is, with all roles that theirs imply; without credentials, `anonymous`. Throws AuthError for credentials
   * that are wrong, or that no provider knows: who says who they are is never taken for somebody else.
   */
  async authenticate(credentials: Credentials | undefined, signal: AbortSignal): Promise<Principal | undefined> {
    if (credentials === undefined) return this.anonymous;
    for (const provider of this.#providers) {
      const principal = await provider.authenticate(credentials, signal);
      if (principal !== undefined) return withImpliedRoles(principal);
    }
    throw new AuthError(credentials.kind === 'bearer' ? 'unknown token' : 'unknown user or wrong password');
  }
}

function withImpliedRoles({ name, roles }: Principal): Principal {
  const highest = Math.max(-1, ...roles.map((role) => ROLES.indexOf(role)));
  return { name, roles: ROLES.slice(0, highest + 1) };
}
