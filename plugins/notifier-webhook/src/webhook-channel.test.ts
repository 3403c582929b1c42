import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DeliveryError, Labels, messageOf } from '@metrics-dashboard/sdk';
import type { Alert, Notification } from '@metrics-dashboard/sdk';
import { ManualClock } from '@metrics-dashboard/sdk/testing';
import { webhookConfig } from './config.js';
import { WebhookChannel } from './webhook-channel.js';

const START = Date.UTC(2026, 0, 1);
const never = new AbortController().signal;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
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
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret`;
}

/** A server that takes everything and shows what it took. */
async function taking(status = 200) {
  const taken: { headers: IncomingHttpHeaders; body: unknown }[] = [];
  const url = await serve((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      taken.push({ headers: request.headers, body: JSON.parse(text) });
      response.writeHead(status).end('thanks');
    });
  });
  return { url, taken };
}

function channel(config: unknown, clock = new ManualClock()): WebhookChannel {
  return new WebhookChannel(webhookConfig.parse(config), clock);
}

function alert(name: string, overrides: Partial<Alert> = {}): Alert {
  return {
    labels: Labels.of({ alertname: name }),
    annotations: { summary: 'it is "down"' },
    status: 'firing',
    startsAt: START,
    endsAt: undefined,
    generatorUrl: 'http://localhost:9700/explore',
    fingerprint: 'abc',
    ...overrides,
  };
}

function notification(overrides: Partial<Notification> = {}): Notification {
  return {
    receiver: 'team',
    groupKey: '{}:{alertname="Down"}',
    idempotencyKey: 'key-1',
    status: 'firing',
    reason: 'first',
    groupLabels: Labels.of({ alertname: 'Down' }),
    commonLabels: Labels.of({ alertname: 'Down' }),
    commonAnnotations: {},
    alerts: [alert('Down'), alert('Up', { status: 'resolved', endsAt: START + 1500 })],
    omitted: 1,
    externalUrl: 'http://localhost:9700',
    texts: {},
    ...overrides,
  };
}

async function failure(sending: Promise<void>): Promise<DeliveryError> {
  const error: unknown = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  return error as DeliveryError;
}

describe('a webhook', () => {
  it('gets what Alertmanager would send', async () => {
    const { url, taken } = await taking();
    await channel({ url }).send(notification(), never);
    expect(taken[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'key-1' });
    expect(taken[0]?.body).toEqual({
      version: '4',
      groupKey: '{}:{alertname="Down"}',
      truncatedAlerts: 1,
      status: 'firing',
      receiver: 'team',
      groupLabels: { alertname: 'Down' },
      commonLabels: { alertname: 'Down' },
      commonAnnotations: {},
      externalURL: 'http://localhost:9700',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'Down' },
          annotations: { summary: 'it is "down"' },
          startsAt: '2026-01-01T00:00:00.000Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'http://localhost:9700/explore',
          fingerprint: 'abc',
        },
        {
          status: 'resolved',
          labels: { alertname: 'Up' },
          annotations: { summary: 'it is "down"' },
          startsAt: '2026-01-01T00:00:00.000Z',
          endsAt: '2026-01-01T00:00:01.500Z',
          generatorURL: 'http://localhost:9700/explore',
          fingerprint: 'abc',
        },
      ],
    });
  });

  it('gets so many alerts at most, and the number of the others', async () => {
    const { url, taken } = await taking();
    await channel({ url, max_alerts: 1 }).send(notification(), never);
    expect(taken[0]?.body).toMatchObject({ truncatedAlerts: 2, alerts: [{ labels: { alertname: 'Down' } }] });
  });

  it('says whether it wants to be told of an end', () => {
    expect(channel({ url: 'http://here/' }).sendsResolved).toBe(true);
    expect(channel({ url: 'http://here/', send_resolved: false }).sendsResolved).toBe(false);
  });

  it('is sent credentials, from a file too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'webhook-'));
    closers.push(() => rm(folder, { recursive: true }));
    const { url, taken } = await taking();
    await writeFile(join(folder, 'token'), 'abc\n');
    await writeFile(join(folder, 'url'), `${url}\n`);
    await channel({ url_file: join(folder, 'url'), http_config: { authorization: { credentials_file: join(folder, 'token') } } }).send(
      notification(),
      never,
    );
    await channel({ url, http_config: { basic_auth: { username: 'ada', password: 'x' } } }).send(notification(), never);
    expect(taken.map(({ headers }) => headers.authorization)).toEqual(['Bearer abc', `Basic ${btoa('ada:x')}`]);
  });
});

describe('a delivery that fails', () => {
  it.each([
    [500, true],
    [503, true],
    [429, true],
    [400, false],
    [404, false],
    [302, false],
  ])('with status %i can be tried again: %s', async (status, retryable) => {
    const { url } = await taking(status);
    const error = await failure(channel({ url }).send(notification(), never));
    expect(error.retryable).toBe(retryable);
    expect(error.message).toMatch(new RegExp(`^127\\.0\\.0\\.1:\\d+ answered with status ${status} \\w+`));
  });

  it('for want of an answer can be tried again, and leaves nothing open', async () => {
    const clock = new ManualClock();
    let arrive: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const url = await serve(() => arrive());
    const sending = failure(channel({ url, timeout: '3s' }, clock).send(notification(), never));
    await arrived;
    await clock.advance(3000);
    const error = await sending;
    expect(error.retryable).toBe(true);
    expect(error.message).toContain('no answer within 3s');
    expect(clock.sleepers).toBe(0);
  });

  it('since it was given up can be tried again', async () => {
    const leaving = new AbortController();
    const url = await serve(() => leaving.abort());
    const error = await failure(channel({ url }).send(notification(), leaving.signal));
    expect(error).toMatchObject({ retryable: true, message: 'the delivery was given up' });
  });

  it('since nothing listens can be tried again, and tells no secret', async () => {
    const url = await serve(() => undefined);
    for (const close of closers.splice(0)) await close();
    const config = { url, http_config: { authorization: { credentials: 'tok3n' } } };
    const error = await failure(channel(config).send(notification(), never));
    expect(error.retryable).toBe(true);
    expect(messageOf(error)).toContain('ECONNREFUSED');
    expect(messageOf(error)).not.toMatch(/s3cret|tok3n/);
  });
});

describe('the configuration of a webhook', () => {
  it.each([
    [{}, 'exactly one of url and url_file'],
    [{ url: 'ftp://x' }, 'not an http or https address'],
    [{ url: 'http://x', timeout: 'soon' }, 'not a duration'],
    [{ url: 'http://x', timeout: '0s' }, 'is 0'],
    [{ url: 'http://x', max_alerts: -1 }, '>=0'],
    [{ url: 'http://x', http_config: { authorization: {} } }, 'exactly one of credentials'],
    [{ url: 'http://x', uri: 'y' }, 'uri'],
  ])('is refused where it is wrong: %j', (config, message) => {
    const result = webhookConfig.safeParse(config);
    expect(result.error?.issues.map((issue) => issue.message).join()).toContain(message);
  });
});
