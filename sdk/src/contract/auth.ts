export type Role = 'viewer' | 'editor' | 'admin';

/** Who asks. */
export interface Principal {
  readonly name: string;
  readonly roles: readonly Role[];
}

export type Credentials =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string };

/** Says who somebody is. What they may do is the core's, in one table. */
export interface AuthProvider {
  /** undefined: these credentials are not mine to judge. Throws AuthError: mine, and wrong. */
  authenticate(credentials: Credentials, signal: AbortSignal): Promise<Principal | undefined>;
}
