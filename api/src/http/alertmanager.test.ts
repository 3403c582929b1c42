import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openServer } from '../server.js';
import type { Server } from '../server.js';
import { FakeApp } from '../testing/fake-app.js';

const app = new FakeApp();
let server: Server;

beforeAll(async () => {
  server = await openServer({ app, listen: { host: '127.0.0.1', port: 0 }, uiFolder: undefined, flags: {} });
});
afterAll(() => server.close());

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

describe("Alertmanager's API", () => {
  test('takes alerts as Prometheus sends them', async () => {
    const alert = { labels: { alertname: 'A', empty: '' }, annotations: { summary: 's' }, startsAt: '2026-01-01T00:00:00.123Z', endsAt: '0001-01-01T00:00:00Z', generatorURL: 'http://p/' };
    expect(await ask('POST', '/api/v2/alerts', [alert])).toEqual({ status: 200, body: {} });
    expect(app.alerting.accepted.at(-1)).toMatchObject({ annotations: { summary: 's' }, startsAt: Date.UTC(2026, 0, 1, 0, 0, 0, 123), endsAt: undefined, generatorUrl: 'http://p/' });
    expect(app.alerting.accepted.at(-1)?.labels.toObject()).toEqual({ alertname: 'A' });
  });

  test.each([
    [{}, 'the body: expected a list, met {}'],
    [[{ labels: { a: 1 } }], '[0].labels.a: expected a text, met 1'],
    [[{ annotations: {} }], '[0].labels: expected an object, met nothing'],
    [[{ labels: { a: 'b' }, endsAt: 'soon' }], '[0].endsAt: "soon" is no time, expected a form like 2026-01-01T00:00:00Z'],
  ])('refuses %j', async (body, message) => {
    expect(await ask('POST', '/api/v2/alerts', body)).toEqual({ status: 400, body: message });
  });

  test('shows alerts, alone and in their groups, and those alone that are asked for', async () => {
    const shown = {
      annotations: { summary: 'api is down' },
      endsAt: '2026-01-01T00:05:00.000Z',
      fingerprint: '00c0ffee00c0ffee',
      receivers: [{ name: 'team' }],
      startsAt: '2026-01-01T00:00:00.000Z',
      status: { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] },
      updatedAt: '2026-01-01T00:00:00.000Z',
      generatorURL: 'http://127.0.0.1/graph',
      labels: { alertname: 'Down', job: 'api' },
    };
    expect((await ask('GET', '/api/v2/alerts')).body).toEqual([shown]);
    expect((await ask('GET', `/api/v2/alerts?filter=${encodeURIComponent('job=~"a.*"')}&receiver=te.*`)).body).toEqual([shown]);
    for (const query of ['filter=job%3Ddb', 'receiver=other', 'active=false']) expect((await ask('GET', `/api/v2/alerts?${query}`)).body).toEqual([]);
    expect((await ask('GET', '/api/v2/alerts/groups')).body).toEqual([{ alerts: [shown], labels: { alertname: 'Down' }, receiver: { name: 'team' } }]);
    expect((await ask('GET', '/api/v2/alerts/groups?receiver=x')).body).toEqual([]);
    const refused = await ask('GET', '/api/v2/alerts?filter=a');
    expect([refused.status, String(refused.body)]).toEqual([400, 'matchers "a", column 2: expected one of = != =~ !~']);
  });

  test('makes, shows and ends silences', async () => {
    const matchers = [{ name: 'job', value: 'api|db', isRegex: true }, { name: 'env', value: 'prod', isRegex: false, isEqual: false }];
    const made = await ask('POST', '/api/v2/silences', { matchers, startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T01:00:00Z', createdBy: 'ada', comment: 'c' });
    expect(made).toEqual({ status: 200, body: { silenceID: 's1' } });
    expect((await ask('GET', '/api/v2/silence/s1')).body).toEqual({
      id: 's1',
      status: { state: 'active' },
      updatedAt: '2026-01-01T00:00:00.000Z',
      comment: 'c',
      createdBy: 'ada',
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: '2026-01-01T01:00:00.000Z',
      matchers: [{ name: 'job', value: 'api|db', isRegex: true, isEqual: true }, { name: 'env', value: 'prod', isRegex: false, isEqual: false }],
    });
    expect((await ask('GET', '/api/v2/silences?filter=env%3Dprod')).body).toHaveLength(1);
    expect((await ask('GET', '/api/v2/silences?filter=env%3Dtest')).body).toEqual([]);
    expect(await ask('DELETE', '/api/v2/silence/s1')).toEqual({ status: 200, body: undefined });
    expect((await ask('GET', '/api/v2/silence/s1')).body).toMatchObject({ status: { state: 'expired' } });
    expect(await ask('DELETE', '/api/v2/silence/none')).toEqual({ status: 404, body: 'there is no silence "none"' });
    expect(await ask('POST', '/api/v2/silences', { matchers: [{ name: 'a', value: '(', isRegex: true }] })).toMatchObject({ status: 400 });
  });

  test('a silence that is changed so keeps what this form has no words for', async () => {
    const { alerting } = app;
    const { id } = await alerting.setSilence(undefined, { matchers: [], startsAt: 0, endsAt: 1, createdBy: 'ada', comment: 'c', endsWithAlerts: true, remindBefore: 600_000 });
    await ask('POST', '/api/v2/silences', { id, matchers: [{ name: 'a', value: 'b' }], startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T01:00:00Z' });
    expect(alerting.silence(id)).toMatchObject({ endsWithAlerts: true, remindBefore: 600_000 });
    alerting.silencesById.delete(id);
  });

  test('says what it is, with a configuration that looks like its own', async () => {
    expect((await ask('GET', '/api/v2/receivers')).body).toEqual([{ name: 'team' }]);
    const { body } = await ask('GET', '/api/v2/status');
    expect(body).toMatchObject({ cluster: { status: 'disabled' }, versionInfo: { version: '1.2.3' }, uptime: '2026-01-01T00:00:00.000Z' });
    expect(JSON.stringify(body)).toContain(String.raw`\"resolve_timeout\": \"5m\"`);
  });
});
