import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openServer } from '../server.js';
import type { Server } from '../server.js';
import { FakeApp } from '../testing/fake-app.js';
import { loose } from '../testing/loose.js';
import type { Loose } from '../testing/loose.js';

let app: FakeApp;
let server: Server;

beforeEach(async () => {
  app = new FakeApp();
  server = await openServer({ app, listen: { host: '127.0.0.1', port: 0 }, uiFolder: undefined, flags: {} });
});

afterEach(() => server.close());

async function get(path: string): Promise<Loose> {
  const response = await fetch(server.url + path);
  return loose(await response.text());
}

const ALERT = { labels: { alertname: 'High', job: 'api', severity: 'page' }, annotations: { summary: 'too high' }, state: 'firing', activeAt: '2026-01-01T00:00:00.000Z', value: '9.5e+00' };

describe('the rules of the Prometheus HTTP API', () => {
  it('are groups with their rules and the alerts of these', async () => {
    expect(await get('/api/v1/rules')).toEqual({
      status: 'success',
      data: {
        groups: [
          {
            name: 'load',
            file: '/etc/rules.yml',
            interval: 15,
            limit: 0,
            evaluationTime: 0.002,
            lastEvaluation: '2026-01-01T00:00:00.000Z',
            rules: [
              {
                state: 'firing',
                name: 'High',
                query: 'load > 5',
                duration: 60,
                keepFiringFor: 0,
                labels: { severity: 'page' },
                annotations: { summary: 'too high' },
                alerts: [ALERT],
                health: 'ok',
                evaluationTime: 0.0015,
                lastEvaluation: '2026-01-01T00:00:00.000Z',
                type: 'alerting',
              },
              { name: 'job:load:sum', query: 'sum by (job) (load)', labels: {}, health: 'err', lastError: 'too many series', evaluationTime: 0.0015, lastEvaluation: '2026-01-01T00:00:00.000Z', type: 'recording' },
            ],
          },
        ],
      },
    });
  });

  it.each([
    ['type=alert', ['High']],
    ['type=record', ['job:load:sum']],
    ['rule_name[]=High', ['High']],
    ['rule_group[]=nope', []],
    ['file[]=/etc/rules.yml', ['High', 'job:load:sum']],
    ['match[]={severity="page"}', ['High']],
    ['match[]={severity=~"p.*",none=""}', ['High']],
    ['match[]={severity="page"}&type=record', []],
    ['match[]=up', []],
  ])('with %s are %j', async (query, names) => {
    const answer = JSON.stringify(await get(`/api/v1/rules?${query.replaceAll('[', '%5B').replaceAll(']', '%5D')}`));
    expect(['High', 'job:load:sum'].filter((name) => answer.includes(`"name":"${name}"`))).toEqual(names);
  });

  it('that make no sense to ask for are an error', async () => {
    expect(await get('/api/v1/rules?type=nope')).toMatchObject({ status: 'error', errorType: 'bad_data' });
    expect(await get('/api/v1/rules?match%5B%5D=%7Bnope')).toMatchObject({ status: 'error', errorType: 'bad_data' });
    expect(await get('/api/v1/rules?group_limit=1&group_next_token=nope')).toMatchObject({ status: 'error', errorType: 'bad_data' });
  });
});

it('the alerts of the Prometheus HTTP API are those that are pending or fire', async () => {
  expect(await get('/api/v1/alerts')).toEqual({ status: 'success', data: { alerts: [ALERT] } });
});

describe('rules by GraphQL', () => {
  const ask = async (query: string): Promise<Loose> => {
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
    return loose(await response.text());
  };

  it('say how they do', async () => {
    const query = '{ rules(file: "/etc/rules.yml") { name interval missedTicks rules { kind name health lastError state holdFor labels evaluationDuration alerts { state value labels activeAt } } } }';
    expect(await ask(query)).toMatchObject({
      data: {
        rules: [
          {
            name: 'load',
            interval: 15_000,
            missedTicks: 1,
            rules: [
              { kind: 'ALERTING', name: 'High', health: 'OK', state: 'FIRING', holdFor: 60_000, labels: { severity: 'page' }, alerts: [{ state: 'FIRING', value: 9.5, labels: ALERT.labels }] },
              { kind: 'RECORDING', name: 'job:load:sum', health: 'ERR', lastError: 'too many series', alerts: [] },
            ],
          },
        ],
      },
    });
  });

  it('have instances, and a history', async () => {
    expect(await ask('{ alertInstances(state: FIRING) { fingerprint state } alertHistory(limit: 5) { kind alertname at } }')).toMatchObject({
      data: { alertInstances: [{ fingerprint: '0123456789abcdef', state: 'FIRING' }], alertHistory: [{ kind: 'FIRING', alertname: 'High' }] },
    });
  });
});
