import { parseMatchers } from '@metrics-dashboard/core';
import type { AlertView, App, SilenceView } from '@metrics-dashboard/core';
import { NotFoundError, matcher, matchesAll } from '@metrics-dashboard/sdk';
import type { Matcher } from '@metrics-dashboard/sdk';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { alertmanagerConfig } from './alertmanager-config.js';
import { alertForm, alertMessagesOf, groupForm, silenceForm, silenceRequestOf } from './alertmanager-forms.js';
import { beginErrorAnswer } from './errors.route.js';
import { parametersOf } from './parameters.js';

const BODY_BYTES = 32 * 1024 * 1024;

/** Alertmanager's HTTP API, version 2: programs that send alerts to one, and `amtool`, work unchanged. */
export async function addAlertmanagerRoutes(fastify: FastifyInstance, app: App): Promise<void> {
  await fastify.register(async (scope) => {
    // Of this API an error is a text in JSON.
    scope.setErrorHandler((error, request, reply) => {
      const { message } = beginErrorAnswer(app, error, request, reply);
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(message));
    });
    addAlerts(scope, app);
    addSilences(scope, app);
    addStatus(scope, app);
  });
}

function addAlerts(scope: FastifyInstance, app: App): void {
  scope.get('/api/v2/alerts', async (request) => {
    const wanted = alertFilter(request);
    const alerts = app.alerting.alerts().filter(wanted);
    return alerts.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)).map(alertForm);
  });
  scope.post('/api/v2/alerts', { bodyLimit: BODY_BYTES }, async (request) => {
    await app.alerting.accept(alertMessagesOf(request.body));
    return {};
  });
  scope.get('/api/v2/alerts/groups', async (request) => {
    const wanted = alertFilter(request);
    const receiver = receiverFilter(request);
    const groups = app.alerting.groups().filter((group) => receiver([group.receiver]));
    return groups.map((group) => ({ group, alerts: group.alerts.filter(wanted) })).flatMap(({ group, alerts }) => (alerts.length === 0 ? [] : [groupForm(group, alerts)]));
  });
}

function addSilences(scope: FastifyInstance, app: App): void {
  scope.get('/api/v2/silences', async (request) => {
    const filter = matchersOf(request);
    return app.alerting.silences().filter((silence) => isAbout(silence, filter)).map(silenceForm);
  });
  scope.post('/api/v2/silences', { bodyLimit: BODY_BYTES }, async (request) => {
    const { id, request: silence } = silenceRequestOf(request.body, (silenceId) => app.alerting.silence(silenceId));
    return { silenceID: (await app.alerting.setSilence(id, silence)).id };
  });
  scope.get<{ Params: { id: string } }>('/api/v2/silence/:id', async ({ params }) => {
    const silence = app.alerting.silence(params.id);
    if (silence === undefined) throw new NotFoundError(`there is no silence ${JSON.stringify(params.id)}`);
    return silenceForm(silence);
  });
  scope.delete<{ Params: { id: string } }>('/api/v2/silence/:id', async ({ params }, reply) => {
    await app.alerting.expireSilence(params.id);
    return reply.code(200).send();
  });
}

function addStatus(scope: FastifyInstance, app: App): void {
  scope.get('/api/v2/receivers', async () => app.alerting.desk.names().map((name) => ({ name })));
  scope.get('/api/v2/status', async () => ({
    cluster: { status: 'disabled', peers: [] },
    config: { original: alertmanagerConfig(app) },
    uptime: new Date(app.startedAt).toISOString(),
    versionInfo: { version: app.version, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' },
  }));
}

/** `active`, `silenced`, `inhibited`, `muted`, each true unless it says false; `filter`, `receiver`. What has resolved is left out. */
function alertFilter(request: FastifyRequest): (alert: AlertView) => boolean {
  const parameters = parametersOf(request);
  const wants = (name: string): boolean => parameters.text(name) !== 'false';
  const [active, silenced, inhibited, muted] = ['active', 'silenced', 'inhibited', 'muted'].map(wants);
  const filter = matchersOf(request);
  const receiver = receiverFilter(request);
  return (alert) => {
    if (alert.isResolved || !matchesAll(filter, alert.labels) || !receiver(alert.receiverNames)) return false;
    const isActive = alert.heldBy === undefined;
    if (isActive) return active === true;
    return (silenced === true || alert.silencedBy.length === 0) && (inhibited === true || alert.inhibitedBy.length === 0) && (muted === true || alert.mutedBy.length === 0);
  };
}

function receiverFilter(request: FastifyRequest): (names: readonly string[]) => boolean {
  const pattern = parametersOf(request).text('receiver');
  if (pattern === undefined || pattern === '') return () => true;
  const named = matcher('receiver', '=~', pattern);
  return (names) => names.some((name) => named.matches(name));
}

function matchersOf(request: FastifyRequest): readonly Matcher[] {
  return parametersOf(request).texts('filter').flatMap(parseMatchers);
}

/** A silence is about what a filter asks for when its own matchers name these values. */
function isAbout({ matchers }: SilenceView, filter: readonly Matcher[]): boolean {
  return filter.every((wanted) => {
    const own = matchers.filter(({ name }) => name === wanted.name);
    return own.length === 0 ? wanted.matches('') : own.some(({ value }) => wanted.matches(value));
  });
}
