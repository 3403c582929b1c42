import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Readable, Transform } from 'node:stream';
import { ScrapeError } from '@metrics-dashboard/sdk';

/** What a target is told that it may compress with. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** No body is larger, whatever the job allows: a target that never ends must not take the server down. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Reads a body whole and decompresses it on the way. Bytes are counted as they come out of the decompressor, so one
 * that would fill the memory is cut off as soon as it is past `limit`; 0 is the most that any body may have.
 * Throws a `ScrapeError` for a body that is too large, the stream's own error for one that ends early or can't be
 * decompressed; whoever lent the body destroys it then.
 */
export async function readBody(body: Readable, encoding: string, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const most = limit > 0 ? Math.min(limit, MOST_BYTES) : MOST_BYTES;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of decompressed(body, encoding)) {
    size += chunk.length;
    if (size > most) throw new ScrapeError(`body larger than ${formatBytes(most)}`);
    chunks.push(chunk);
  }
  return joined(chunks, size);
}

/** 10485760 to `10 MB`: units of 1024, as the configuration reads them. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toFixed(1))} ${units[unit]}`;
}

function decompressed(body: Readable, encoding: string): AsyncIterable<Uint8Array> {
  const decompressor = decompressorFor(encoding);
  if (decompressor === undefined) return body;
  body.on('error', (error) => decompressor.destroy(error));
  return body.pipe(decompressor);
}

function decompressorFor(encoding: string): Transform | undefined {
  switch (encoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new ScrapeError(`the body is compressed with ${JSON.stringify(encoding)}, which was not asked for`);
  }
}

/** One buffer of its own, not a part of a shared pool, since the receiver may move it to another thread. */
function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
