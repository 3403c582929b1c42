import { readFile } from 'node:fs/promises';
import { ScrapeError } from '@metrics-dashboard/sdk';
import type { HttpConfig } from './config.js';

/**
 * The value of the Authorization header; undefined when the job has no credentials. Files are read each time, so that
 * a rotated secret needs no reload. Throws a `ScrapeError` that names the file, never what is in it.
 */
export async function authorizationHeader(config: HttpConfig): Promise<string | undefined> {
  const { basic_auth: basic, authorization, bearer_token: token, bearer_token_file: tokenFile } = config;
  if (basic !== undefined) {
    const user = await secret(basic.username, basic.username_file);
    const password = await secret(basic.password, basic.password_file);
    return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }
  if (authorization !== undefined) {
    return `${authorization.type} ${await secret(authorization.credentials, authorization.credentials_file)}`;
  }
  if (token !== undefined || tokenFile !== undefined) return `Bearer ${await secret(token, tokenFile)}`;
  return undefined;
}

async function secret(text: string | undefined, file: string | undefined): Promise<string> {
  if (file === undefined) return text ?? '';
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new ScrapeError(`the credentials in ${JSON.stringify(file)} can't be read`, { cause: error });
  }
}
