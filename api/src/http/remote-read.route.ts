import { Readable } from 'node:stream';
import type { App, RemoteRead } from '@metrics-dashboard/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { compress, uncompress } from 'snappy';
import { ownBytes, requestError } from './push-door.js';
import { clientGone } from './request-context.js';

/** Of a request, out of its compression: a few selectors. */
const BODY_BYTES = 1024 * 1024;
const CHUNKED = 'application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse';

/**
 * Remote read: samples in one snappy-compressed protobuf, or XOR chunks in a stream, whichever the client names first.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/remote_read_api/.
 */
export async function addRemoteReadRoute(fastify: FastifyInstance, app: App): Promise<void> {
  await fastify.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES }, (_request, body, done) => done(null, body));
    scope.post('/api/v1/read', async (request, reply) => {
      const { form, pieces } = await app.engine.remoteRead(await bodyOf(request), clientGone(reply));
      return form === 'chunks' ? sendChunks(reply, pieces) : sendSamples(reply, pieces);
    });
  });
}

/** A stream that fails in its middle is cut, and the client sees that it has no end. */
function sendChunks(reply: FastifyReply, pieces: RemoteRead['pieces']): FastifyReply {
  return reply.type(CHUNKED).send(Readable.from(pieces, { objectMode: false }));
}

async function sendSamples(reply: FastifyReply, pieces: RemoteRead['pieces']): Promise<FastifyReply> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  const [only] = parts;
  const whole = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
  const compressed = await compress(Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength));
  return reply.type('application/x-protobuf').header('content-encoding', 'snappy').send(compressed);
}

async function bodyOf({ body, headers }: FastifyRequest): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = headers['content-encoding'] ?? 'snappy';
  if (encoding !== 'snappy') throw requestError(415, `content encoding ${JSON.stringify(encoding)}, expected snappy`);
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (lengthOf(bytes) > BODY_BYTES) throw requestError(413, `the request has more than ${BODY_BYTES} bytes`);
  try {
    const whole = await uncompress(bytes, { asBuffer: true });
    return ownBytes(Buffer.from(whole));
  } catch {
    throw requestError(400, 'the body is not a snappy block');
  }
}

/** What a snappy block says of its length, in a varint at its head: it is believed before there is room for it. */
function lengthOf(block: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return length;
  }
  return Infinity;
}
