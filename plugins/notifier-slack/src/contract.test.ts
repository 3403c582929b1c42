import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'vitest';
import { openKind, testHost, testNotifier } from '@metrics-dashboard/sdk/testing';
import type { NotifierBench } from '@metrics-dashboard/sdk/testing';
import plugin from './index.js';

async function bench(): Promise<NotifierBench> {
  let taken = 0;
  let status: number | undefined = 200;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (status === undefined) return;
      if (status === 200) taken += 1;
      response.writeHead(status).end(status === 200 ? 'ok' : 'invalid_payload');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/s3cret`;
  return {
    channel: await openKind(plugin, 'notifier', { api_url: url }, testHost()),
    taken: () => taken,
    refuse: (retryable) => (status = retryable ? 503 : 400),
    hang: () => (status = undefined),
    secrets: ['s3cret'],
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
