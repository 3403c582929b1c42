import { readFile } from 'node:fs/promises';
import { buildConnector } from 'undici';
import { ScrapeError } from '@metrics-dashboard/sdk';
import type { TlsConfig } from './config.js';

const VERSIONS = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

/** Longer than any sensible scrape timeout, which is what ends a connection attempt; this only frees the socket afterwards. */
const CONNECT_TIMEOUT = 60_000;

/** Opens connections with a job's TLS options. */
export function connectorFor(tls: TlsConfig, allowH2: boolean): buildConnector.connector {
  const plain = buildConnector({ timeout: CONNECT_TIMEOUT, allowH2 });
  return (options, callback) => {
    if (options.protocol !== 'https:') return plain(options, callback);
    tlsOptions(tls).then(
      (secure) => buildConnector({ timeout: CONNECT_TIMEOUT, allowH2, ...secure })(options, callback),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}

async function tlsOptions(tls: TlsConfig): Promise<buildConnector.BuildOptions> {
  const [ca, cert, key] = await Promise.all([
    pem(tls.ca, tls.ca_file),
    pem(tls.cert, tls.cert_file),
    pem(tls.key, tls.key_file),
  ]);
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(tls.server_name !== undefined && { servername: tls.server_name }),
    ...(tls.min_version !== undefined && { minVersion: VERSIONS[tls.min_version] }),
    ...(tls.max_version !== undefined && { maxVersion: VERSIONS[tls.max_version] }),
    rejectUnauthorized: !tls.insecure_skip_verify,
  };
}

async function pem(text: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return text;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ScrapeError(`tls_config: ${JSON.stringify(file)} can't be read`, { cause: error });
  }
}
