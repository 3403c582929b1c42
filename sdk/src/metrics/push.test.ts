import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { Counter, Pushgateway, Registry } from './index.js';

interface Request {
  readonly line: string;
  readonly type: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

describe('a job that pushes', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function gateway(answer: (response: ServerResponse, n: number) => void): Promise<{ url: string; requests: Request[] }> {
    const requests: Request[] = [];
    const server = createServer((request: IncomingMessage, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { authorization, 'content-type': type } = request.headers;
        requests.push({ line: `${request.method} ${request.url}`, type, authorization, body });
        answer(response, requests.length);
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`, requests };
  }

  const registry = new Registry();
  new Counter({ name: 'rows_total', help: 'Rows.', registers: [registry] }).inc(7);
  const ok = (response: ServerResponse): void => void response.writeHead(202).end();

  it('replaces, adds and deletes its group by the paths of the Pushgateway', async () => {
    const { url, requests } = await gateway(ok);
    const client = new Pushgateway(url, { headers: { authorization: 'Bearer t' } }, registry);
    await client.push({ jobName: 'backup' });
    await client.pushAdd({ jobName: 'a b', groupings: { path: '/var/tmp', empty: '', instance: 'db1' } });
    await client.delete({ jobName: 'backup' });
    expect(requests.map(({ line }) => line)).toEqual([
      'PUT /metrics/job/backup',
      'POST /metrics/job/a%20b/path@base64/L3Zhci90bXA/empty@base64/=/instance/db1',
      'DELETE /metrics/job/backup',
    ]);
    expect(requests[0]).toMatchObject({ type: 'text/plain; version=0.0.4; charset=utf-8', authorization: 'Bearer t' });
    expect(requests[0]?.body).toBe('# HELP rows_total Rows.\n# TYPE rows_total counter\nrows_total 7\n');
    expect(requests[2]?.body).toBe('');
  });

  it('waits as long as the server asks, and longer each time where it does not say', async () => {
    const { url, requests } = await gateway((response, n) => {
      if (n === 1) response.writeHead(429, { 'retry-after': '3' }).end();
      else if (n < 4) response.writeHead(503).end();
      else ok(response);
    });
    const waits: number[] = [];
    const sleep = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
    await new Pushgateway(url, { sleep }, registry).push({ jobName: 'backup' });
    expect(requests).toHaveLength(4);
    expect(waits).toEqual([3000, 1000, 2000]);
  });

  it('is told at once, with the words of the server, what will not get better', async () => {
    const { url, requests } = await gateway((response) => void response.writeHead(400).end('pushed metrics are invalid'));
    const pushing = new Pushgateway(url, {}, registry).push({ jobName: 'backup' });
    await expect(pushing).rejects.toThrow(`PUT ${url}metrics/job/backup: status 400: pushed metrics are invalid`);
    expect(requests).toHaveLength(1);
    expect(() => new Pushgateway('nowhere', {}, registry)).toThrow('"nowhere" is not an address');
    await expect(new Pushgateway(url, {}, registry).push({ jobName: '' })).rejects.toThrow('empty jobName');
  });

  it('gives up after its attempts when nobody answers', async () => {
    const sleep = async (): Promise<void> => undefined;
    const nobody = new Pushgateway('http://127.0.0.1:9', { sleep, retries: 1 }, registry).push({ jobName: 'backup' });
    await expect(nobody).rejects.toThrow('PUT http://127.0.0.1:9/metrics/job/backup: ');
    const { url } = await gateway(() => undefined);
    const silent = new Pushgateway(url, { sleep, retries: 0, timeout: 50 }, registry).push({ jobName: 'backup' });
    await expect(silent).rejects.toThrow('no answer within 50 ms');
  });
});
