import type { App, IngestReport } from '@metrics-dashboard/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { beginErrorAnswer } from './errors.route.js';
import { bytesOf, requestError } from './push-door.js';
import type { PushDoor } from './push-door.js';
import { PushSource } from './push-source.js';
import { toldExamples } from './refusal-text.js';

const BODY_BYTES = 16 * 1024 * 1024;
/** Of a body out of its gzip. */
const WHOLE_BYTES = 32 * 1024 * 1024;

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';

/** The media types of the parser by those of the road, which other formats go by too. */
const PARSED_AS: Readonly<Record<string, string>> = {
  [PROTOBUF]: 'application/vnd.metrics-dashboard.otlp+protobuf',
  [JSON_TYPE]: 'application/vnd.metrics-dashboard.otlp+json',
};

/**
 * `POST /api/v1/otlp/v1/metrics`: OTLP over HTTP. What can't be stored of a body is told as partial success; a body that
 * can't be read, with the status 400 and a `google.rpc.Status`, in the encoding of the request.
 * Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp.
 */
export async function addOtlpRoute(fastify: FastifyInstance, app: App, door: PushDoor): Promise<void> {
  const source = new PushSource(app, 'OTLP');
  await door.open(fastify, 'otlp', BODY_BYTES, (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const { message } = beginErrorAnswer(app, error, request, reply);
      return send(reply, request, { error: message });
    });
    scope.post('/api/v1/otlp/v1/metrics', { bodyLimit: BODY_BYTES }, async (request, reply) => {
      const parsedAs = PARSED_AS[mediaTypeOf(request)];
      if (parsedAs === undefined) throw requestError(415, `content type ${JSON.stringify(mediaTypeOf(request))}, expected ${PROTOBUF} or ${JSON_TYPE}`);
      const promoted = encodeURIComponent(app.config().otlp.promoteResourceAttributes.join(','));
      const body = await bytesOf(request, WHOLE_BYTES);
      const report = await source.ingest({ at: app.clock.now(), seconds: 0, outcome: { ok: true, contentType: `${parsedAs};promote=${promoted}`, body } });
      door.report('otlp', report);
      if (report.error) throw requestError(report.error.kind === 'limit' ? 413 : 400, report.error.message);
      return send(reply, request, { rejected: report });
    });
  });
}

function mediaTypeOf({ headers }: FastifyRequest): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

type Answer = { readonly error: string } | { readonly rejected: IngestReport };

function send(reply: FastifyReply, request: FastifyRequest, answer: Answer): FastifyReply {
  const isJson = mediaTypeOf(request) === JSON_TYPE;
  if ('error' in answer) {
    const code = GRPC_CODES[reply.statusCode] ?? (reply.statusCode < 500 ? INVALID_ARGUMENT : INTERNAL);
    return isJson ? reply.type(JSON_TYPE).send({ code, message: answer.error }) : reply.type(PROTOBUF).send(statusMessage(code, answer.error));
  }
  const rejected = answer.rejected.items?.refused ?? 0;
  const message = rejected === 0 ? '' : describe(answer.rejected);
  if (isJson) return reply.type(JSON_TYPE).send(rejected === 0 ? {} : { partialSuccess: { rejectedDataPoints: String(rejected), errorMessage: message } });
  return reply.type(PROTOBUF).send(rejected === 0 ? Buffer.alloc(0) : partialSuccess(rejected, message));
}

function describe({ examples }: IngestReport): string {
  return toldExamples(examples).map(({ metric, reason, message }) => `${metric ?? ''}: ${reason}: ${message}`).join('; ');
}

const INVALID_ARGUMENT = 3;
const INTERNAL = 13;

/** Codes of gRPC by the status of HTTP. Source: https://github.com/googleapis/googleapis, google/rpc/code.proto. */
const GRPC_CODES: Readonly<Record<number, number>> = { 401: 16, 403: 7, 413: 8, 429: 8, 503: 14 };

/** `google.rpc.Status`: 1 code, 2 message. Clients go by the status of HTTP. */
function statusMessage(code: number, message: string): Buffer {
  return Buffer.concat([Buffer.from([0x08, code]), field(2, Buffer.from(message))]);
}

/** `ExportMetricsServiceResponse`: 1 partial success (1 rejected data points, 2 error message). */
function partialSuccess(rejected: number, message: string): Buffer {
  return field(1, Buffer.concat([Buffer.from([0x08]), varint(rejected), field(2, Buffer.from(message))]));
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([number * 8 + 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
