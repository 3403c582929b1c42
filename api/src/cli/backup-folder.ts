import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, rmdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, messageOf } from '@metrics-dashboard/sdk';
import type { TarEntry } from '../archive/tar-format.js';
import type { TarSink } from '../archive/tar-reader.js';

/** Written last: without it a backup is not whole. */
const MANIFEST = 'backup.json';
const VERSION = 1;
const PIECE_BYTES = 1 << 20;

interface KeptFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a folder with a backup holds. */
export interface Manifest {
  readonly version: number;
  /** When it was made. */
  readonly at: string;
  readonly files: readonly KeptFile[];
}

/** Bytes of all files. */
export function bytesOf({ files }: Manifest): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Puts the files of a backup into a folder, durably, and remembers what they were. */
export class BackupFolder implements TarSink {
  readonly #folder: string;
  readonly #files: KeptFile[] = [];
  readonly #folders = new Set<string>();
  #current: { readonly path: string; readonly handle: FileHandle; readonly hash: ReturnType<typeof createHash>; bytes: number } | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws a `ConfigError` for a folder in which there is something. */
  static async make(folder: string): Promise<BackupFolder> {
    await assertEmpty(folder);
    await mkdir(folder, { recursive: true });
    return new BackupFolder(folder);
  }

  async begin({ path }: TarEntry): Promise<void> {
    const file = join(this.#folder, path);
    await this.#makeFolder(dirname(file));
    this.#current = { path, handle: await open(file, 'wx'), hash: createHash('sha256'), bytes: 0 };
  }

  async write(bytes: Uint8Array): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    current.hash.update(bytes);
    current.bytes += bytes.length;
    await current.handle.writeFile(bytes);
  }

  async end(): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    await current.handle.sync();
    await current.handle.close();
    this.#files.push({ path: current.path, bytes: current.bytes, sha256: current.hash.digest('hex') });
  }

  /** Says that all files are there. */
  async finish(at: Date): Promise<Manifest> {
    const manifest = { version: VERSION, at: at.toISOString(), files: this.#files };
    for (const folder of this.#folders) await syncFolder(folder);
    await this.begin({ path: MANIFEST, bytes: 0 });
    await this.write(Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
    await this.end();
    await syncFolder(this.#folder);
    return { ...manifest, files: this.#files.filter(({ path }) => path !== MANIFEST) };
  }

  /** Closes what is open. */
  async close(): Promise<void> {
    await this.#current?.handle.close();
    this.#current = undefined;
  }

  async #makeFolder(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return;
    await mkdir(folder, { recursive: true });
    this.#folders.add(folder);
  }
}

/**
 * Copies a backup to where a data folder is to be, and compares every byte. The data folder is there as a whole or not at
 * all. Throws a `ConfigError` that says what is wrong with either folder.
 */
export async function restoreInto(data: string, backup: string): Promise<Manifest> {
  const manifest = await readManifest(backup);
  await assertEmpty(data);
  const beside = `${resolve(data)}.restoring`;
  await rm(beside, { recursive: true, force: true });
  const folders = new Set([beside]);
  for (const file of manifest.files) {
    const target = join(beside, file.path);
    await mkdir(dirname(target), { recursive: true });
    folders.add(dirname(target));
    await copyChecked(join(backup, file.path), target, file);
  }
  await mkdir(beside, { recursive: true });
  for (const folder of folders) await syncFolder(folder);
  await rmdir(data).catch(ignoreMissing);
  await rename(beside, data);
  await syncFolder(dirname(resolve(data)));
  return manifest;
}

async function copyChecked(from: string, to: string, { path, bytes, sha256 }: KeptFile): Promise<void> {
  const source = await open(from, 'r').catch((cause: unknown) => damaged(path, messageOf(cause)));
  try {
    const target = await open(to, 'wx');
    try {
      const hash = createHash('sha256');
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      let copied = 0;
      for (;;) {
        const { bytesRead } = await source.read(piece, 0, piece.length);
        if (bytesRead === 0) break;
        hash.update(piece.subarray(0, bytesRead));
        await target.writeFile(piece.subarray(0, bytesRead));
        copied += bytesRead;
      }
      await target.sync();
      if (copied !== bytes) damaged(path, `${copied} bytes, expected ${bytes}`);
      const met = hash.digest('hex');
      if (met !== sha256) damaged(path, `checksum ${met}, expected ${sha256}`);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function damaged(path: string, reason: string): never {
  throw new ConfigError(`the backup is damaged: ${path}: ${reason}`);
}

async function readManifest(backup: string): Promise<Manifest> {
  const file = join(backup, MANIFEST);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${backup} holds no whole backup, ${MANIFEST} can't be read`, { cause });
  }
  const manifest = parsed(text);
  if (manifest === undefined) throw new ConfigError(`${file} is damaged`);
  if (manifest.version > VERSION) throw new ConfigError(`backup of version ${manifest.version}, this program reads up to ${VERSION}`);
  return manifest;
}

function parsed(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { version, at, files } = value as Partial<Record<string, unknown>>;
  return typeof version === 'number' && typeof at === 'string' && Array.isArray(files) && files.every(isKeptFile);
}

function isKeptFile(value: unknown): value is KeptFile {
  if (typeof value !== 'object' || value === null) return false;
  const { path, bytes, sha256 } = value as Partial<Record<string, unknown>>;
  return typeof path === 'string' && !path.split('/').includes('..') && typeof bytes === 'number' && typeof sha256 === 'string';
}

async function assertEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    ignoreMissing(error);
    return [];
  });
  if (names.length > 0) throw new ConfigError(`${folder} is not empty; choose another folder, or move what is there away`);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
