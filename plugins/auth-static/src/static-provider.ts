import { createHmac, randomBytes } from 'node:crypto';
import { AuthError } from '@metrics-dashboard/sdk';
import type { AuthProvider, Credentials, Principal } from '@metrics-dashboard/sdk';
import type { StaticConfig } from './config.js';
import { isPassword, isToken } from './hash.js';
import type { PasswordHash } from './hash.js';

/** So many logins may wait for their turn; each takes tens of milliseconds, one after another. */
const MAX_WAITING = 64;

/** Stands in for the hash of a user that there is not, so that a login takes as long as any other. */
const NOBODY: PasswordHash = { cost: { N: 16_384, r: 8, p: 1 }, salt: Buffer.alloc(16), hash: Buffer.alloc(32) };

/**
 * Tokens and users of the configuration. A token or a user that is not among them is not ours to judge: another
 * provider may know it. A wrong password of a user that is among them is wrong.
 */
export class StaticProvider implements AuthProvider {
  readonly #config: StaticConfig;
  /** The last right password of each user, under a key of this process: a client sends it with every request. */
  readonly #known = new Map<string, string>();
  readonly #key = randomBytes(32);
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(config: StaticConfig) {
    this.#config = config;
  }

  authenticate(credentials: Credentials): Promise<Principal | undefined> {
    return credentials.kind === 'bearer'
      ? Promise.resolve(this.#byToken(credentials.token))
      : this.#byPassword(credentials.user, credentials.password);
  }

  #byToken(token: string): Principal | undefined {
    // All are compared, so that the time tells nothing about which one it was.
    const [found] = this.#config.tokens.filter(({ hash }) => isToken(token, hash));
    return found && { name: found.name, roles: [found.role] };
  }

  async #byPassword(name: string, password: string): Promise<Principal | undefined> {
    const user = this.#config.users.find((each) => each.name === name);
    const digest = createHmac('sha256', this.#key).update(password).digest('base64');
    const isRight =
      (user !== undefined && this.#known.get(name) === digest) ||
      (await this.#inTurn(() => isPassword(password, user?.password_hash ?? NOBODY)));
    if (user === undefined) return undefined;
    if (!isRight) throw new AuthError(`wrong password of user ${JSON.stringify(name)}`);
    this.#known.set(name, digest);
    return { name, roles: [user.role] };
  }

  /** One at a time, since each takes a thread and memory of its own. */
  async #inTurn(check: () => Promise<boolean>): Promise<boolean> {
    if (this.#waiting >= MAX_WAITING) throw new AuthError('too many logins at once, try again');
    this.#waiting += 1;
    const turn = this.#turn.then(check);
    this.#turn = turn.catch(() => false);
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }
}
