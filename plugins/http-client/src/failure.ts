import { ScrapeError } from '@metrics-dashboard/sdk';

/** What went wrong on the wire, by the code of Node.js, OpenSSL or undici, as a sentence about a place. */
const SENTENCES: Readonly<Record<string, (place: string, host: string) => string>> = {
  ECONNREFUSED: (place) => `connection refused: nothing listens on ${place}`,
  ENOTFOUND: (_, host) => `the host name ${JSON.stringify(host)} is not known`,
  EAI_AGAIN: (_, host) => `the host name ${JSON.stringify(host)} can't be looked up now: no name server answers`,
  ECONNRESET: (place) => `${place} closed the connection before its answer was complete`,
  EPIPE: (place) => `${place} closed the connection before its answer was complete`,
  UND_ERR_SOCKET: (place) => `${place} closed the connection before its answer was complete`,
  ERR_STREAM_PREMATURE_CLOSE: (place) => `${place} closed the connection before its answer was complete`,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: () => 'the body is not as long as its Content-Length says',
  ETIMEDOUT: (place) => `no connection: ${place} does not answer`,
  UND_ERR_CONNECT_TIMEOUT: (place) => `no connection: ${place} does not answer`,
  EHOSTUNREACH: (_, host) => `no connection: there is no route to ${host}`,
  ENETUNREACH: (_, host) => `no connection: there is no route to ${host}`,
  EACCES: (place) => `no connection: this machine does not allow it to ${place}`,
  UND_ERR_HEADERS_OVERFLOW: () => 'the headers of the answer are too large',
  DEPTH_ZERO_SELF_SIGNED_CERT: () => 'certificate not trusted: it is signed by itself; name its CA with tls_config.ca_file',
  SELF_SIGNED_CERT_IN_CHAIN: () => 'certificate not trusted: its CA is not known; name it with tls_config.ca_file',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: () => 'certificate not trusted: its CA is not known; name it with tls_config.ca_file',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: () => 'certificate not trusted: its CA is not known; name it with tls_config.ca_file',
  CERT_HAS_EXPIRED: () => 'certificate not trusted: it has expired',
  CERT_NOT_YET_VALID: () => 'certificate not trusted: it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: (_, host) => `certificate not trusted: it is not for ${host}; set tls_config.server_name`,
  ERR_SSL_WRONG_VERSION_NUMBER: (place) => `${place} does not speak TLS: the scheme should be http`,
  EPROTO: (place) => `${place} does not speak TLS as expected`,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: (place) => `${place} asks for a client certificate: set tls_config.cert_file and key_file`,
};

/**
 * The error of a failed scrape as a `ScrapeError` that a person understands; one that is already is returned as it is.
 * The original is its cause.
 */
export function scrapeFailure(error: unknown, url: URL): ScrapeError {
  const known = scrapeErrorIn(error);
  if (known !== undefined) return known;
  const sentence = sentenceOf(error, url);
  if (sentence !== undefined) return new ScrapeError(sentence, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new ScrapeError(`the scrape broke off: ${message}`, { cause: error });
}

/** What went wrong on the wire, for people; undefined where it is not known. Of the address, the host and port alone are named. */
export function sentenceOf(error: unknown, url: URL): string | undefined {
  const place = placeOf(url);
  const code = codeOf(error);
  const sentence = SENTENCES[code]?.(place, url.hostname);
  if (sentence !== undefined) return sentence;
  if (code.startsWith('ERR_SSL_')) return `${place} does not speak TLS as expected`;
  if (code.startsWith('HPE_') || isParserError(error)) return `${place} does not answer with HTTP`;
  const isDecompression = code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR');
  return isDecompression ? "the body can't be decompressed: it is damaged or was cut off" : undefined;
}

/** Whether the other side closed a connection that was there. */
export function isClosedConnection(error: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error));
}

/** `127.0.0.1:9100`, with the port even where the URL leaves it to the scheme. */
function placeOf(url: URL): string {
  return `${url.hostname}:${url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port}`;
}

/** Errors come wrapped: in a cause, or as one of several where a name has several addresses. */
function codeOf(error: unknown): string {
  for (const each of chain(error)) {
    if ('code' in each && typeof each.code === 'string' && each.code !== 'UND_ERR_SOCKET') return each.code;
  }
  for (const each of chain(error)) if ('code' in each && typeof each.code === 'string') return each.code;
  return '';
}

/** undici names the class; a code it gives only for some of what its parser meets. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

function scrapeErrorIn(error: unknown): ScrapeError | undefined {
  for (const each of chain(error)) if (each instanceof ScrapeError) return each;
  return undefined;
}

function* chain(error: unknown): Generator<Error> {
  if (!(error instanceof Error)) return;
  yield error;
  if (error instanceof AggregateError) for (const each of error.errors) yield* chain(each);
  yield* chain(error.cause);
}
