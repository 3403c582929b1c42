import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { ScrapeError } from '@metrics-dashboard/sdk';
import type { ProxyConfig, TlsConfig } from './config.js';
import type { ProxyFor } from './proxy.js';

const VERSIONS = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

/** Longer than any sensible timeout, which is what ends a connection attempt; this only frees the socket afterwards. */
const CONNECT_TIMEOUT = 60_000;

export interface ConnectorOptions {
  readonly tls: TlsConfig;
  readonly allowH2: boolean;
  readonly proxy: ProxyFor;
  readonly connectHeaders: ProxyConfig['proxy_connect_header'];
}

/** Opens connections with TLS options; to an https address behind a proxy, through a tunnel. */
export function connectorFor({ tls, allowH2, proxy, connectHeaders }: ConnectorOptions): buildConnector.connector {
  const plain = buildConnector({ timeout: CONNECT_TIMEOUT, allowH2 });
  return (options, callback) => {
    if (options.protocol !== 'https:') return plain(options, callback);
    const connect = async (): Promise<void> => {
      const secure = await tlsOptions(tls);
      const through = proxy(new URL(`https://${options.host ?? options.hostname}`));
      const httpSocket = through && (await tunnel(through, options, connectHeaders));
      const connector = buildConnector({ timeout: CONNECT_TIMEOUT, allowH2, ...secure });
      connector(httpSocket === undefined ? options : { ...options, httpSocket }, callback);
    };
    connect().catch((error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null));
  };
}

/** `Basic …` of what a proxy's address says; undefined when it says nothing. */
export function proxyAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
}

/** A connection to the other side of a proxy. */
function tunnel(proxy: URL, { hostname, port }: buildConnector.Options, headers: ConnectorOptions['connectHeaders']): Promise<Socket> {
  const authority = `${hostname}:${port === '' ? '443' : port}`;
  const authorization = proxyAuthorization(proxy);
  const request = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const asking = request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
      method: 'CONNECT',
      path: authority,
      agent: false,
      timeout: CONNECT_TIMEOUT,
      headers: { host: authority, ...headers, ...(authorization !== undefined && { 'proxy-authorization': authorization }) },
    });
    asking.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new ScrapeError(`the proxy ${proxy.host} does not connect to ${authority}: status ${statusCode}`));
    });
    asking.once('response', (response) => {
      response.destroy();
      reject(new ScrapeError(`the proxy ${proxy.host} does not connect to ${authority}: status ${response.statusCode}`));
    });
    asking.once('timeout', () => asking.destroy());
    asking.once('error', (error) => reject(new ScrapeError(`the proxy ${proxy.host} can't be reached: ${error.message}`, { cause: error })));
    asking.end();
  });
}

/** `tls_config` as Node.js takes it. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly minVersion?: (typeof VERSIONS)[keyof typeof VERSIONS];
  readonly maxVersion?: (typeof VERSIONS)[keyof typeof VERSIONS];
  readonly rejectUnauthorized: boolean;
}

/** Reads the files that `tls_config` names. Rejects with a `ScrapeError` that names the file. */
export async function tlsOptions(tls: TlsConfig): Promise<TlsOptions> {
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
