import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { RequestOptions } from 'node:https';

/** Of an answer, so much is read before the connection is cut; nobody needs what it says. */
const ANSWER_LIMIT = 65_536;

/**
 * Posts a body over a connection of its own and resolves with the status of the answer. Redirects are not followed.
 * Rejects with the error of the network; when the signal aborts, everything is closed.
 */
export function post(url: URL, body: string, options: RequestOptions, signal: AbortSignal): Promise<number> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const sending = request(url, {
      ...options,
      method: 'POST',
      agent: false,
      signal,
      headers: { 'content-type': 'application/json', 'content-length': bytes.length, ...options.headers },
    });
    sending.on('error', reject);
    sending.on('response', (answer) => readAnswer(answer, resolve, reject));
    sending.end(bytes);
  });
}

function readAnswer(answer: IncomingMessage, resolve: (status: number) => void, reject: (error: Error) => void): void {
  let size = 0;
  answer.on('error', reject);
  answer.on('close', () => resolve(answer.statusCode ?? 0));
  answer.on('data', (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > ANSWER_LIMIT) answer.destroy();
  });
}
