import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { DeliveryError } from '@metrics-dashboard/sdk';
import { ManualClock, sampleNotification, silentLogger } from '@metrics-dashboard/sdk/testing';
import { emailConfig } from './config.js';
import { EmailChannel } from './email-channel.js';
import { openMailServer, refusal } from './testing/mail-server.js';
import type { MailServer } from './testing/mail-server.js';

const never = new AbortController().signal;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function server(options?: Parameters<typeof openMailServer>[0]): Promise<MailServer> {
  const opened = await openMailServer(options);
  closers.push(() => opened.close());
  return opened;
}

/** A server that does with a connection what it is told. */
async function strange(behave: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const opened: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    behave(socket);
  });
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        opened.close(() => resolve());
      }),
  );
  return (opened.address() as AddressInfo).port;
}

function channel(port: number, config: object = {}, clock = new ManualClock()): EmailChannel {
  const whole = { to: 'team@example.org, lead@example.org', from: 'Alerts <alerts@example.org>', smarthost: `127.0.0.1:${port}`, require_tls: false, ...config };
  return new EmailChannel(emailConfig.parse(whole), clock, silentLogger);
}

const texts = {
  to: 'team@example.org, lead@example.org',
  from: 'Alerts <alerts@example.org>',
  subject: 'Über\r\nBcc: evil@example.org',
  text: 'plain',
  html: '<b>rich</b>',
};
const notification = sampleNotification({ texts });

async function failure(sending: Promise<void>): Promise<DeliveryError> {
  const error: unknown = await sending.then(() => undefined).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DeliveryError);
  return error as DeliveryError;
}

describe('an email', () => {
  it('has both forms of the message, one identity for all attempts, and a conversation for each group', async () => {
    const mail = await server({ hideSTARTTLS: true });
    await channel(mail.port).send(notification, never);
    await channel(mail.port).send(notification, never);
    expect(mail.taken[0]).toMatchObject({ from: 'alerts@example.org', to: ['team@example.org', 'lead@example.org'] });
    const { content } = mail.taken[0] ?? { content: '' };
    expect(content).toContain('Message-ID: <k1@metrics-dashboard>');
    expect(content).toMatch(/References: <[0-9a-f]{32}@metrics-dashboard>/);
    expect(content).toContain('text/plain');
    expect(content).toContain('<b>rich</b>');
    expect(content).toContain('From: Alerts <alerts@example.org>');
    expect(/^References: .*$/m.exec(content)?.[0]).toBe(/^References: .*$/m.exec(mail.taken[1]?.content ?? '')?.[0]);
  });

  it('is sent to nobody whom a text of an alert names', async () => {
    const mail = await server({ hideSTARTTLS: true });
    await channel(mail.port).send(notification, never);
    expect(mail.taken[0]?.to).not.toContain('evil@example.org');
    expect(mail.taken[0]?.content).not.toMatch(/^Bcc:/m);
  });

  it('has the headers of the configuration', async () => {
    const mail = await server({ hideSTARTTLS: true });
    const own = channel(mail.port, { headers: { Subject: 'x', 'X-Team': 'y' } });
    expect(Object.keys(own.templates)).not.toContain('subject');
    await own.send(sampleNotification({ texts: { ...texts, 'headers.Subject': 'Mine', 'headers.X-Team': 'db' } }), never);
    expect(mail.taken[0]?.content).toContain('Subject: Mine');
    expect(mail.taken[0]?.content).toContain('X-Team: db');
  });

  it('goes over TLS, with a user and a password', async () => {
    const mail = await server({ onAuth: (auth, _session, done) => (auth.password === 'right' ? done(null, { user: auth.username }) : done(new Error('no'))) });
    const tls = { require_tls: true, tls_config: { insecure_skip_verify: true }, auth_username: 'ada' };
    await channel(mail.port, { ...tls, auth_password: 'right' }).send(notification, never);
    expect(mail.taken).toMatchObject([{ isSecure: true, user: 'ada' }]);
    const error = await failure(channel(mail.port, { ...tls, auth_password: 'wr0ng' }).send(notification, never));
    expect(error.retryable).toBe(false);
    expect(error.message).toMatch(/answered with 535/);
    expect(error.message).not.toContain('wr0ng');
  });

  it('goes over TLS from the first byte', async () => {
    const mail = await server({ secure: true });
    await channel(mail.port, { force_implicit_tls: true, tls_config: { insecure_skip_verify: true } }).send(notification, never);
    expect(mail.taken).toMatchObject([{ isSecure: true }]);
  });

  it('is not sent without TLS where that is required, nor to a server that nobody knows', async () => {
    const mail = await server({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    expect((await failure(channel(mail.port, { require_tls: true }).send(notification, never))).retryable).toBe(false);
    const secure = await server();
    expect((await failure(channel(secure.port, { require_tls: true }).send(notification, never))).message).toMatch(/certificate/);
    expect([...mail.taken, ...secure.taken]).toEqual([]);
  });

  it.each([
    [451, true],
    [550, false],
  ])('that is answered with %i can be tried again: %s', async (code, retryable) => {
    const mail = await server({ hideSTARTTLS: true });
    mail.onMessage = () => Promise.reject(refusal(code, 'secret words'));
    const error = await failure(channel(mail.port).send(notification, never));
    expect(error.retryable).toBe(retryable);
    expect(error.message).toBe(`127.0.0.1:${mail.port} answered with ${code} to DATA`);
  });

  it('is not sent again because one of several addresses was refused', async () => {
    const mail = await server({ hideSTARTTLS: true, onRcptTo: ({ address }, _session, done) => done(address.startsWith('lead') ? refusal(550, 'gone') : undefined) });
    await channel(mail.port).send(notification, never);
    expect(mail.taken).toMatchObject([{ to: ['team@example.org'] }]);
  });
});

describe('a server that is', () => {
  it('not there, resets, or talks garbage: another attempt makes sense', async () => {
    for (const behave of [(socket: Socket) => void socket.resetAndDestroy(), (socket: Socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), (socket: Socket) => void socket.end()]) {
      expect((await failure(channel(await strange(behave)).send(notification, never))).retryable).toBe(true);
    }
    const gone = await server();
    await gone.close();
    expect((await failure(channel(gone.port).send(notification, never))).message).toContain('ECONNREFUSED');
  });

  it('silent is waited for so long, and leaves nothing open', async () => {
    const clock = new ManualClock();
    let arrived: () => void = () => undefined;
    const here = new Promise<void>((resolve) => (arrived = resolve));
    const port = await strange(() => arrived());
    const sending = failure(channel(port, { timeout: '5s' }, clock).send(notification, never));
    await here;
    await clock.advance(5000);
    expect(await sending).toMatchObject({ message: 'the mail server did not take the message within 5s', retryable: true });
    expect(clock.sleepers).toBe(0);
  });
});

describe('a configuration', () => {
  const ok = { to: 'a@b', from: 'c@d', smarthost: 'mail:25' };
  it.each([
    [{ ...ok, smarthost: 'mail' }, 'is not a host and a port'],
    [{ ...ok, from: undefined }, 'is missing: an address here, or global.smtp_from'],
    [{ ...ok, auth_password: 'a', auth_password_file: 'b' }, 'takes one of auth_password and auth_password_file'],
    [{ ...ok, headers: { 'a b': 'c' } }, 'is not the name of a header'],
  ])('%j is refused', (config, message) => {
    const result = emailConfig.safeParse(config);
    expect(JSON.stringify(result.error?.issues)).toContain(message);
  });
});
