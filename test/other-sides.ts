import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { freePort } from './product.js';

/** How another side behaves: well, or as other sides do at three in the morning. */
export type Behaviour = 'well' | 'hangs' | 'refuses' | 'resets' | 'garbage' | 'limits' | 'recovers' | 'breaks' | 'denies';

/** The other side of a channel, on loopback. */
export interface OtherSide {
  readonly port: number;
  /** What it was sent, attempts that it did not take included. */
  readonly heard: string[];
  /** The idempotency keys that came with it. */
  readonly keys: string[];
  close(): Promise<void>;
}

const NONSENSE = '\u0000\u0007]]> who is there?\r\n\r\n';

/** A webhook, of Slack or of anybody. */
export async function openWebhook(behaviour: Behaviour): Promise<OtherSide> {
  if (behaviour === 'refuses') return nobody();
  const heard: string[] = [];
  const keys: string[] = [];
  const server = createHttpServer((request, response) => {
    void bodyOf(request).then((body) => {
      heard.push(body);
      keys.push(String(request.headers['idempotency-key']));
      if (behaviour === 'hangs') return;
      if (behaviour === 'resets') request.socket.resetAndDestroy();
      else if (behaviour === 'garbage') request.socket.end(NONSENSE);
      else if (behaviour === 'limits' && heard.length === 1) response.writeHead(429, { 'retry-after': '2' }).end('slow down');
      else if (behaviour === 'breaks' || (behaviour === 'recovers' && heard.length < 3)) response.writeHead(500).end('<h1>oops</h1>');
      else if (behaviour === 'denies') response.writeHead(404).end('no_team');
      else response.end('ok');
    });
  });
  return listening(server, heard, keys, () => server.closeAllConnections());
}

/** A mail server, without TLS. */
export async function openMailServer(behaviour: Behaviour): Promise<OtherSide> {
  if (behaviour === 'refuses') return nobody();
  const heard: string[] = [];
  const keys: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (behaviour === 'hangs') return;
    if (behaviour === 'resets') return void socket.resetAndDestroy();
    if (behaviour === 'garbage') return void socket.write(NONSENSE);
    converse(socket, (message) => {
      heard.push(message);
      keys.push(/^X-Idempotency-Key: (.*)$/m.exec(message)?.[1]?.trim() ?? '');
      if (behaviour === 'denies') return '550 no such user';
      return behaviour === 'breaks' || (behaviour === 'recovers' && heard.length < 3) || (behaviour === 'limits' && heard.length === 1) ? '451 try again later' : '250 taken';
    });
  });
  return listening(server, heard, keys, () => {
    for (const socket of sockets) socket.destroy();
  });
}

/** Speaks as much SMTP as is needed to take one message after another. */
function converse(socket: Socket, take: (message: string) => string): void {
  let text = '';
  let isData = false;
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  say('220 here');
  socket.on('data', (part: Buffer) => {
    text += part.toString();
    for (let end = text.indexOf(isData ? '\r\n.\r\n' : '\r\n'); end >= 0; end = text.indexOf(isData ? '\r\n.\r\n' : '\r\n')) {
      const line = text.slice(0, end);
      text = text.slice(end + (isData ? 5 : 2));
      if (isData) say(take(line));
      else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
      else say(/^DATA/i.test(line) ? '354 go on' : '250 ok');
      isData = !isData && /^DATA/i.test(line);
    }
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request) body += String(part);
  return body;
}

async function listening(server: Server, heard: string[], keys: string[], hangUp: () => void): Promise<OtherSide> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      hangUp();
    });
  return { port: (server.address() as AddressInfo).port, heard, keys, close };
}

/** A port on which nothing listens. */
async function nobody(): Promise<OtherSide> {
  return { port: await freePort(), heard: [], keys: [], close: () => Promise.resolve() };
}
