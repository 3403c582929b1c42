import { describe, it } from 'vitest';
import { openKind, testHost, testNotifier } from '@metrics-dashboard/sdk/testing';
import type { NotifierBench } from '@metrics-dashboard/sdk/testing';
import plugin from './index.js';
import { openMailServer, refusal } from './testing/mail-server.js';

async function bench(): Promise<NotifierBench> {
  const server = await openMailServer({ hideSTARTTLS: true, allowInsecureAuth: true, onAuth: (auth, _session, done) => done(null, { user: auth.username }) });
  const config = { to: 'team@example.org', from: 'alerts@example.org', smarthost: `127.0.0.1:${server.port}`, require_tls: false, auth_username: 'u', auth_password: 'p4ss-secret' };
  const channel = await openKind(plugin, 'notifier', config, testHost());
  const texts = { to: 'team@example.org', from: 'alerts@example.org', subject: 'S', text: 'T', html: '<p>H' };
  return {
    channel: { send: (notification, signal) => channel.send({ ...notification, texts }, signal) },
    taken: () => server.taken.length,
    refuse: (retryable) => (server.onMessage = () => Promise.reject(refusal(retryable ? 451 : 550, 'no'))),
    hang: () => (server.onMessage = () => new Promise(() => undefined)),
    secrets: ['p4ss-secret'],
    close: () => server.close(),
  };
}

describe('the contract of a notifier', () => {
  for (const test of testNotifier(bench)) it(test.name, () => test.run());
});
