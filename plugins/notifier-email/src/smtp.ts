import { readFile } from 'node:fs/promises';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import { tlsOptions } from '@metrics-dashboard/http-client';
import { DeliveryError } from '@metrics-dashboard/sdk';
import type { EmailConfig } from './config.js';
import type { Email } from './message.js';

/** The port on which TLS begins at once. */
const IMPLICIT_TLS_PORT = 465;
/** Ends of sockets that the delivery's own time limit would end anyway. */
const SOCKET_TIMEOUT = 10 * 60_000;

/** Answers with the addresses that were refused while others were taken. Rejects with a `DeliveryError`; when the signal aborts, the connection is cut. */
export async function sendEmail(config: EmailConfig, email: Email, signal: AbortSignal): Promise<readonly string[]> {
  signal.throwIfAborted();
  const connection = await connectionFor(config);
  const stop = (): void => connection.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await converse(connection, config, email);
  } finally {
    signal.removeEventListener('abort', stop);
    connection.close();
  }
}

async function connectionFor({ smarthost: { host, port }, hello, require_tls: requireTLS, force_implicit_tls: implicit, tls_config: tls }: EmailConfig): Promise<SMTPConnection> {
  const secure = await tlsOptions(tls);
  return new SMTPConnection({
    host,
    port,
    name: hello,
    secure: implicit ?? port === IMPLICIT_TLS_PORT,
    requireTLS,
    tls: secure,
    connectionTimeout: SOCKET_TIMEOUT,
    greetingTimeout: SOCKET_TIMEOUT,
    socketTimeout: SOCKET_TIMEOUT,
  });
}

async function converse(connection: SMTPConnection, config: EmailConfig, email: Email): Promise<readonly string[]> {
  const broken = new Promise<never>((_, reject) => {
    connection.once('error', (error) => reject(asDeliveryError(error, config)));
    connection.once('end', () => reject(new DeliveryError(`${placeOf(config)} closed the connection`, true)));
  });
  // Once the conversation has its outcome, how the connection ends is nobody's business.
  broken.catch(() => undefined);
  const step = (begin: (done: (error?: Error | null) => void) => void): Promise<void> =>
    Promise.race([broken, new Promise<void>((resolve, reject) => begin((error) => (error ? reject(asDeliveryError(error, config)) : resolve())))]);
  await step((done) => connection.connect(done));
  if (config.auth_username !== undefined) {
    const credentials = { user: config.auth_username, pass: await passwordOf(config) };
    await step((done) => connection.login(credentials, done));
  }
  let rejected: readonly string[] = [];
  await step((done) =>
    connection.send(email.envelope, email.content, (error, info) => {
      rejected = info?.rejected ?? [];
      done(error);
    }),
  );
  connection.quit();
  return rejected;
}

async function passwordOf({ auth_password: password, auth_password_file: file }: EmailConfig): Promise<string> {
  if (file === undefined) return password ?? '';
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DeliveryError(`${JSON.stringify(file)} can't be read`, true, { cause });
  });
  return text.trim();
}

/** A server says with 4xx that it may take the message later, with 5xx that it never will; a connection that fails may be better next time. */
function asDeliveryError(error: Error, config: EmailConfig): DeliveryError {
  const { responseCode, code } = error as SMTPConnection.SMTPError;
  const place = placeOf(config);
  if (responseCode !== undefined) return new DeliveryError(`${place} answered with ${responseCode}${stepOf(error)}`, responseCode < 500);
  if (code === 'ETLS' && config.require_tls) return new DeliveryError(`${place} offers no TLS as it is required: ${error.message}`, false);
  if (code === 'EAUTH') return new DeliveryError(`${place} offers no way to log in that is known here`, false);
  return new DeliveryError(`no conversation with ${place}: ${error.message}`, true);
}

/** What a server writes beside the code may hold anything; which command it answered, is ours to say. */
function stepOf(error: Error): string {
  const { command } = error as SMTPConnection.SMTPError;
  return command === undefined ? '' : ` to ${command.split(' ')[0] ?? ''}`;
}

function placeOf({ smarthost: { host, port } }: EmailConfig): string {
  return `${host}:${port}`;
}
