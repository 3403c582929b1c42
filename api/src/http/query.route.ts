import type { App, LabelQuestion, LabelRequest, QueryRequest } from '@metrics-dashboard/core';
import { ALL_TIME, ParseError, QueryError } from '@metrics-dashboard/sdk';
import type { TimeRange } from '@metrics-dashboard/sdk';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { invalid, parametersOf } from './parameters.js';
import type { Parameters } from './parameters.js';
import { sendJsonBytes, success } from './prometheus-answer.js';
import { clientGone } from './request-context.js';

const GET_AND_POST = ['GET', 'POST'] as const;

/**
 * The questions of the Prometheus HTTP API: `query`, `query_range`, `query_exemplars`, `format_query`, `parse_query`, `series`, `labels`,
 * `label/<name>/values`, `metadata`. Long answers come as bytes from the engine, and are sent as they are.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/.
 */
export function addQueryRoutes(fastify: FastifyInstance, app: App): void {
  const { engine } = app;
  const both = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): void => {
    fastify.route({ method: [...GET_AND_POST], url: `/api/v1/${url}`, handler });
  };
  both('query', async (request, reply) => {
    const asked = instantOf(parametersOf(request), app.clock.now());
    return sendJsonBytes(request, reply, await blaming('query', engine.queryJson(asked, clientGone(reply))));
  });
  both('query_range', async (request, reply) => {
    const asked = rangeOf(parametersOf(request));
    return sendJsonBytes(request, reply, await blaming('query', engine.queryJson(asked, clientGone(reply))));
  });
  both('format_query', async (request) => success(await blaming('query', engine.formatExpression(parametersOf(request).required('query')))));
  both('parse_query', async (request, reply) => {
    const tree = await blaming('query', engine.syntaxTree(parametersOf(request).required('query')));
    return sendJsonBytes(request, reply, new TextEncoder().encode(`{"status":"success","data":${tree}}`));
  });
  both('query_exemplars', async (request, reply) => {
    const parameters = parametersOf(request);
    const asked = { expression: parameters.required('query'), range: timesOf(parameters) };
    return sendJsonBytes(request, reply, await blaming('query', engine.exemplarsJson(asked)));
  });
  const labels = async (request: FastifyRequest, reply: FastifyReply, question: LabelQuestion): Promise<FastifyReply> =>
    sendJsonBytes(request, reply, await blaming('match[]', engine.labelsJson(question, clientGone(reply))));
  both('series', async (request, reply) => {
    const asked = labelRequestOf(parametersOf(request));
    if (asked.selectors.length === 0) throw new QueryError('no match[] parameter provided');
    return labels(request, reply, { kind: 'series', ...asked });
  });
  both('labels', async (request, reply) => labels(request, reply, { kind: 'names', ...labelRequestOf(parametersOf(request)) }));
  fastify.get<{ Params: { name: string } }>('/api/v1/label/:name/values', async (request, reply) =>
    labels(request, reply, { kind: 'values', name: unescapedName(request.params.name), ...labelRequestOf(parametersOf(request)) }),
  );
  fastify.get('/api/v1/metadata', async (request) => success(await metadataOf(app, parametersOf(request))));
}

function instantOf(parameters: Parameters, now: number): QueryRequest {
  return { expression: parameters.required('query'), time: { kind: 'instant', at: parameters.time('time') ?? now }, ...optionsOf(parameters) };
}

function rangeOf(parameters: Parameters): QueryRequest {
  const expression = parameters.required('query');
  const range = { start: parameters.requiredTime('start'), end: parameters.requiredTime('end') };
  if (range.end < range.start) throw invalid('end', 'end timestamp must not be before start time');
  const step = parameters.requiredDuration('step');
  if (!(step > 0)) throw invalid('step', 'zero or negative query resolution step widths are not accepted. Try a positive integer');
  return { expression, time: { kind: 'range', ...range, step }, ...optionsOf(parameters) };
}

function optionsOf(parameters: Parameters): Pick<QueryRequest, 'timeout' | 'lookbackDelta' | 'seriesLimit' | 'stats'> {
  const timeout = parameters.duration('timeout');
  const lookbackDelta = parameters.duration('lookback_delta');
  const seriesLimit = parameters.limit();
  return {
    ...(timeout !== undefined && { timeout }),
    ...(lookbackDelta !== undefined && { lookbackDelta }),
    ...(seriesLimit !== undefined && { seriesLimit }),
    ...((parameters.text('stats') ?? '') !== '' && { stats: true }),
  };
}

function timesOf(parameters: Parameters): TimeRange {
  const range = { start: parameters.time('start') ?? ALL_TIME.start, end: parameters.time('end') ?? ALL_TIME.end };
  if (range.end < range.start) throw invalid('end', 'end timestamp must not be before start timestamp');
  return range;
}

function labelRequestOf(parameters: Parameters): LabelRequest {
  return { selectors: parameters.texts('match[]'), range: timesOf(parameters), limit: parameters.limit() ?? Number.MAX_SAFE_INTEGER };
}

/** Metadata that clash are told apart by nobody here: a metric has one entry, so a limit per metric leaves it. */
async function metadataOf(app: App, parameters: Parameters): Promise<Record<string, readonly object[]>> {
  parameters.limit('limit_per_metric');
  const list = await app.engine.metadata(parameters.text('metric'), parameters.limit() ?? Number.MAX_SAFE_INTEGER);
  return Object.fromEntries(list.values.map(({ metric, type, help, unit }) => [metric, [{ type, help, unit }]]));
}

/** An expression that can't be read is told of by the parameter that holds it. */
async function blaming<T>(parameter: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new QueryError(invalid(parameter, error.message).message, error.position && { position: error.position });
  }
}

/** `U__http_2e_status` in an address is `http.status`: how names outside of the old alphabet are escaped. */
function unescapedName(name: string): string {
  if (!name.startsWith('U__')) return name;
  const plain = name.slice(3).replace(/__|_([0-9a-fA-F]{1,6})_/g, (_escape, code?: string) => (code === undefined ? '_' : String.fromCodePoint(Number.parseInt(code, 16))));
  return plain;
}

/** Labels as a JSON object. */
export function asObject(labels: readonly { readonly name: string; readonly value: string }[]): Record<string, string> {
  return Object.fromEntries(labels.map(({ name, value }) => [name, value]));
}
