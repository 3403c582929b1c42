import { request } from 'node:http';
import { operations, permissionOf } from '@metrics-dashboard/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openServer } from './server.js';
import type { Server } from './server.js';
import { FakeApp, principal } from './testing/fake-app.js';
import { vectorOf } from './testing/fake-engine.js';

const ROUTES = operations().filter((operation) => / \//.test(operation));
const FIELDS = operations().filter((operation) => /^(Query|Mutation)\./.test(operation));

/** One operation for each field, complete enough to be executed. */
const OPERATIONS: Readonly<Record<string, string>> = {
  'Query.instant': '{ instant(query: "up") { type } }',
  'Query.range': '{ range(query: "up", start: 0, end: 60000) { type } }',
  'Query.explain': '{ explain(query: "up") { ran } }',
  'Query.labelNames': '{ labelNames { values } }',
  'Query.labelValues': '{ labelValues(name: "job") { values } }',
  'Query.series': '{ series(selectors: ["up"]) { values } }',
  'Query.metadata': '{ metadata { metric } }',
  'Query.targets': '{ targets { id } }',
  'Query.rules': '{ rules { name } }',
  'Query.alertInstances': '{ alertInstances { fingerprint } }',
  'Query.alertHistory': '{ alertHistory { at } }',
  'Query.thresholdRules': '{ thresholdRules { id } }',
  'Query.thresholdRule': '{ thresholdRule(id: "rule-1") { id } }',
  'Query.previewRule': '{ previewRule(rule: { name: "A", expression: "up", operator: LT, levels: [{ threshold: 1 }] }) { series met instances { labels annotations value severity isMet } } }',
  'Query.exportRules': '{ exportRules { yaml } }',
  'Mutation.createThresholdRule': 'mutation { createThresholdRule(rule: { name: "A", expression: "up", operator: LT, levels: [{ threshold: 1 }] }) { id } }',
  'Mutation.updateThresholdRule': 'mutation { updateThresholdRule(id: "rule-1", revision: 1, rule: { name: "A", expression: "up", operator: LT, levels: [{ threshold: 1 }] }) { id } }',
  'Mutation.enableThresholdRule': 'mutation { enableThresholdRule(id: "rule-1", revision: 1, enabled: false) { id } }',
  'Mutation.deleteThresholdRule': 'mutation { deleteThresholdRule(id: "rule-1", revision: 1) }',
  'Mutation.backTestRule': 'mutation { backTestRule(start: 0, end: 60000, rule: { name: "A", expression: "up", operator: LT, levels: [{ threshold: 1 }] }) { fired } }',
  'Query.cardinality': '{ cardinality { series near { met } metrics { metric uses { kind id title } } refused { limit } limits { series } } }',
  'Query.cardinalityGrowth': '{ cardinalityGrowth { times values } }',
  'Query.cardinalityForecast': '{ cardinalityForecast(change: { relabel: [{ action: "drop", sourceLabels: ["job"], regex: "db" }], seriesPerMetric: 4 }) { after metrics { refused uses { title } } } }',
  'Query.droppedTargets': '{ droppedTargets { id scrapePool discoveredLabels error } }',
  'Query.targetRelabeling': '{ targetRelabeling(id: "dropped-1") { droppedBy labels steps { rule { action } before after } } }',
  'Query.plugins': '{ plugins { id } }',
  'Query.channels': '{ channels { id madeHere health { isFailing lastError underWay } } }',
  'Query.alertGroups': '{ alertGroups(receiver: "team", matchers: ["job=api"]) { id receiver labels nextFlush alerts { fingerprint labels annotations heldBy silencedBy receivers } } }',
  'Query.whyNotified': '{ whyNotified(fingerprint: "00c0ffee00c0ffee") { route heldBy by channels { channel toldAt toldAs notified reason underWay } } }',
  'Query.silences': '{ silences(state: ACTIVE) { id state matchers remindBefore } }',
  'Query.silence': '{ silence(id: "s1") { id } }',
  'Query.previewSilence': '{ previewSilence(matchers: ["job=~\\"a.*\\""]) { fingerprint } }',
  'Query.notifications': '{ notifications(receiver: "team", limit: 5, from: 0, delivered: true, matchers: ["job=api"]) { id reason delivered attempts alerts { labels status } } }',
  'Query.receivers': '{ receivers }',
  'Query.previewTemplate': '{ previewTemplate(text: "{{ .Status }}") }',
  'Query.previewReceiver': '{ previewReceiver(receiver: { name: "mine", channels: [{ kind: "webhook", config: {} }] }) { channel kind texts { path text } } }',
  'Query.channelKinds': '{ channelKinds { kind plugin configSchema } }',
  'Query.ownReceivers': '{ ownReceivers { name channels { kind config } } }',
  'Query.routes': '{ routes { id parent depth receiver matchers groupBy } }',
  'Query.routeOf': '{ routeOf(labels: { job: "api" }) { route receiver groupLabels mutedBy } }',
  'Mutation.saveReceiver': 'mutation { saveReceiver(receiver: { name: "mine", channels: [{ kind: "webhook", config: { url: "http://127.0.0.1/" } }] }) { name channels { kind config } } }',
  'Mutation.deleteReceiver': 'mutation { deleteReceiver(name: "mine") }',
  'Mutation.testReceiver': 'mutation { testReceiver(receiver: { name: "mine", channels: [] }) { channel delivered error took } }',
  'Query.previewMessage': '{ previewMessage(channel: "team/webhook/0") { path text } }',
  'Mutation.setSilence': 'mutation { setSilence(silence: { matchers: ["a=b"], endsAt: 4102444800000, comment: "c", remindBefore: "1h" }) { id state matchers createdBy } }',
  'Mutation.expireSilence': 'mutation { expireSilence(id: "s1") { state } }',
  'Query.dashboard': '{ dashboard(id: "home") { id revision document provisioned { file drift { path before after } } } }',
  'Query.dashboards': '{ dashboards(search: "x") { id title tags } }',
  'Query.dashboardHistory': '{ dashboardHistory(id: "home") { revision at by message deleted } }',
  'Query.dashboardRevision': '{ dashboardRevision(id: "home", revision: 1) }',
  'Query.checkDashboard': '{ checkDashboard(document: {}) }',
  'Query.variables': '{ variables(variables: [{ kind: "text", name: "t" }]) { name options { value text } more chosen { name values all } error } }',
  'Query.status': '{ status { version } }',
  'Query.me': '{ me { name roles } }',
  'Mutation.reload': 'mutation { reload }',
  'Mutation.flush': 'mutation { flush }',
  'Mutation.deleteSeries': 'mutation { deleteSeries(selectors: ["up"], start: 0, end: 60000) }',
  'Mutation.saveDashboard': 'mutation { saveDashboard(document: {}, expectedRevision: 1) { revision } }',
  'Mutation.deleteDashboard': 'mutation { deleteDashboard(id: "home", expectedRevision: 1) }',
  'Mutation.restoreDashboard': 'mutation { restoreDashboard(id: "home", revision: 1, expectedRevision: 1) { revision } }',
  'Mutation.takeDashboardFile': 'mutation { takeDashboardFile(id: "home") { revision } }',
  'Mutation.testChannel': 'mutation { testChannel(id: "team/webhook/0") { delivered } }',
};

const SILENCE = '{"matchers":[{"name":"a","value":"b"}],"startsAt":"2026-01-01T00:00:00Z","endsAt":"2026-01-02T00:00:00Z"}';

let app: FakeApp;
let server: Server;

beforeAll(async () => {
  app = new FakeApp();
  app.anonymous = undefined;
  app.tokens.set('v', principal('vera', 'viewer'));
  app.tokens.set('e', principal('ed', 'editor'));
  app.tokens.set('a', principal('ada', 'admin'));
  app.engine.answers.set('up', async () => vectorOf(1));
  app.engine.answers.set('max(metrics_dashboard_storage_head_series)', async () => vectorOf(1));
  server = await openServer({ app, listen: { host: '127.0.0.1', port: 0 }, uiFolder: undefined, flags: {} });
});

afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

function send(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.listening.port, method, path, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString(), headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A request to a route of the table, good enough to reach its handler. */
function call(route: string, headers: Record<string, string> = {}): Promise<Answer> {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replace(':name', 'job').replace('/*', pattern.startsWith('/metrics/job') ? '/YmFja3Vw' : '/');
  if (route === 'POST /graphql') return send(method, path, { 'content-type': 'application/json', ...headers }, '{"query":"{me{name}}"}');
  if (route === 'GET /graphql') return send(method, `${path}?query={me{name}}`, { 'apollo-require-preflight': '1', ...headers });
  if (route === 'POST /api/v1/read') return send(method, path, { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', ...headers }, '\u0001\u0000\u0000');
  if (route === 'POST /api/v1/write') return send(method, path, { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', ...headers }, 'x');
  if (route === 'POST /api/v1/otlp/v1/metrics') return send(method, path, { 'content-type': 'application/json', ...headers }, '{}');
  if (route === 'POST /api/v2/alerts') return send(method, path, { 'content-type': 'application/json', ...headers }, '[]');
  if (route === 'POST /api/v2/silences') return send(method, path, { 'content-type': 'application/json', ...headers }, SILENCE);
  return send(method, `${path}?query=up&start=0&end=60&step=60&match[]=up`, headers);
}

async function ask(field: string, headers: Record<string, string> = {}): Promise<Answer & { code: string | undefined }> {
  const query = OPERATIONS[field];
  const answer = await send('POST', '/graphql', { 'content-type': 'application/json', ...headers }, JSON.stringify({ query }));
  const code = /^\{.*"code":"(\w+)"/.exec(answer.body)?.[1];
  return { ...answer, code };
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

describe.each(ROUTES)('the route %s', (route) => {
  const permission = permissionOf(route);

  test('answers no foreign name of this machine', async () => {
    const answer = await call(route, { host: 'evil.example', ...bearer('a') });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('does not go by the name');
  });

  test('answers no page of another site', async () => {
    const origin = { origin: 'http://evil.example', ...bearer('a') };
    expect((await call(route, origin)).status).toBe(403);
    expect((await call(route, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', ...bearer('a') })).status).toBe(403);
    expect((await call(route, { origin: 'null', ...bearer('a') })).status).toBe(403);
  });

  test('asks who it is, when it is not for everybody', async () => {
    const answer = await call(route);
    expect(answer.status === 401).toBe(permission !== 'public');
    if (answer.status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  test('answers nobody with a wrong token', async () => {
    for (const authorization of ['Bearer wrong', 'Basic d3Jvbmc6d3Jvbmc=', 'Digest x', 'Bearer']) expect((await call(route, { authorization })).status).toBe(401);
  });

  test('answers whose role is high enough, and no other', async () => {
    const allowed = { public: 'vea', viewer: 'vea', editor: 'ea', admin: 'a' }[permission ?? 'admin'];
    for (const token of 'vea') {
      const { status } = await call(route, { origin: server.url, ...bearer(token) });
      if (allowed.includes(token)) expect([200, 202, 204, 404]).toContain(route === 'GET /*' ? 404 : status);
      else expect(status).toBe(403);
    }
  });
});

describe.each(FIELDS)('the field %s', (field) => {
  const permission = permissionOf(field);

  test('has an operation in this test', () => expect(OPERATIONS[field]).toBeDefined());

  test('answers no foreign name, no other site, no wrong token', async () => {
    expect((await ask(field, { host: 'evil.example', ...bearer('a') })).status).toBe(403);
    expect((await ask(field, { origin: 'https://evil.example', ...bearer('a') })).status).toBe(403);
    expect((await ask(field, bearer('wrong'))).status).toBe(401);
  });

  test('asks who it is, when it is not for everybody', async () => {
    expect((await ask(field)).code).toBe(permission === 'public' ? undefined : 'UNAUTHENTICATED');
  });

  test('answers whose role is high enough, and no other', async () => {
    const allowed = { public: 'vea', viewer: 'vea', editor: 'ea', admin: 'a' }[permission ?? 'admin'];
    for (const token of 'vea') expect((await ask(field, bearer(token))).code).toBe(allowed.includes(token) ? undefined : 'FORBIDDEN');
  });
});

test.each(['localhost', '127.0.0.1', '[::1]'])('goes by the name %s, with its own port', async (name) => {
  expect((await send('GET', '/-/healthy', { host: `${name}:${server.listening.port}` })).status).toBe(200);
  expect((await send('GET', '/-/healthy', { host: `${name}:1` })).status).toBe(403);
  expect((await send('GET', '/-/healthy', { host: name })).status).toBe(403);
});

test('a link from another site leads to the UI', async () => {
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', accept: 'text/html' };
  expect((await send('GET', '/explore', headers)).status).toBe(503);
});

test('basic credentials are credentials', async () => {
  app.tokens.set('ada:pass:word', principal('ada', 'admin'));
  const authorization = `Basic ${Buffer.from('ada:pass:word').toString('base64')}`;
  expect((await call('GET /api/v1/status/flags', { authorization })).status).toBe(200);
});

test('another method gets 405 and is told which ones there are', async () => {
  const answer = await send('DELETE', '/api/v1/query', bearer('a'));
  expect(answer.status).toBe(405);
  expect(answer.headers.allow).toContain('GET');
});

test('a program that starts asks to come again instead of turning away', async () => {
  app.ready = false;
  for (const headers of [{}, bearer('not known yet')]) {
    const answer = await call('POST /api/v1/write', headers);
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
  }
  expect((await ask('Query.status')).code).toBe('UNAVAILABLE');
  expect((await call('GET /-/ready')).status).toBe(503);
  app.ready = true;
});
