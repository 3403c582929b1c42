import fs from 'node:fs';
import path from 'node:path';
import { StorageError } from '@metrics-dashboard/sdk';
import type { Disk } from './disk.js';
import { writeDurably } from './wal-checkpoint.js';

/** The version of the data folder's layout that this program writes. */
export const FORMAT_VERSION = 1;

/** Its name. */
export const FORMAT_FILE = 'format';

/**
 * Checks the folder's format version, and writes it to a new folder. A newer one is refused: this program would not
 * understand what it reads.
 */
export async function checkFormat(folder: string, disk: Disk): Promise<void> {
  const file = path.join(folder, FORMAT_FILE);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw new StorageError('read the format version of the data folder', { file, cause: error });
    }
    await writeDurably(file, `${FORMAT_VERSION}\n`, disk);
    return;
  }
  const version = /^\d+$/.test(text) ? Number(text) : undefined;
  if (version === undefined) {
    throw new StorageError(`format version ${JSON.stringify(text)} of the data folder, expected a number`, { file });
  }
  if (version > FORMAT_VERSION) {
    throw new StorageError(
      `data folder of format version ${version}, this program reads up to ${FORMAT_VERSION}: run the version that wrote it`,
      { file },
    );
  }
}
