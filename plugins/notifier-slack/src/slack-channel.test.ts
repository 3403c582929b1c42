import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { DeliveryError } from '@metrics-dashboard/sdk';
import { ManualClock, sampleNotification } from '@metrics-dashboard/sdk/testing';
import { slackConfig } from './config.js';
import { SlackChannel } from './slack-channel.js';

const never = new AbortController().signal;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/s3cret`;
}

/** A server that answers so, and shows what it took. */
async function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const taken: { headers: IncomingHttpHeaders; body: unknown }[] = [];
  const url = await serve((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      taken.push({ headers: request.headers, body: JSON.parse(text) });
      response.writeHead(status, headers).end(body);
    });
  });
  return { url, taken };
}

const channel = (config: object, clock = new ManualClock()): SlackChannel => new SlackChannel(slackConfig.parse(config), clock);

describe('a message to Slack', () => {
  it('is an attachment of the texts that the templates made', async () => {
    const { url, taken } = await answering(200, 'ok');
    const slack = channel({ api_url: url, channel: '#x', fields: [{ title: 'a', value: 'b', short: true }], actions: [{ type: 'button', text: 'Look', url: 'u' }], link_names: true });
    const texts = Object.fromEntries(Object.keys(slack.templates).map((path) => [path, path === 'footer' ? '' : `<${path}>`]));
    await slack.send(sampleNotification({ texts }), never);
    expect(taken[0]?.headers).toMatchObject({ 'idempotency-key': 'k1', 'content-type': 'application/json' });
    expect(taken[0]?.body).toMatchObject({
      channel: '<channel>',
      username: '<username>',
      link_names: true,
      attachments: [
        {
          title: '<title>',
          title_link: '<title_link>',
          text: '<text>',
          fallback: '<fallback>',
          color: '<color>',
          fields: [{ title: '<fields.0.title>', value: '<fields.0.value>', short: true }],
          actions: [{ type: 'button', text: '<actions.0.text>', url: '<actions.0.url>' }],
        },
      ],
    });
    expect(JSON.stringify(taken[0]?.body)).not.toContain('footer');
  });

  it('is cut where Slack would refuse it', async () => {
    const { url, taken } = await answering(200, 'ok');
    await channel({ api_url: url }).send(sampleNotification({ texts: { title: 'ü'.repeat(2000) } }), never);
    const { attachments } = taken[0]?.body as { attachments: readonly { title: string }[] };
    expect([...(attachments[0]?.title ?? '')]).toHaveLength(1024);
  });

  it('of an end is sent where it is wanted', () => {
    expect(channel({ api_url: 'http://here/' }).sendsResolved).toBe(false);
    expect(channel({ api_url: 'http://here/', send_resolved: true }).sendsResolved).toBe(true);
  });
});

describe('what Slack answers', () => {
  it.each([
    [429, 'ratelimited', { 'retry-after': '30' }, true, 30_000, 'status 429: ratelimited'],
    [500, 'internal_error', {}, true, undefined, 'status 500: internal_error'],
    [502, '<html>garbage', {}, true, undefined, 'status 502'],
    [200, '{"ok":false,"error":"channel_not_found"}', {}, false, undefined, 'status 200: channel_not_found'],
    [200, '{"ok":false,"error":"ratelimited"}', {}, true, undefined, 'status 200: ratelimited'],
    [404, 'no_service', {}, false, undefined, 'status 404: no_service'],
    [302, '', { location: 'http://elsewhere/' }, false, undefined, 'status 302'],
  ])('%i %s', async (status, body, headers, retryable, retryAfter, message) => {
    const { url } = await answering(status, body, headers);
    const error: unknown = await channel({ api_url: url }).send(sampleNotification(), never).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error).toMatchObject({ retryable, retryAfter });
    expect(String(error)).toContain(message);
  });

  it.each(['ok', '', '{"ok":true}', '{garbage', 'thank you'])('200 %j is taken for a yes', async (body) => {
    const { url } = await answering(200, body);
    await channel({ api_url: url }).send(sampleNotification(), never);
  });

  it('when the connection is reset, can be tried again, and tells no secret', async () => {
    const url = await serve((request) => request.socket.destroy());
    const error: unknown = await channel({ api_url: url }).send(sampleNotification(), never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ retryable: true });
    expect(String(error)).toMatch(/closed the connection/);
    expect(String(error)).not.toContain('s3cret');
  });

  it('when there is no answer, is waited for so long', async () => {
    const clock = new ManualClock();
    let arrived: () => void = () => undefined;
    const here = new Promise<void>((resolve) => (arrived = resolve));
    const url = await serve(() => arrived());
    const sending = channel({ api_url: url, timeout: '3s' }, clock).send(sampleNotification(), never).catch((reason: unknown) => reason);
    await here;
    await clock.advance(3000);
    expect(String(await sending)).toContain('gave no answer within 3s');
    expect(clock.sleepers).toBe(0);
  });
});

describe('a configuration', () => {
  it.each([
    [{}, 'takes exactly one of api_url and api_url_file'],
    [{ api_url: 'ftp://x' }, 'is not an http or https address'],
    [{ api_url: 'http://x/', titel: 'a' }, 'Unrecognized key'],
    [{ api_url: 'http://x/', actions: [{ type: 'button' }] }, 'expected string'],
  ])('%j is refused', (config, message) => {
    const result = slackConfig.safeParse(config);
    expect(result.error?.issues.map((issue) => issue.message).join()).toContain(message);
  });
});
