import type { App, Config, IngestReport } from '@metrics-dashboard/core';
import { parseDuration } from '@metrics-dashboard/sdk';
import type { Duration } from '@metrics-dashboard/sdk';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendText } from './plain-answer.js';
import { ownBytes, requestError } from './push-door.js';
import type { PushDoor } from './push-door.js';
import { PushSource } from './push-source.js';
import { refusalText } from './refusal-text.js';

/** Of a compressed body. Senders make batches of some hundred kilobytes. */
const BODY_BYTES = 32 * 1024 * 1024;

/** A series that comes into being later than so long behind the others is backfilled, which storage.out_of_order_window is for. */
const FURTHEST_BEHIND = 24 * 60 * 60 * 1000;

const V1 = 'prometheus.writerequest';
const V2 = 'io.prometheus.write.v2.request';

/** What version 2.0 asks a receiver to tell with every answer, in this order. */
const WRITTEN = ['samples', 'histograms', 'exemplars'].map((kind) => `x-prometheus-remote-write-${kind}-written`);

/**
 * Remote write 1.0 and 2.0, as a receiver: a snappy-compressed protobuf; 204 when all is stored; 400 for what must not be
 * sent again, while the good samples of the body are stored; 503 for what may be.
 * Source: https://prometheus.io/docs/specs/prw/remote_write_spec/, …/remote_write_spec_2_0/.
 */
export async function addRemoteWriteRoute(fastify: FastifyInstance, app: App, door: PushDoor): Promise<void> {
  const source = new PushSource(app, 'remote write', (config) => ({ furthestBehind: Math.max(FURTHEST_BEHIND, windowOf(config)) }));
  await door.open(fastify, 'remote_write', BODY_BYTES, (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      if (protoOf(request) === V2) tellWritten(reply, { accepted: 0, exemplars: 0 });
    });
    scope.post('/api/v1/write', {
      bodyLimit: BODY_BYTES,
      preParsing: async (request) => {
        const unsupported = unsupportedOf(request);
        if (unsupported) throw requestError(415, unsupported);
      },
      handler: async (request, reply) => {
        const report = await source.ingest(deliveryOf(request, app.clock.now()));
        door.report('remote_write', report);
        if (protoOf(request) === V2) tellWritten(reply, report);
        return answer(reply, report);
      },
    });
  });
}

/** `storage.out_of_order_window`, where the storage has such a thing. */
function windowOf({ storage: { backend } }: Config): Duration {
  const { out_of_order_window: window } = backend.config as { out_of_order_window?: unknown };
  try {
    return typeof window === 'string' ? parseDuration(window) : 0;
  } catch {
    return 0;
  }
}

/** Native histograms are not stored. */
function tellWritten(reply: FastifyReply, { accepted, exemplars }: Pick<IngestReport, 'accepted' | 'exemplars'>): void {
  for (const [i, written] of [accepted, 0, exemplars].entries()) void reply.header(WRITTEN[i] ?? '', String(written));
}

/** The message that a sender names; undefined: it names none, as one of version 1.0 may. */
function protoOf({ headers }: FastifyRequest): string | undefined {
  const parameter = /;\s*proto\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '');
  return parameter?.[1]?.toLowerCase();
}

/** Why a body of this form is not taken. A sender of version 1.0 may leave out what can only be one thing. */
function unsupportedOf(request: FastifyRequest): string | undefined {
  const { headers } = request;
  const type = (headers['content-type'] ?? 'application/x-protobuf').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-protobuf') return `content type ${JSON.stringify(type)}, expected application/x-protobuf`;
  const proto = protoOf(request) ?? V1;
  if (proto !== V1 && proto !== V2) return `message ${JSON.stringify(proto)}, expected prometheus.WriteRequest or io.prometheus.write.v2.Request`;
  const encoding = headers['content-encoding'] ?? 'snappy';
  return encoding === 'snappy' ? undefined : `content encoding ${JSON.stringify(encoding)}, expected snappy`;
}

function deliveryOf(request: FastifyRequest, at: number) {
  const body = request.body instanceof Buffer ? ownBytes(request.body) : new Uint8Array(0);
  const contentType = request.headers['content-type'] ?? 'application/x-protobuf';
  // All or nothing, as senders of version 1.0 know it; version 2.0 has a word for a part.
  return { at, seconds: 0, whole: protoOf(request) !== V2, outcome: { ok: true, contentType, body } } as const;
}

const ERROR_STATUS = { parse: 400, limit: 400, unsupported: 415 } as const;

function answer(reply: FastifyReply, report: IngestReport): FastifyReply {
  if (report.error) return sendText(reply, ERROR_STATUS[report.error.kind], report.error.message);
  const refused = refusalText(report);
  return refused === undefined ? reply.code(204).send() : sendText(reply, 400, refused);
}
