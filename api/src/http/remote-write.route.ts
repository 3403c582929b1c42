import type { App, IngestReport, Refusal, RefusalReason } from '@metrics-dashboard/core';
import { Labels, UnavailableError } from '@metrics-dashboard/sdk';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendText } from './plain-answer.js';
import { PushSource } from './push-source.js';

/** Of a compressed body. Senders make batches of some hundred kilobytes. */
const BODY_BYTES = 32 * 1024 * 1024;
/** Bodies that are held at once; a sender beyond it is asked to come again. */
const AT_ONCE = 64;

/**
 * Remote write 1.0, as a receiver: a snappy-compressed protobuf; 204 when all is stored; 400 for what must not be sent
 * again, while the good samples of the body are stored; 503 for what may be.
 * Source: https://prometheus.io/docs/specs/prw/remote_write_spec/.
 */
export async function addRemoteWriteRoute(fastify: FastifyInstance, app: App): Promise<void> {
  const source = new PushSource(app, 'remote write');
  let held = 0;
  await fastify.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES }, (_request, body, done) => done(null, body));
    scope.post('/api/v1/write', {
      bodyLimit: BODY_BYTES,
      preParsing: async (request) => {
        const unsupported = unsupportedOf(request);
        if (unsupported) throw Object.assign(new Error(unsupported), { statusCode: 415 });
        if (held >= AT_ONCE) throw new UnavailableError(`${held} pushes are being taken, come again`);
      },
      handler: async (request, reply) => {
        held++;
        try {
          return answer(reply, await source.ingest(deliveryOf(request, app.clock.now())));
        } finally {
          held--;
        }
      },
    });
  });
}

/** Why a body of this form is not taken. A sender of version 1.0 may leave out what can only be one thing. */
function unsupportedOf({ headers }: FastifyRequest): string | undefined {
  const [type = '', ...parameters] = (headers['content-type'] ?? 'application/x-protobuf').toLowerCase().split(';').map((part) => part.trim());
  if (type !== 'application/x-protobuf') return `content type ${JSON.stringify(type)}, expected application/x-protobuf`;
  const proto = parameters.find((parameter) => parameter.startsWith('proto='))?.slice('proto='.length);
  if (proto !== undefined && proto !== 'prometheus.writerequest') return `message ${JSON.stringify(proto)}, expected prometheus.WriteRequest`;
  const encoding = headers['content-encoding'] ?? 'snappy';
  return encoding === 'snappy' ? undefined : `content encoding ${JSON.stringify(encoding)}, expected snappy`;
}

function deliveryOf(request: FastifyRequest, at: number) {
  const body = request.body instanceof Buffer ? ownBytes(request.body) : new Uint8Array(0);
  const contentType = request.headers['content-type'] ?? 'application/x-protobuf';
  return { at, seconds: 0, outcome: { ok: true, contentType, body } } as const;
}

/** The engine takes the memory away, so it must be the body's alone; small buffers share theirs. */
function ownBytes(body: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer } = body;
  return buffer instanceof ArrayBuffer && buffer.byteLength === body.byteLength ? new Uint8Array(buffer) : new Uint8Array(body);
}

const ERROR_STATUS = { parse: 400, limit: 400, unsupported: 415 } as const;

function answer(reply: FastifyReply, report: IngestReport): FastifyReply {
  if (report.error) return sendText(reply, ERROR_STATUS[report.error.kind], report.error.message);
  const refused = refusedOf(report);
  return refused === 0 ? reply.code(204).send() : sendText(reply, 400, describe(refused, report));
}

/** Without those that the configuration says to drop in silence. */
function refusedOf({ refused }: IngestReport): number {
  const told = Object.entries(refused).filter(([reason]) => !isDropped(reason));
  return told.reduce((sum, [, count]) => sum + count, 0);
}

function isDropped(reason: string): boolean {
  return reason === ('dropped_cardinality_limit' satisfies RefusalReason);
}

const EXAMPLES = 3;

function describe(refused: number, { scraped, examples }: IngestReport): string {
  const some = examples.filter(({ reason }) => !isDropped(reason)).slice(0, EXAMPLES);
  const more = refused > some.length ? '; …' : '';
  return `${refused} of ${scraped} samples refused, the others are stored: ${some.map(sentence).join('; ')}${more}`;
}

function sentence({ labels, reason, message }: Refusal): string {
  return `${Labels.from(labels.map(({ name, value }) => [name, value] as const)).toString()}: ${reason}: ${message}`;
}
