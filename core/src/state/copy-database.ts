import { StorageError } from '@metrics-dashboard/sdk';
import { sql } from 'kysely';
import type { StateDatabase } from './database.js';

/**
 * Writes the embedded database, as it is at one moment, into a new file; one that is elsewhere is left alone.
 * Answers whether there is a file. Throws a `StorageError`.
 */
export async function copyDatabase({ dialect, queries }: StateDatabase, file: string): Promise<boolean> {
  if (dialect !== 'sqlite') return false;
  try {
    await sql`VACUUM INTO ${file}`.execute(queries);
    return true;
  } catch (cause) {
    throw new StorageError('copy the state database', { file, cause });
  }
}
