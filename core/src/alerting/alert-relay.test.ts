import { DeliveryError, Labels } from '@metrics-dashboard/sdk';
import type { Notification, TargetDiscovery } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, silentLogger } from '@metrics-dashboard/sdk/testing';
import { expect, it } from 'vitest';
import { AlertRelay } from './alert-relay.js';
import type { AlertMessage } from './alert-message.js';
import type { AlertmanagersConfig } from './alerting-config.js';

const at = { file: undefined, path: 'alerting', line: undefined, column: undefined };
const entry = (targets: readonly string[], changes: Partial<AlertmanagersConfig> = {}): AlertmanagersConfig => ({
  discoveries: [{ kind: 'static', config: targets, at }],
  scheme: 'http',
  pathPrefix: '',
  timeout: 5000,
  relabel: [],
  alertRelabel: [],
  http: {},
  at,
  ...changes,
});

function world() {
  const clock = new ManualClock();
  const metrics = new Registry();
  const sent: { url: string; notification: Notification }[] = [];
  const relay = new AlertRelay({
    clock,
    log: silentLogger,
    metrics,
    openDiscovery: ({ config }) => Promise.resolve(discovery(config as readonly string[])),
    openNotifier: ({ config }) => {
      const { url } = config as { readonly url: string };
      return Promise.resolve({
        send: async (notification: Notification) => {
          if (url.includes('broken')) throw new DeliveryError('503', true);
          sent.push({ url, notification });
        },
      });
    },
  });
  return { clock, metrics, relay, sent };
}

function discovery(targets: readonly string[]): TargetDiscovery {
  return {
    async *watch(signal) {
      yield [{ source: 'test', targets, labels: {} }];
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
  };
}

const alert = (name: string): AlertMessage => ({ labels: Labels.of({ alertname: name, replica: 'a' }), annotations: {}, startsAt: 1, endsAt: 4e12, generatorUrl: '', receivers: [] });
const dropReplica = { action: 'labeldrop' as const, sourceLabels: [], separator: ';', targetLabel: '', regex: 'replica', modulus: 0, replacement: '$1' };

it('sends alerts to every Alertmanager that is found, in batches, relabeled; one that takes none holds up nobody', async () => {
  const { clock, metrics, relay, sent } = world();
  const config = { alertRelabel: [dropReplica], alertmanagers: [entry(['a:9093', 'broken:1']), entry(['b:9093', 'a:9093'], { scheme: 'https', pathPrefix: '/am' })] };
  (await relay.prepare(config)).commit();
  await clock.advance(0);
  expect(relay.peers()).toEqual(['http://a:9093/api/v2/alerts', 'http://broken:1/api/v2/alerts', 'https://b:9093/am/api/v2/alerts', 'https://a:9093/am/api/v2/alerts']);
  relay.send(Array.from({ length: 100 }, (_, i) => alert(`A${i}`)));
  await clock.advance(0);
  expect(sent.map(({ url, notification }) => `${url} ${notification.alerts.length}`).sort()).toEqual(
    ['http://a:9093', 'https://a:9093/am', 'https://b:9093/am'].flatMap((url) => [`${url}/api/v2/alerts 36`, `${url}/api/v2/alerts 64`]).sort(),
  );
  expect(sent[0]?.notification.alerts[0]).toMatchObject({ status: 'firing', startsAt: 1, endsAt: 4e12 });
  expect(sent[0]?.notification.alerts[0]?.labels.toObject()).toEqual({ alertname: 'A0' });
  expect(await metrics.metrics()).toContain('metrics_dashboard_alertmanager_errors_total{alertmanager="http://broken:1/api/v2/alerts"} 2');
  await relay.close();
  expect(clock.sleepers).toBe(0);
});

it('counts what nobody took, and sends nothing where nobody is configured', async () => {
  const { clock, metrics, relay, sent } = world();
  relay.send([alert('A')]);
  (await relay.prepare({ alertRelabel: [], alertmanagers: [entry(['broken:1'])] })).commit();
  await clock.advance(0);
  relay.send([alert('B'), alert('C')]);
  await clock.advance(0);
  expect(sent).toEqual([]);
  expect(await metrics.metrics()).toContain('metrics_dashboard_alertmanager_alerts_dropped_total 2');
  (await relay.prepare({ alertRelabel: [], alertmanagers: [] })).commit();
  await clock.advance(0);
  expect(relay.peers()).toEqual([]);
  await relay.close();
});
