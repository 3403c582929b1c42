import type { App, GroupPush } from '@metrics-dashboard/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { groupingOf } from './grouping-path.js';
import { sendText } from './plain-answer.js';
import { bytesOf } from './push-door.js';
import type { PushDoor } from './push-door.js';
import { refusalText } from './refusal-text.js';

const BODY_BYTES = 16 * 1024 * 1024;

const PATHS = ['/metrics/job/*', '/metrics/job@base64/*'];

const TEXT = 'text/plain; version=0.0.4';

/** Media types that are read as they say; whatever else a client says, such as curl of its own accord, is text. */
const TOLD_APART = ['application/openmetrics-text', 'application/vnd.google.protobuf'];

const ERROR_STATUS = { parse: 400, limit: 413, unsupported: 415 } as const;

/**
 * The paths of a Pushgateway, for whatever pushes to one. PUT replaces a group, POST the metrics of the same names in it,
 * DELETE deletes it; groups stay until then. Source: https://github.com/prometheus/pushgateway#api.
 */
export async function addPushgatewayRoutes(fastify: FastifyInstance, app: App, door: PushDoor): Promise<void> {
  const push = async (request: FastifyRequest, reply: FastifyReply, mode: GroupPush['mode']): Promise<FastifyReply> => {
    const labels = groupingOf(request.url);
    const report = await app.pushGroups.push({ labels, mode, contentType: contentTypeOf(request), body: await bytesOf(request, BODY_BYTES) });
    door.report('pushgateway', report);
    if (report.error) return sendText(reply, ERROR_STATUS[report.error.kind], report.error.message);
    const refused = refusalText(report);
    return refused === undefined ? reply.code(200).send() : sendText(reply, 400, refused);
  };
  await door.open(fastify, 'pushgateway', BODY_BYTES, (scope) => {
    for (const path of PATHS) {
      scope.put(path, { bodyLimit: BODY_BYTES }, (request, reply) => push(request, reply, 'replace'));
      scope.post(path, { bodyLimit: BODY_BYTES }, (request, reply) => push(request, reply, 'merge'));
      scope.delete(path, async (request, reply) => {
        await app.pushGroups.remove(groupingOf(request.url));
        return reply.code(202).send();
      });
    }
  });
}

function contentTypeOf({ headers }: FastifyRequest): string {
  const type = headers['content-type'] ?? '';
  return TOLD_APART.includes(type.split(';', 1)[0]?.trim().toLowerCase() ?? '') ? type : TEXT;
}
