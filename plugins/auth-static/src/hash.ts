import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { ScryptOptions } from 'node:crypto';

const TOKEN = /^sha256:([0-9a-f]{64})$/;
const PASSWORD = /^scrypt:(\d+):(\d+):(\d+):([A-Za-z0-9+/]+={0,2}):([A-Za-z0-9+/]+={0,2})$/;

/** What a new password hash costs: 16 MB and some tens of milliseconds. */
const COST = { N: 16_384, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** A hash in the configuration must not cost more memory than this, else a login could stop the server. */
const MAX_MEMORY = 256 * 1024 * 1024;

/** A password's hash, taken apart. */
export interface PasswordHash {
  readonly cost: { readonly N: number; readonly r: number; readonly p: number };
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** `sha256:<hex>`. A token is long and random, so one round is enough. */
export function hashToken(token: string): string {
  return `sha256:${sha256(token).toString('hex')}`;
}

/** `scrypt:<N>:<r>:<p>:<salt>:<hash>`, the last two in base64; another one each time. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, HASH_BYTES, COST);
  return `scrypt:${COST.N}:${COST.r}:${COST.p}:${salt.toString('base64')}:${hash.toString('base64')}`;
}

/** The bytes of `sha256:<hex>`; undefined for any other text. */
export function parseTokenHash(text: string): Buffer | undefined {
  const [, hex] = TOKEN.exec(text) ?? [];
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

/** Undefined for a text of another form, or with a cost that scrypt does not take or the server can't afford. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const [, N, r, p, salt, hash] = PASSWORD.exec(text) ?? [];
  if (salt === undefined || hash === undefined) return undefined;
  const parsed = {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  return isAffordable(parsed.cost) && parsed.hash.length >= 16 ? parsed : undefined;
}

/** Takes as long for a token that is nearly right as for any other. */
export function isToken(token: string, hash: Buffer): boolean {
  return timingSafeEqual(sha256(token), hash);
}

export async function isPassword(password: string, { cost, salt, hash }: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, salt, hash.length, cost), hash);
}

function isAffordable({ N, r, p }: PasswordHash['cost']): boolean {
  const isPowerOfTwo = N > 1 && Number.isInteger(Math.log2(N));
  return isPowerOfTwo && r >= 1 && p >= 1 && p <= 16 && 128 * N * r <= MAX_MEMORY;
}

function derive(password: string, salt: Buffer, length: number, cost: PasswordHash['cost']): Promise<Buffer> {
  // scrypt needs 128·N·r bytes, and some more for each of its p parts.
  const options: ScryptOptions = { ...cost, maxmem: 2 * MAX_MEMORY };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
