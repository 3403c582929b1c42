import { DASHBOARD_SCHEMA_PATH, dashboardJsonSchema } from '@metrics-dashboard/core';
import type { App } from '@metrics-dashboard/core';
import type { FastifyInstance } from 'fastify';

/** For whoever runs the server: its own metrics, whether it lives, whether it is ready, the form of its documents, and reading the configuration again. */
export function addOpsRoutes(fastify: FastifyInstance, app: App): void {
  fastify.get('/-/healthy', async (_request, reply) => reply.type('text/plain; charset=utf-8').send('Metrics Dashboard is healthy.\n'));
  fastify.get('/-/ready', async (_request, reply) => {
    const ready = app.isReady();
    return reply
      .code(ready ? 200 : 503)
      .type('text/plain; charset=utf-8')
      .send(ready ? 'Metrics Dashboard is ready.\n' : 'Metrics Dashboard is not ready yet.\n');
  });
  fastify.get('/metrics', async ({ headers }, reply) => {
    const format = headers.accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'text';
    return reply.type(app.metrics.contentTypeOf(format)).send(await app.metrics.metrics({ format }));
  });
  fastify.get(DASHBOARD_SCHEMA_PATH, async (_request, reply) => reply.type('application/schema+json').send(JSON.stringify(dashboardJsonSchema('written'))));
  fastify.route({
    method: ['POST', 'PUT'],
    url: '/-/reload',
    handler: async (_request, reply) => {
      await app.reload();
      return reply.type('text/plain; charset=utf-8').send('The configuration has been read again.\n');
    },
  });
}
