import fs from 'node:fs';
import path from 'node:path';
import { StorageError } from '@metrics-dashboard/sdk';
import type { Disk } from './disk.js';
import { writeDurably } from './wal-checkpoint.js';

/**
 * The version of the data folder's layout that this program writes.
 *
 *     1   blocks and the log; the ranges of blocks begin with a multiple of 2 h
 *     2   rollups beside the blocks; tombstones in them; ranges end with a multiple of 2 h
 *
 * What version 1 wrote is read as it is and goes with time, by compaction and retention. Its program would show what was
 * deleted since, so a folder that this one opened is no longer its own.
 */
const FORMAT_VERSION = 2;

/** Its name. */
export const FORMAT_FILE = 'format';

/**
 * Checks the folder's format version, and writes it to a new folder and to one of an older version. A newer one is refused:
 * this program would not understand what it reads.
 */
export async function checkFormat(folder: string, disk: Disk): Promise<void> {
  const file = path.join(folder, FORMAT_FILE);
  const version = readVersion(file);
  if (version === FORMAT_VERSION) return;
  if (version !== undefined && version > FORMAT_VERSION) {
    throw new StorageError(
      `data folder of format version ${version}, this program reads up to ${FORMAT_VERSION}: run the version that wrote it`,
      { file },
    );
  }
  await writeDurably(file, `${FORMAT_VERSION}\n`, disk);
}

/** undefined: there is no such file. */
function readVersion(file: string): number | undefined {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new StorageError('read the format version of the data folder', { file, cause: error });
  }
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new StorageError(`format version ${JSON.stringify(text)} of the data folder, expected a number`, { file });
}
