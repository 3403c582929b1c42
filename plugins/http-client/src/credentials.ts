import type { HttpConfig } from './config.js';
import { secret } from './secret.js';

/** The value of the Authorization header; undefined when there are no credentials, or they are those of `oauth2`. */
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

/** `http_headers`, with what stands in files. */
export async function extraHeaders({ http_headers: headers }: HttpConfig): Promise<Record<string, string[]>> {
  const entries = Object.entries(headers).map(async ([name, { values, secrets, files }]) => {
    const read = await Promise.all(files.map((file) => secret(undefined, file)));
    return [name.toLowerCase(), [...values, ...secrets, ...read]] satisfies [string, string[]];
  });
  return Object.fromEntries(await Promise.all(entries));
}
