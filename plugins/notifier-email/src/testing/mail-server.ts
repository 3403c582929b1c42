import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';

/** One message that a server took. */
export interface TakenEmail {
  readonly from: string;
  readonly to: readonly string[];
  readonly content: string;
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

/** A real mail server on loopback; `onMessage` may refuse by an error with a `responseCode`, or never return. */
export interface MailServer {
  readonly port: number;
  readonly taken: TakenEmail[];
  onMessage: () => Promise<void>;
  close(): Promise<void>;
}

/** An error that a server answers with. */
export function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

export async function openMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const taken: TakenEmail[] = [];
  const mail: { onMessage: () => Promise<void> } = { onMessage: () => Promise.resolve() };
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 10,
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const message: TakenEmail = {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          content: Buffer.concat(parts).toString('utf8'),
          isSecure: session.secure,
          user: typeof session.user === 'string' ? session.user : undefined,
        };
        mail.onMessage().then(
          () => {
            taken.push(message);
            done();
          },
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        );
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    taken,
    get onMessage() {
      return mail.onMessage;
    },
    set onMessage(value) {
      mail.onMessage = value;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
