import { Readable } from 'node:stream';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, gunzipSync } from 'node:zlib';
import { ScrapeError } from '@metrics-dashboard/sdk';

/** What a target is told that it may compress with. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** No body is larger, whatever the job allows. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The most bytes of a body where the job does not say: a target that never ends must not take the server down. */
const USUAL_BYTES = 64 * 1024 * 1024;

/** What is decompressed in one go, on this thread: the way to another one and back costs more than that. */
const SMALL = { compressed: 128 * 1024, plain: 2 * 1024 * 1024 } as const;

/** The most bytes of a body, as it is sent and once decompressed; 0 is what the job says when it says nothing. */
export function mostBytes(limit: number): number {
  return limit > 0 ? Math.min(limit, MOST_BYTES) : USUAL_BYTES;
}

/** That a body is over its limit. */
export function tooLarge(most: number): ScrapeError {
  return new ScrapeError(`body larger than ${formatBytes(most)}`);
}

/** What came of a body, and how much that is. */
interface CompressedBody {
  readonly chunks: readonly Uint8Array[];
  readonly size: number;
}

/**
 * A body that is here whole, decompressed. Throws a `ScrapeError` as soon as it is past `limit`, the decompressor's
 * own error for one that is damaged, the signal's reason when it takes too long.
 */
export async function decompress({ chunks, size }: CompressedBody, encoding: string, limit: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const body = joined(chunks, size);
  const kind = encoding.trim().toLowerCase();
  if (kind === '' || kind === 'identity') return body;
  if ((kind === 'gzip' || kind === 'x-gzip') && size <= SMALL.compressed) {
    const whole = gunzipSmall(body, Math.min(SMALL.plain, mostBytes(limit)));
    if (whole !== undefined) return whole;
  }
  return readBody(Readable.from([body]), encoding, limit, signal);
}

/** undefined: it is larger than that. */
function gunzipSmall(body: Uint8Array<ArrayBuffer>, most: number): Uint8Array<ArrayBuffer> | undefined {
  // The last four bytes say how large it was; who lies there only costs a second piece.
  const said = body.length < 18 ? 0 : new DataView(body.buffer, body.byteLength - 4, 4).getUint32(0, true);
  const chunkSize = Math.min(Math.max(said + 64, 1024), most + 64);
  try {
    return new Uint8Array(gunzipSync(body, { maxOutputLength: most, chunkSize }));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Reads a body whole and decompresses it on the way. Bytes are counted as they come out of the decompressor, so one
 * that would fill the memory is cut off as soon as it is past `limit`; 0 is the usual most.
 * Throws a `ScrapeError` for a body that is too large, the stream's own error for one that ends early or can't be
 * decompressed; whoever lent the body destroys it then.
 */
export async function readBody(body: Readable, encoding: string, limit: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const most = mostBytes(limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of decompressed(body, encoding)) {
    signal?.throwIfAborted();
    size += chunk.length;
    if (size > most) throw tooLarge(most);
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
