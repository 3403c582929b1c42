import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';

/** What a question is answered with: records, no such name, a failure of the server's, or nothing at all. */
export type DnsAnswer = readonly Uint8Array[] | 'no-name' | 'fails' | 'silent';

const TYPES = { A: 1, NS: 2, MX: 15, AAAA: 28, SRV: 33 } as const;

export const records = {
  a: (address: string): Uint8Array => Uint8Array.from(address.split('.').map(Number)),
  aaaa: (words: readonly number[]): Uint8Array => Uint8Array.from(words.flatMap((word) => [word >> 8, word & 255])),
  ns: (target: string): Uint8Array => nameBytes(target),
  mx: (priority: number, target: string): Uint8Array => Uint8Array.from([0, priority, ...nameBytes(target)]),
  srv: (port: number, target: string): Uint8Array => Uint8Array.from([0, 1, 0, 1, port >> 8, port & 255, ...nameBytes(target)]),
};

/** A name server on the loopback that knows what a test tells it. Source of the format: https://www.rfc-editor.org/rfc/rfc1035. */
export class NameServer {
  /** By `type name`. */
  readonly answers = new Map<string, DnsAnswer>();
  readonly #socket: Socket = createSocket('udp4');

  /** Resolves with the address to ask. */
  async listen(): Promise<string> {
    this.#socket.on('message', (question, { port, address }) => {
      const answer = this.#answer(question);
      if (answer !== undefined) this.#socket.send(answer, port, address);
    });
    await new Promise<void>((resolve) => this.#socket.bind(0, '127.0.0.1', resolve));
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(resolve));
  }

  #answer(message: Buffer): Buffer | undefined {
    const labels: string[] = [];
    let at = 12;
    for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
      labels.push(message.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const code = message.readUInt16BE(at + 1);
    const type = Object.entries(TYPES).find(([, value]) => value === code)?.[0] ?? '';
    const answer = this.answers.get(`${type} ${labels.join('.').toLowerCase()}`) ?? 'no-name';
    if (answer === 'silent') return undefined;
    const found = typeof answer === 'string' ? [] : answer;
    const header = Buffer.alloc(12);
    header.writeUInt16BE(message.readUInt16BE(0), 0);
    header.writeUInt16BE(0x8180 | (answer === 'no-name' ? 3 : answer === 'fails' ? 2 : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(found.length, 6);
    return Buffer.concat([header, message.subarray(12, at + 5), ...found.map((data) => record(code, data))]);
  }
}

/** Its name points at that of the question. */
function record(type: number, data: Uint8Array): Buffer {
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, data.length >> 8, data.length & 255]);
  return Buffer.concat([head, data]);
}

function nameBytes(name: string): Uint8Array {
  return Uint8Array.from([...name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]), 0]);
}
