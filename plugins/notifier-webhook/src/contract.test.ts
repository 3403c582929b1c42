import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'vitest';
import { testHost, testNotifier } from '@metrics-dashboard/sdk/testing';
import type { NotifierBench } from '@metrics-dashboard/sdk/testing';
import { webhookConfig } from './config.js';
import { webhook } from './index.js';

async function bench(): Promise<NotifierBench> {
  let taken = 0;
  let status: number | undefined = 200;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (status === undefined) return;
      if (status === 200) taken += 1;
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/p4th-secret`;
  const http = { authorization: { credentials: 't0ken-secret' } };
  return {
    channel: await webhook.open(webhookConfig.parse({ url, http_config: http }), testHost()),
    taken: () => taken,
    refuse: (retryable) => (status = retryable ? 503 : 400),
    hang: () => (status = undefined),
    secrets: ['p4th-secret', 't0ken-secret'],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe('the contract of a notifier', () => {
  for (const test of testNotifier(bench)) it(test.name, () => test.run());
});
