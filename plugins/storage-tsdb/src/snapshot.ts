import fs from 'node:fs';
import path from 'node:path';
import { StorageError } from '@metrics-dashboard/sdk';
import type { BlockStore } from './block-store.js';
import type { CommitQueue } from './commit-queue.js';
import type { Disk } from './disk.js';
import { yieldToLoop } from './disk.js';

/** Files linked before other work of the thread gets a turn. */
const SLICE_FILES = 256;

export interface SnapshotParts {
  /** The storage's folder. */
  readonly dataDir: string;
  readonly walFolder: string;
  readonly stores: readonly BlockStore[];
  /** Small files that are replaced and never written to. */
  readonly files: readonly string[];
  readonly commits: CommitQueue;
  readonly disk: Disk;
}

/**
 * Makes a folder that has what the storage's has, by hard links: blocks, and segments of the log that are closed, never
 * change, and all other files are replaced as a whole. Blocks must neither come nor go meanwhile. Nothing is left of the
 * folder when it can't be made.
 */
export async function takeSnapshot(
  parts: SnapshotParts,
  folder: string,
  { withHead, signal }: { readonly withHead: boolean; readonly signal: AbortSignal },
): Promise<void> {
  fs.mkdirSync(folder);
  try {
    const links = new Links(parts.dataDir, folder, parts.disk, signal);
    for (const file of parts.files) await links.file(file);
    for (const store of parts.stores) {
      await links.folder(store.folder);
      for (const block of store.all) await links.contents(block.folder);
    }
    if (withHead) await linkLog(parts, links);
    await links.sync();
  } catch (cause) {
    fs.rmSync(folder, { recursive: true, force: true });
    signal.throwIfAborted();
    throw new StorageError(`make the snapshot ${JSON.stringify(folder)}`, { file: folder, retryable: true, cause });
  }
}

/** What was acknowledged up to now is in segments that are closed then. */
async function linkLog({ commits, walFolder }: SnapshotParts, links: Links): Promise<void> {
  const { segment } = await commits.rotate(() => undefined);
  await links.contents(walFolder, (name) => !/^\d+$/.test(name) || Number(name) < segment);
}

/** Links files of one folder into another, at the same places. */
class Links {
  readonly #from: string;
  readonly #to: string;
  readonly #disk: Disk;
  readonly #signal: AbortSignal;
  readonly #folders = new Set<string>();
  #done = 0;

  constructor(from: string, to: string, disk: Disk, signal: AbortSignal) {
    this.#from = from;
    this.#to = to;
    this.#disk = disk;
    this.#signal = signal;
    this.#folders.add(to);
  }

  /** A file, if there is one. */
  async file(file: string): Promise<void> {
    if (++this.#done % SLICE_FILES === 0) await yieldToLoop();
    this.#signal.throwIfAborted();
    if (!fs.existsSync(file)) return;
    const target = this.#placeOf(file);
    await this.folder(path.dirname(file));
    await linkOrCopy(file, target, this.#disk);
  }

  /** Makes the place of a folder. */
  async folder(folder: string): Promise<void> {
    const target = this.#placeOf(folder);
    if (this.#folders.has(target)) return;
    if (path.dirname(target) !== target) await this.folder(path.dirname(folder));
    fs.mkdirSync(target);
    this.#folders.add(target);
  }

  /** The files in a folder, those below excepted. */
  async contents(folder: string, isWanted: (name: string) => boolean = () => true): Promise<void> {
    await this.folder(folder);
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const isWhole = entry.isFile() && !entry.name.endsWith('.tmp') && !entry.name.endsWith('.damaged');
      if (isWhole && isWanted(entry.name)) await this.file(path.join(folder, entry.name));
    }
  }

  async sync(): Promise<void> {
    for (const folder of [...this.#folders].reverse()) await this.#disk.syncFolder(folder);
    await this.#disk.syncFolder(path.dirname(this.#to));
  }

  #placeOf(file: string): string {
    return path.join(this.#to, path.relative(this.#from, file));
  }
}

/** Some file systems know no links. */
async function linkOrCopy(file: string, target: string, disk: Disk): Promise<void> {
  try {
    fs.linkSync(file, target);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EMLINK' && code !== 'EXDEV') throw error;
    await fs.promises.copyFile(file, target);
    const fd = fs.openSync(target, 'r+');
    try {
      await disk.sync(fd);
    } finally {
      fs.closeSync(fd);
    }
  }
}
