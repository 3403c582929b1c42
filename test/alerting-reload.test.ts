import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWebhook } from './other-sides.js';
import type { OtherSide } from './other-sides.js';
import { eventually } from './peer.js';
import { startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';

const folder = temporaryFolder();
const file = join(folder.path, 'my.yml');
let hook: OtherSide;
let product: Product;

const receivers = (): string => `receivers:\n- name: team\n  webhook_configs: [{ url: "http://127.0.0.1:${hook.port}/" }]\n`;
const good = (): string => `self_scrape: false\n${receivers()}route: { receiver: team, group_by: [alertname], group_wait: 50ms, group_interval: 1s, repeat_interval: 1h }\n`;

beforeAll(async () => {
  hook = await openWebhook('well');
  writeFileSync(file, good());
  product = await startProduct({ args: ['--config', file] });
});

afterAll(async () => {
  await product.stop();
  await hook.close();
  folder.remove();
});

async function reload(text: string): Promise<{ status: number; body: string }> {
  writeFileSync(file, text);
  const response = await fetch(`${product.url}/-/reload`, { method: 'POST' });
  return { status: response.status, body: await response.text() };
}

async function isTold(name: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
  const body = JSON.stringify([{ labels: { alertname: name, ...labels }, endsAt: '2100-01-01T00:00:00Z' }]);
  const response = await fetch(`${product.url}/api/v2/alerts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(response.status).toBe(200);
  await eventually(() => hook.heard.some((message) => message.includes(`"${name}"`)), `${name} is told`);
}

const BAD: readonly (readonly [what: string, text: () => string, told: RegExp, files?: Readonly<Record<string, string>>])[] = [
  ['a route to a receiver that nobody knows', () => `${receivers()}route:\n  receiver: team\n  routes:\n  - receiver: pager\n`, /my\.yml:7:15: route\.routes\[0\]\.receiver: unknown receiver "pager", known are team/],
  ['a channel of no kind', () => 'route: { receiver: team }\nreceivers:\n- name: team\n  pigeon_configs: [{}]\n', /my\.yml:4:\d+: .*pigeon/],
  ['a channel that is configured wrongly', () => 'route: { receiver: team }\nreceivers:\n- name: team\n  webhook_configs: [{ url: nowhere }]\n', /my\.yml:4:\d+: receivers\[0\]\.webhook_configs\[0\]\.url: is not an http or https address/],
  ['a text that is no template', () => `route: { receiver: team }\nreceivers:\n- name: team\n  webhook_configs:\n  - url: "http://127.0.0.1:1/"\n    payload: "{{ range .Alerts }}"\n`, /my\.yml:6:\d+: receivers\[0\]\.webhook_configs\[0\]\.payload: template text:1:1: /],
  ['a template that is defined nowhere', () => `route: { receiver: team }\nreceivers:\n- name: team\n  webhook_configs:\n  - url: "http://127.0.0.1:1/"\n    payload: '{{ template "mine" . }}'\n`, /my\.yml:6:\d+: receivers\[0\]\.webhook_configs\[0\]\.payload: .*mine/],
  ['a file of templates that is none', () => `${good()}templates: ["*.tmpl"]\n`, /bad\.tmpl:2:\d+: /, { 'bad.tmpl': '{{ define "one" }}\n  {{ if }}x{{ end }}{{ end }}' }],
  ['a regular expression that can not be read', () => `${receivers()}route: { receiver: team, routes: [{ matchers: ['a=~"(("'] }] }\n`, /my\.yml:4:\d+: route\.routes\[0\]\.matchers\[0\]: bad regular expression/],
  ['a regular expression that grows too large', () => `${receivers()}route: { receiver: team, routes: [{ matchers: ['a=~"((a{1000}){1000}){1000}"'] }] }\n`, /my\.yml:4:\d+: route\.routes\[0\]\.matchers\[0\]: bad regular expression/],
  ['a rule whose template can not be read', () => `${good()}rule_files: [bad.rules]\n`, /bad\.rules:\d+:\d+: .*annotations/, { 'bad.rules': 'groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n    annotations: { summary: "{{ .Nope" }\n' }],
];

describe('a configuration that is wrong', () => {
  it.each(BAD.map(([what, text, told, files]) => ({ what, text, told, files })))('by $what is refused with its place, and what is in force stays', { timeout: 30_000 }, async ({ what, text, told, files = {} }) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder.path, name), content);
    const { status, body } = await reload(text());
    expect([status, body]).toEqual([expect.toSatisfy((code: number) => code >= 400), expect.stringMatching(told)]);
    await isTold(what);
  });
});

describe('what only shows when a message is made', () => {
  it('a regular expression that would explode elsewhere takes no time, and a template without end is told so in the message', { timeout: 30_000 }, async () => {
    const endless = `'{{ define "on" }}{{ template "on" . }}{{ end }}{{ template "on" . }} {{ .Status }}'`;
    const route = `route:\n  receiver: team\n  group_by: [alertname]\n  group_wait: 50ms\n  group_interval: 1s\n  routes:\n  - matchers: ['evil=~"(a+)+$|(a|aa)+"']\n    receiver: team\n`;
    const text = `self_scrape: false\nreceivers:\n- name: team\n  webhook_configs: [{ url: "http://127.0.0.1:${hook.port}/" }, { url: "http://127.0.0.1:${hook.port}/", payload: ${endless} }]\n${route}`;
    expect((await reload(text)).status).toBe(200);
    const began = Date.now();
    await isTold('Evil', { evil: `${'a'.repeat(50_000)}!` });
    expect(Date.now() - began).toBeLessThan(10_000);
    await eventually(() => hook.heard.some((message) => message.startsWith("[payload can't be expanded: ")), 'the other channel is told why its text is missing');
    expect((await product.get('/-/healthy')).status).toBe(200);
  });
});
