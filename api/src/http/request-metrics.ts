import type { App } from '@metrics-dashboard/core';
import { Counter, Histogram } from '@metrics-dashboard/sdk/metrics';
import type { FastifyInstance } from 'fastify';
import { whenEnded } from './request-context.js';

/** Counts and times what is answered. The route is the pattern, never the address, so that the series stay few. */
export function addRequestMetrics(fastify: FastifyInstance, app: App): void {
  const metrics = {
    requests: new Counter({
      name: 'metrics_dashboard_http_requests_total',
      help: 'HTTP requests that were answered, by route and status.',
      labelNames: ['route', 'code'],
      registers: [app.metrics],
    }),
    seconds: new Histogram({
      name: 'metrics_dashboard_http_request_duration_seconds',
      help: 'From the headers of a request to the end of its answer.',
      labelNames: ['route'],
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
      registers: [app.metrics],
    }),
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    whenEnded(reply, (ending) => {
      const route = request.routeOptions.url ?? 'none';
      metrics.requests.inc({ route, code: String(ending === 'answered' ? reply.statusCode : CLIENT_GONE) });
      metrics.seconds.observe({ route }, reply.elapsedTime / 1000);
    });
    done();
  });
}

/** Under which requests are counted whose sender did not wait for the answer. */
const CLIENT_GONE = 499;
