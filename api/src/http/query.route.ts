import type { App, LabelRequest, QueryRequest } from '@metrics-dashboard/core';
import { ALL_TIME, QueryError } from '@metrics-dashboard/sdk';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { gridOf } from '../arguments.js';
import { parametersOf } from './parameters.js';
import type { Parameters } from './parameters.js';
import { sendJsonBytes, success } from './prometheus-answer.js';
import { clientGone } from './request-context.js';

const GET_AND_POST = ['GET', 'POST'] as const;

/**
 * The questions of the Prometheus HTTP API: `query`, `query_range`, `format_query`, `parse_query`, `series`, `labels`, `label/<name>/values`, `metadata`.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/.
 */
export function addQueryRoutes(fastify: FastifyInstance, app: App): void {
  const { engine } = app;
  const both = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): void => {
    fastify.route({ method: [...GET_AND_POST], url: `/api/v1/${url}`, handler });
  };
  both('query', async (request, reply) =>
    sendJsonBytes(reply, await engine.queryJson(instantOf(parametersOf(request), app.clock.now()), clientGone(reply))),
  );
  both('query_range', async (request, reply) =>
    sendJsonBytes(reply, await engine.queryJson(rangeOf(parametersOf(request)), clientGone(reply))),
  );
  both('format_query', async (request) => success(await engine.formatExpression(parametersOf(request).required('query'))));
  both('parse_query', async (request, reply) => {
    const tree = await engine.syntaxTree(parametersOf(request).required('query'));
    return sendJsonBytes(reply, new TextEncoder().encode(`{"status":"success","data":${tree}}`));
  });
  both('series', async (request, reply) => {
    const asked = labelRequestOf(parametersOf(request));
    if (asked.selectors.length === 0) throw new QueryError('no match[] parameter provided');
    const { values, truncated } = await engine.series(asked, clientGone(reply));
    return success(values.map(asObject), truncated);
  });
  both('labels', async (request, reply) => {
    const { values, truncated } = await engine.labelNames(labelRequestOf(parametersOf(request)), clientGone(reply));
    return success(values, truncated);
  });
  fastify.get<{ Params: { name: string } }>('/api/v1/label/:name/values', async (request, reply) => {
    const asked = labelRequestOf(parametersOf(request));
    const { values, truncated } = await engine.labelValues(request.params.name, asked, clientGone(reply));
    return success(values, truncated);
  });
  fastify.get('/api/v1/metadata', async (request) => success(await metadataOf(app, parametersOf(request))));
}

function instantOf(parameters: Parameters, now: number): QueryRequest {
  return { expression: parameters.required('query'), time: { kind: 'instant', at: parameters.time('time') ?? now }, ...optionsOf(parameters) };
}

function rangeOf(parameters: Parameters): QueryRequest {
  const expression = parameters.required('query');
  const range = { start: parameters.requiredTime('start'), end: parameters.requiredTime('end') };
  return { expression, time: { kind: 'range', ...gridOf(range, parameters.requiredDuration('step')) }, ...optionsOf(parameters) };
}

function optionsOf(parameters: Parameters): Pick<QueryRequest, 'timeout' | 'lookbackDelta' | 'seriesLimit'> {
  const timeout = parameters.duration('timeout');
  const lookbackDelta = parameters.duration('lookback_delta');
  const seriesLimit = parameters.limit();
  return {
    ...(timeout !== undefined && { timeout }),
    ...(lookbackDelta !== undefined && { lookbackDelta }),
    ...(seriesLimit !== undefined && { seriesLimit }),
  };
}

function labelRequestOf(parameters: Parameters): LabelRequest {
  const range = { start: parameters.time('start') ?? ALL_TIME.start, end: parameters.time('end') ?? ALL_TIME.end };
  if (range.end < range.start) throw new QueryError('invalid parameter "end": end timestamp must not be before start timestamp');
  return { selectors: parameters.texts('match[]'), range, limit: parameters.limit() ?? Number.MAX_SAFE_INTEGER };
}

async function metadataOf(app: App, parameters: Parameters): Promise<Record<string, readonly object[]>> {
  const list = await app.engine.metadata(parameters.text('metric'), parameters.limit() ?? Number.MAX_SAFE_INTEGER);
  return Object.fromEntries(list.values.map(({ metric, type, help, unit }) => [metric, [{ type, help, unit }]]));
}

/** Labels as a JSON object. */
export function asObject(labels: readonly { readonly name: string; readonly value: string }[]): Record<string, string> {
  return Object.fromEntries(labels.map(({ name, value }) => [name, value]));
}
