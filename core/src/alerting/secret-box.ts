import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError } from '@metrics-dashboard/sdk';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps texts so that a copy of the database without the key file tells nobody what they are. */
export class SecretBox {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** Reads the key from a file; makes one, for the owner's eyes alone, where there is no such file. Rejects with a `StorageError`. */
  static async open(file: string): Promise<SecretBox> {
    try {
      const key = (await keyIn(file)) ?? (await newKey(file));
      if (key.length !== KEY_BYTES) throw new Error(`${key.length} bytes, expected ${KEY_BYTES}`);
      return new SecretBox(key);
    } catch (cause) {
      throw new StorageError('read the key of secrets', { file, cause });
    }
  }

  /** nonce, tag and what is sealed, in base64. `place` is sealed with it: it opens nowhere else. */
  seal(text: string, place: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** Throws a `StorageError` for what was sealed with another key, in another place, or is damaged. */
  open(sealed: string, place: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const end = NONCE_BYTES + TAG_BYTES;
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(NONCE_BYTES, end));
      return Buffer.concat([decipher.update(bytes.subarray(end)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new StorageError(`what is sealed for ${JSON.stringify(place)} can't be opened: another key, or damaged`, { cause });
    }
  }
}

async function keyIn(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function newKey(file: string): Promise<Uint8Array> {
  await mkdir(dirname(file), { recursive: true });
  const key = randomBytes(KEY_BYTES);
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(key);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return key;
}
