import { ConflictError, QueryError } from '@metrics-dashboard/sdk';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
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

async function ask(query: string, variables: Record<string, unknown> = {}): Promise<Loose> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return loose(await response.text());
}

async function hear(query: string, events: number): Promise<unknown[]> {
  const client = createClient({ url: server.url.replace('http', 'ws') + '/graphql', webSocketImpl: WebSocket, lazy: true, retryAttempts: 0 });
  const heard: unknown[] = [];
  for await (const { data } of client.iterate({ query })) {
    heard.push(data);
    if (heard.length === events) break;
  }
  await client.dispose();
  return heard;
}

const RULE = { name: 'Hot', expression: 'temperature', operator: 'GT', levels: [{ threshold: 80, resolveThreshold: 70 }] };
const CREATE = 'mutation ($rule: ThresholdRuleInput!) { createThresholdRule(rule: $rule) { id revision name operator levels { severity threshold resolveThreshold } holdFor interval missing flapping { changes window } labels annotations receivers enabled } }';
const UPDATE = 'mutation ($rule: ThresholdRuleInput!) { updateThresholdRule(id: "rule-1", revision: 7, rule: $rule) { id } }';

describe('a threshold rule by GraphQL', () => {
  it('is made with what it says, and with defaults for the rest', async () => {
    const answer = await ask(CREATE, { rule: { ...RULE, annotations: { summary: '{{ $labels.x }}' }, flapping: { changes: 4, window: '10m' }, interval: '15s', missing: 'ALERT' } });
    expect(answer).toEqual({
      data: {
        createThresholdRule: {
          id: 'rule-1',
          revision: 1,
          name: 'Hot',
          operator: 'GT',
          levels: [{ severity: null, threshold: 80, resolveThreshold: 70 }],
          holdFor: 0,
          interval: 15_000,
          missing: 'ALERT',
          flapping: { changes: 4, window: 600_000 },
          labels: {},
          annotations: { summary: '{{ $labels.x }}' },
          receivers: [],
          enabled: true,
        },
      },
    });
  });

  it('that somebody changed meanwhile is a conflict that tells both revisions', async () => {
    app.thresholdRules.refuseWith(new ConflictError('the rule "Hot" was changed by ada meanwhile', { expected: 7, met: 8 }));
    expect(await ask(UPDATE, { rule: RULE })).toMatchObject({ errors: [{ message: 'the rule "Hot" was changed by ada meanwhile', extensions: { code: 'CONFLICT', expected: 7, met: 8 } }] });
  });

  it('that makes no sense is refused with the place', async () => {
    app.thresholdRules.refuseWith(new QueryError('1:6: expression: unclosed left parenthesis', { path: 'expression', position: { line: 1, column: 6 } }));
    expect(await ask(CREATE, { rule: RULE })).toMatchObject({ errors: [{ extensions: { code: 'QUERY', path: 'expression', line: 1, column: 6 } }] });
  });

  it('is previewed', async () => {
    const answer = await ask('query ($rule: ThresholdRuleInput!) { previewRule(rule: $rule) { at series met instances { labels annotations value severity isMet } } }', { rule: { ...RULE, annotations: { summary: 'hot' } } });
    const instance = { labels: { alertname: 'Hot' }, annotations: { summary: 'hot' }, value: 9.5, severity: null, isMet: true };
    expect(answer).toMatchObject({ data: { previewRule: { series: 3, met: 1, instances: [instance] } } });
  });
});

describe('who subscribes', () => {
  it('hears of groups of rules and of their ends', async () => {
    const heard = await hear('subscription { ruleGroups { groups { name rules { name state } } gone } }', 2);
    expect(heard).toMatchObject([{ ruleGroups: { groups: [{ name: 'load', rules: [{ state: 'FIRING' }, { state: 'INACTIVE' }] }], gone: [] } }, { ruleGroups: { groups: [], gone: ['aaaaaaaaaaaaaaaa'] } }]);
  });

  it('hears of the rules that were made', async () => {
    await ask(CREATE, { rule: RULE });
    expect(await hear('subscription { thresholdRules { id name } }', 1)).toEqual([{ thresholdRules: [{ id: 'rule-1', name: 'Hot' }] }]);
  });
});
