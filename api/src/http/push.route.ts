import type { App, IngestReport, Refusal } from '@metrics-dashboard/core';
import { METRIC_NAME } from '@metrics-dashboard/sdk';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bytesOf, requestError } from './push-door.js';
import type { PushDoor } from './push-door.js';
import { PushSource } from './push-source.js';

const BODY_BYTES = 16 * 1024 * 1024;
const CONTENT_TYPE = 'application/vnd.metrics-dashboard.push+json';
/** Samples of one body; more is for several pushes. */
const SAMPLES = 500_000;
/** Of the refused, those that an answer names. */
const MOST_REJECTED = 100_000;

/** The answer of the JSON push: samples as their sender counts them, a histogram as one. */
export interface PushAnswer {
  readonly accepted: number;
  readonly rejected: readonly RejectedSample[];
}

export interface RejectedSample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly message: string;
}

/** `POST /api/v1/push`: metrics as JSON, for jobs that are gone before they can be scraped. docs/pushing.md has its form. */
export async function addPushRoute(fastify: FastifyInstance, app: App, door: PushDoor): Promise<void> {
  const source = new PushSource(app, 'JSON push', () => ({ nameValidation: 'strict', sampleLimit: SAMPLES, describedRefusals: MOST_REJECTED }));
  await door.open(fastify, 'json', BODY_BYTES, (scope) => {
    scope.post('/api/v1/push', { bodyLimit: BODY_BYTES }, async (request): Promise<PushAnswer> => {
      assertJson(request);
      const body = await bytesOf(request, BODY_BYTES);
      const report = await source.ingest({ at: app.clock.now(), seconds: 0, outcome: { ok: true, contentType: CONTENT_TYPE, body } });
      door.report('json', report);
      if (report.error) throw requestError(report.error.kind === 'limit' ? 413 : 400, report.error.message);
      return answerOf(report);
    });
  });
}

/** A body whose type is not said is taken for what it must be. */
function assertJson({ headers }: FastifyRequest): void {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? 'application/json';
  // What curl says of a body that nothing else is said of.
  if (type !== 'application/json' && type !== 'application/x-www-form-urlencoded') {
    throw requestError(415, `content type ${JSON.stringify(type)}, expected application/json`);
  }
}

function answerOf({ accepted, items, examples }: IngestReport): PushAnswer {
  return { accepted: items ? items.count - items.refused : accepted, rejected: examples.map(rejectedOf) };
}

/** The labels are those that the sender wrote: what makes a bucket or a quantile of a sample is not among them. */
function rejectedOf({ metric, labels, reason, message }: Refusal): RejectedSample {
  const own = labels.find(({ name }) => name === METRIC_NAME)?.value;
  const isPart = metric !== undefined && own !== metric;
  const shown = labels.filter(({ name }) => name !== METRIC_NAME && !(isPart && (name === 'le' || name === 'quantile')));
  return { metric: metric ?? own ?? '', labels: Object.fromEntries(shown.map(({ name, value }) => [name, value])), reason, message };
}
