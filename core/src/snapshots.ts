import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from '@metrics-dashboard/sdk';
import type { Clock } from '@metrics-dashboard/sdk';
import type { Engine } from './engine/engine.js';
import type { LateState } from './late-state.js';
import { copyDatabase } from './state/copy-database.js';
import { STATE_FILE } from './state/database.js';

/** Where snapshots are, in the data folder. */
const FOLDER = 'snapshots';
/** Groups of pushed metrics, in the data folder. */
const PUSHED = 'pushed';
/** The ending of a copy that is not whole yet, or is on its way elsewhere. */
const UNFINISHED = '.tmp';

export interface SnapshotsOptions {
  readonly dataDir: string;
  readonly engine: Engine;
  readonly state: LateState;
  readonly clock: Clock;
}

/** A copy of the data folder, which whoever asked for it owns. */
export interface Backup {
  /** Holds what the data folder holds, as it was at one moment; nothing in it changes. */
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/** Copies of what is kept, made while everything goes on; they share what they can with the data folder. */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #folder: string;

  constructor(options: SnapshotsOptions) {
    this.#options = options;
    this.#folder = join(options.dataDir, FOLDER);
  }

  /** Deletes what a crash left of a copy. */
  async clean(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) if (name.endsWith(UNFINISHED)) await rm(join(this.#folder, name), { recursive: true, force: true });
  }

  /** Copies the storage into `snapshots/<name>`, and answers the name, which is new. */
  async take({ withHead }: { readonly withHead: boolean }, signal: AbortSignal): Promise<string> {
    const name = this.#newName();
    const { folder, remove } = await this.#copy(name, (into) => this.#options.engine.snapshot({ folder: into, withHead }, signal));
    try {
      await rename(folder, join(this.#folder, name));
    } catch (cause) {
      await remove();
      throw new StorageError(`give the snapshot ${name} its name`, { file: folder, cause });
    }
    return name;
  }

  /** Copies everything: samples, the state database, pushed groups. */
  backUp(signal: AbortSignal): Promise<Backup> {
    const { engine, state, dataDir } = this.#options;
    return this.#copy(this.#newName(), async (into) => {
      await engine.snapshot({ folder: into, withHead: true }, signal);
      await copyDatabase(state.current, join(into, STATE_FILE));
      await cp(join(dataDir, PUSHED), join(into, PUSHED), { recursive: true, filter: (source) => !source.endsWith(UNFINISHED) }).catch(ignoreMissing);
    });
  }

  /** Makes a folder and has it filled; nothing is left of it when that fails. */
  async #copy(name: string, fill: (folder: string) => Promise<void>): Promise<Backup> {
    const folder = join(this.#folder, `${name}${UNFINISHED}`);
    const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
    try {
      await mkdir(folder, { recursive: true });
      await fill(folder);
      return { folder, remove };
    } catch (error) {
      await remove();
      throw isSystemError(error) ? new StorageError('copy the data folder', { file: folder, cause: error }) : error;
    }
  }

  /** `20260101T000000Z-2be650b6d019eb54`: when, and something that no other has. */
  #newName(): string {
    const at = new Date(this.#options.clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    return `${at}-${randomBytes(8).toString('hex')}`;
  }
}

function ignoreMissing(error: unknown): void {
  if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
}

function isSystemError(error: unknown): error is Error & { code: unknown } {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
