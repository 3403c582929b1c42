import { Readable } from 'node:stream';
import type { App } from '@metrics-dashboard/core';
import { ALL_TIME, QueryError } from '@metrics-dashboard/sdk';
import type { TimeRange } from '@metrics-dashboard/sdk';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { archiveOf } from '../archive/tar-writer.js';
import { parametersOf } from './parameters.js';
import type { Parameters } from './parameters.js';
import { success } from './prometheus-answer.js';
import { clientGone, whenEnded } from './request-context.js';

const POST_AND_PUT = ['POST', 'PUT'] as const;

/**
 * What is done to the storage: `admin/tsdb/…` of the Prometheus HTTP API, and `admin/flush` and `admin/backup`, which are
 * ours. Source: https://prometheus.io/docs/prometheus/latest/querying/api/#tsdb-admin-apis.
 */
export function addAdminRoutes(fastify: FastifyInstance, app: App): void {
  const tsdb = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): void => {
    fastify.route({ method: [...POST_AND_PUT], url: `/api/v1/admin/tsdb/${url}`, handler });
  };
  tsdb('snapshot', async (request, reply) => {
    const withHead = !isTrue(parametersOf(request), 'skip_head');
    return success({ name: await app.snapshots.take({ withHead }, clientGone(reply)) });
  });
  tsdb('delete_series', async (request, reply) => {
    const parameters = parametersOf(request);
    const selectors = parameters.texts('match[]');
    if (selectors.length === 0) throw new QueryError('no match[] parameter provided');
    await app.engine.deleteSeries({ selectors, range: rangeOf(parameters) }, clientGone(reply));
    return reply.code(204).send();
  });
  tsdb('clean_tombstones', async (_request, reply) => {
    await app.engine.cleanTombstones(clientGone(reply));
    return reply.code(204).send();
  });
  fastify.post('/api/v1/admin/flush', async (_request, reply) => {
    await app.engine.flush(clientGone(reply));
    return success({});
  });
  fastify.post('/api/v1/admin/backup', async (_request, reply) => {
    const gone = clientGone(reply);
    const backup = await app.snapshots.backUp(gone);
    // The copy goes when all of it was sent, or nobody reads any more.
    const remove = (): void => void backup.remove().catch((error: unknown) => app.log.warn('remove the copy of a backup', { error }));
    if (gone.aborted) remove();
    else whenEnded(reply, remove);
    return reply.type('application/x-tar').send(Readable.from(archiveOf(backup.folder), { objectMode: false }));
  });
}

function rangeOf(parameters: Parameters): TimeRange {
  const range = { start: parameters.time('start') ?? ALL_TIME.start, end: parameters.time('end') ?? ALL_TIME.end };
  if (range.end < range.start) throw new QueryError('invalid parameter "end": end timestamp must not be before start timestamp');
  return range;
}

function isTrue(parameters: Parameters, name: string): boolean {
  const text = parameters.text(name) ?? '';
  if (['', '0', 'f', 'false'].includes(text.toLowerCase())) return false;
  if (['1', 't', 'true'].includes(text.toLowerCase())) return true;
  throw new QueryError(`invalid parameter ${JSON.stringify(name)}: cannot parse ${JSON.stringify(text)} to true or false`);
}
