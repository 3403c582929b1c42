import { LimitError, ParseError, QueryError } from '@metrics-dashboard/sdk';
import type { FastifyReply } from 'fastify';
import { viewError } from '../errors.js';

/** `errorType` of the Prometheus HTTP API. */
export type ErrorType = 'bad_data' | 'execution' | 'timeout' | 'canceled' | 'internal' | 'unavailable' | 'not_found' | 'unauthorized' | 'forbidden';

/** The envelope of an answer. */
export interface Success<T> {
  readonly status: 'success';
  readonly data: T;
  readonly warnings?: readonly string[];
}

/** Wraps data; a list that was cut says so. */
export function success<T>(data: T, truncated = false): Success<T> {
  return { status: 'success', data, ...(truncated && { warnings: ['results truncated due to limit'] }) };
}

/** The bytes of a whole answer, as the engine made them. */
export function sendJsonBytes(reply: FastifyReply, bytes: Uint8Array<ArrayBuffer>): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** The envelope of an error. */
export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  const { status, message } = viewError(error);
  return reply.code(status).send({ status: 'error', errorType: errorTypeOf(error, status), error: message });
}

function errorTypeOf(error: unknown, status: number): ErrorType {
  if (error instanceof QueryError) return error.reason;
  if (error instanceof ParseError) return 'bad_data';
  if (error instanceof LimitError) return 'execution';
  return TYPE_BY_STATUS[status] ?? (status < 500 ? 'bad_data' : 'internal');
}

const TYPE_BY_STATUS: Readonly<Record<number, ErrorType>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  422: 'execution',
  499: 'canceled',
  503: 'unavailable',
};
