import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { App, IngestReport } from '@metrics-dashboard/core';
import { UnavailableError } from '@metrics-dashboard/sdk';
import { Counter, Gauge } from '@metrics-dashboard/sdk/metrics';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { whenEnded } from './request-context.js';

/** Bodies that are held at once, and their bytes as they came; a sender beyond it is asked to come again. */
const AT_ONCE = 64;
const BYTES_AT_ONCE = 256 * 1024 * 1024;
/** What a body is taken to have whose sender does not say. */
const BYTES_UNSAID = 1024 * 1024;

/** The roads of pushes, as self-metrics name them. */
export type PushRoad = 'json' | 'remote_write' | 'otlp' | 'pushgateway';

const ROADS: readonly PushRoad[] = ['json', 'remote_write', 'otlp', 'pushgateway'];

const gunzipAsync = promisify(gunzip);

/** Stands at the beginning of all roads of pushes: how much is held at once, how large a body may be, and what came of it. */
export class PushDoor {
  readonly #requests: Counter;
  readonly #bytes: Counter;
  readonly #samples: Counter;
  readonly #refused: Counter;
  #held = 0;
  #heldBytes = 0;

  constructor({ metrics }: App) {
    const registers = [metrics];
    this.#requests = new Counter({ name: 'metrics_dashboard_push_requests_total', help: 'Pushes that were answered, by road and status.', labelNames: ['road', 'code'], registers });
    this.#bytes = new Counter({ name: 'metrics_dashboard_push_received_bytes_total', help: 'Bytes of pushed bodies, as they came.', labelNames: ['road'], registers });
    this.#samples = new Counter({ name: 'metrics_dashboard_push_samples_total', help: 'Pushed samples that were stored, by road.', labelNames: ['road'], registers });
    this.#refused = new Counter({ name: 'metrics_dashboard_push_refused_samples_total', help: 'Pushed samples that were not stored, by road and reason.', labelNames: ['road', 'reason'], registers });
    const heldBytes = (): number => this.#heldBytes;
    new Gauge({
      name: 'metrics_dashboard_push_held_bytes',
      help: 'Bytes of pushes that are being taken.',
      registers,
      collect() {
        this.set(heldBytes());
      },
    });
    // A counter that begins at 0 shows its first increase.
    for (const road of ROADS) {
      this.#samples.inc({ road }, 0);
      this.#bytes.inc({ road }, 0);
    }
  }

  /** Gives a road a scope of its own, where bodies come as bytes. What is added in it stands behind the door. */
  async open(fastify: FastifyInstance, road: PushRoad, bodyLimit: number, add: (scope: FastifyInstance) => void): Promise<void> {
    await fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
      scope.addHook('onRequest', async (_request, reply) => whenEnded(reply, () => this.#requests.inc({ road, code: String(reply.statusCode) })));
      scope.addHook('preParsing', async (request, reply) => this.#enter(request, reply));
      scope.addHook('preHandler', async ({ body }) => this.#bytes.inc({ road }, body instanceof Buffer ? body.byteLength : 0));
      add(scope);
    });
  }

  /** Counts what came of a push. */
  report(road: PushRoad, report: IngestReport): void {
    this.#samples.inc({ road }, report.accepted);
    for (const [reason, count] of Object.entries(report.refused)) this.#refused.inc({ road, reason }, count);
  }

  #enter({ headers }: FastifyRequest, reply: FastifyReply): void {
    const bytes = Number(headers['content-length'] ?? BYTES_UNSAID);
    if (this.#held >= AT_ONCE || (this.#held > 0 && this.#heldBytes + bytes > BYTES_AT_ONCE)) {
      throw new UnavailableError(`${this.#held} pushes with ${this.#heldBytes} bytes are being taken, come again`);
    }
    this.#held++;
    this.#heldBytes += bytes;
    whenEnded(reply, () => {
      this.#held--;
      this.#heldBytes -= bytes;
    });
  }
}

/** An error of HTTP about a request. */
export function requestError(statusCode: number, message: string): Error & { statusCode: number } {
  return Object.assign(new Error(message), { statusCode });
}

/**
 * The bytes of a body, out of their gzip where they came so; the memory is the body's alone, as the engine takes it away.
 * Throws an error of status 413 for more than `limit` bytes, 415 for another encoding, 400 for a broken one.
 */
export async function bytesOf({ body, headers }: FastifyRequest, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase();
  const bytes = bodyOf(body);
  if (encoding === 'identity') return ownBytes(bytes);
  if (encoding !== 'gzip') throw requestError(415, `content encoding ${JSON.stringify(encoding)}, expected gzip or none`);
  try {
    return ownBytes(await gunzipAsync(bytes, { maxOutputLength: limit }));
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge ? requestError(413, `the body has more than ${limit} bytes`) : requestError(400, 'the body is not gzip');
  }
}

/** A body's memory may be shared with others; then it is copied. */
export function ownBytes(body: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer } = body;
  return buffer instanceof ArrayBuffer && buffer.byteLength === body.byteLength ? new Uint8Array(buffer) : new Uint8Array(body);
}

function bodyOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}
