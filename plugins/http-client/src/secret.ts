import { readFile } from 'node:fs/promises';
import { ScrapeError } from '@metrics-dashboard/sdk';

/**
 * A secret, of the configuration or of a file, which is read each time, so that a rotated one needs no reload.
 * Throws a `ScrapeError` that names the file, never what is in it.
 */
export async function secret(text: string | undefined, file: string | undefined): Promise<string> {
  if (file === undefined) return text ?? '';
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new ScrapeError(`the credentials in ${JSON.stringify(file)} can't be read`, { cause: error });
  }
}
