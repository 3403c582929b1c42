import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openMailServer, openWebhook } from './other-sides.js';
import type { Behaviour, OtherSide } from './other-sides.js';
import { eventually } from './peer.js';
import { startProduct, temporaryFolder } from './product.js';
import type { Product, ProductOptions } from './product.js';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: ProductOptions): Promise<Product> {
  const product = await startProduct(options);
  closers.push(() => product.stop());
  return product;
}

const KINDS = {
  webhook: { open: openWebhook, config: (port: number) => ({ url: `http://127.0.0.1:${port}/hook`, timeout: '1s' }) },
  slack: { open: openWebhook, config: (port: number) => ({ api_url: `http://127.0.0.1:${port}/services/T0`, timeout: '1s' }) },
  email: { open: openMailServer, config: (port: number) => ({ to: 'team@example.org', from: 'alerts@example.org', smarthost: `127.0.0.1:${port}`, require_tls: false, timeout: '1s' }) },
} as const;
type Kind = keyof typeof KINDS;

/** How a delivery ends, after how many attempts at least, and what is said of the last one that failed. */
const ENDS: Readonly<Record<Behaviour, readonly [delivered: boolean, attempts: number, error: RegExp | undefined]>> = {
  well: [true, 1, undefined],
  hangs: [false, 3, /given up after 10s: .*(1s|time)/i],
  refuses: [false, 3, /given up after 10s: .*refused/i],
  resets: [false, 3, /given up after 10s: .*(reset|closed|hang up)/i],
  garbage: [false, 3, /given up after 10s/],
  limits: [true, 2, /429|451/],
  recovers: [true, 3, /500|451/],
  breaks: [false, 3, /given up after 10s: .*(500|451)/],
  denies: [false, 1, /404|550/],
};

interface Notified {
  readonly receiver: string;
  readonly delivered: boolean;
  readonly attempts: number;
  readonly error: string | null;
  readonly idempotencyKey: string;
  readonly at: number;
  readonly endedAt: number;
}

interface ListedChannel {
  readonly receiver: string;
  readonly health: { readonly isFailing: boolean; readonly lastError: string | null; readonly lastErrorAt: number | null; readonly delivered: number; readonly failed: number; readonly underWay: number };
}

describe('other sides that behave badly', () => {
  const behaviours = Object.keys(ENDS) as readonly Behaviour[];
  const all = (Object.keys(KINDS) as readonly Kind[]).flatMap((kind) => behaviours.map((behaviour) => ({ kind, behaviour, receiver: `${kind}-${behaviour}` })));

  async function open(): Promise<{ product: Product; sides: ReadonlyMap<string, OtherSide> }> {
    const sides = new Map<string, OtherSide>();
    for (const { kind, behaviour, receiver } of all) {
      const side = await KINDS[kind].open(behaviour);
      closers.push(() => side.close());
      sides.set(receiver, side);
    }
    const receivers = all.map(({ kind, receiver }) => ({ name: receiver, [`${kind}_configs`]: [KINDS[kind].config(sides.get(receiver)?.port ?? 0)] }));
    const routes = all.map(({ receiver }) => ({ receiver, continue: true }));
    const route = { receiver: 'nobody', group_by: ['alertname'], group_wait: '100ms', group_interval: '2s', routes };
    return { product: await start({ config: JSON.stringify({ self_scrape: false, route, receivers: [{ name: 'nobody' }, ...receivers] }) }), sides };
  }

  it('are tried again or given up as it is written, hold up nobody else, and are seen in the API and in metrics', { timeout: 60_000 }, async () => {
    const { product, sides } = await open();
    const body = JSON.stringify([{ labels: { alertname: 'Down' }, endsAt: '2100-01-01T00:00:00Z' }]);
    await fetch(`${product.url}/api/v2/alerts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const first = async (): Promise<ReadonlyMap<string, Notified>> => {
      const { notifications } = await product.graphql<{ notifications: readonly Notified[] }>('{ notifications(limit: 1000) { receiver delivered attempts error idempotencyKey at endedAt } }');
      return new Map(notifications.map((one) => [one.receiver, one]));
    };
    const channels = async (): Promise<readonly ListedChannel[]> => (await product.graphql<{ channels: readonly ListedChannel[] }>('{ channels { receiver health { isFailing lastError lastErrorAt delivered failed underWay } } }')).channels;

    await eventually(async () => (await first()).size >= 6, 'who behaves well is told while the others are still tried');
    const early = await channels();
    expect(early.find(({ receiver }) => receiver === 'webhook-hangs')?.health).toMatchObject({ underWay: 1, delivered: 0, failed: 0 });
    await eventually(async () => (await first()).size === all.length, 'all have ended');

    // The newest come first, so what stands in the map is the first of each.
    const ended = await first();
    const odd = all.flatMap(({ kind, behaviour, receiver }) => {
      const [delivered, attempts, error] = ENDS[behaviour];
      const one = ended.get(receiver);
      const health = one && listed(receiver);
      const isAsWritten = one !== undefined && one.delivered === delivered && (attempts < 3 ? one.attempts === attempts : one.attempts >= 3) && (delivered || error?.test(one.error ?? '') === true);
      return isAsWritten ? [] : [{ kind, behaviour, one, health }];
      function listed(name: string): unknown {
        return early.find((channel) => channel.receiver === name)?.health;
      }
    });
    expect(odd).toEqual([]);
    for (const kind of ['webhook', 'slack', 'email']) {
      const well = ended.get(`${kind}-well`);
      expect((well?.endedAt ?? Infinity) - (well?.at ?? 0)).toBeLessThan(2000);
      expect(new Set(sides.get(`${kind}-recovers`)?.keys)).toEqual(new Set([ended.get(`${kind}-recovers`)?.idempotencyKey]));
    }

    const late = new Map((await channels()).map(({ receiver, health }) => [receiver, health]));
    for (const { behaviour, receiver } of all) {
      const [delivered, , error] = ENDS[behaviour];
      const health = late.get(receiver);
      expect({ receiver, failing: health?.isFailing }).toEqual({ receiver, failing: !delivered });
      if (error === undefined) expect(health?.lastError).toBeNull();
      if (delivered) expect(health).toMatchObject({ delivered: 1, failed: 0 });
    }

    const metrics = await (await product.get('/metrics')).text();
    const value = (name: string, labels: string): number => Number(new RegExp(`^metrics_dashboard_${name}\\{${labels}\\} (\\d+)`, 'm').exec(metrics)?.[1] ?? NaN);
    for (const { kind, behaviour, receiver } of all) {
      const [delivered] = ENDS[behaviour];
      const of = `kind="${kind}",receiver="${receiver}"`;
      if (delivered) expect(value('notification_attempts_total', `${of},outcome="delivered"`)).toBe(1);
      else expect(value('notifications_failed_total', of)).toBeGreaterThan(0);
      if (behaviour === 'denies') expect(value('notification_attempts_total', `${of},outcome="refused"`)).toBeGreaterThan(0);
    }
  });
});

describe('a receiver that is made by GraphQL', () => {
  const SAVE = 'mutation ($receiver: ReceiverInput!) { saveReceiver(receiver: $receiver) { name channels { kind config } } }';
  const receiver = (port: number, text: string): object => ({
    name: 'mine',
    channels: [{ kind: 'slack', config: { api_url: `http://127.0.0.1:${port}/services/s3cret-path`, http_config: { authorization: { credentials: 's3cret-token' } }, text, send_resolved: true } }],
  });
  const RULE = { name: 'Full', expression: 'disk_used', operator: 'GT', levels: [{ threshold: 90 }], interval: '1s', receivers: ['mine'] };

  it('is tested, told by a rule that names it, in words of its own, over a restart; its secrets are nowhere to be read', { timeout: 60_000 }, async () => {
    const slack = await openWebhook('well');
    closers.push(() => slack.close());
    const folder = temporaryFolder();
    closers.push(() => folder.remove());
    const options = { dataDir: join(folder.path, 'data'), config: 'self_scrape: false\nglobal: { scrape_interval: 1s, scrape_timeout: 1s }\nroute: { receiver: nobody, group_wait: 100ms, group_interval: 1s }\nreceivers: [{ name: nobody }]' };
    const product = await startProduct(options);
    const pushUsed = async (to: Product, value: number): Promise<void> => {
      const body = JSON.stringify({ job: 'disks', metrics: [{ name: 'disk_used', type: 'gauge', samples: [{ labels: { disk: 'a' }, value }] }] });
      const response = await fetch(`${to.url}/api/v1/push`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      expect(await response.json()).toEqual({ accepted: 1, rejected: [] });
    };

    const test = await product.graphql<{ testReceiver: readonly { delivered: boolean; error: string | null }[] }>('mutation ($receiver: ReceiverInput!) { testReceiver(receiver: $receiver) { delivered error took } }', { receiver: receiver(slack.port, 'a draft') });
    expect(test.testReceiver).toMatchObject([{ delivered: true, error: null }]);
    expect(slack.heard.splice(0)[0]).toContain('a draft');
    const saved = await product.graphql<{ saveReceiver: unknown }>(SAVE, { receiver: receiver(slack.port, '{{ range .Alerts }}{{ .Labels.disk }} is {{ .Status }}{{ end }}') });
    expect(JSON.stringify(saved)).not.toContain('s3cret');
    await expect(product.graphql(SAVE, { receiver: receiver(slack.port, '{{ range }') })).rejects.toThrow('channels[0].text: template text:1:1');
    await expect(product.graphql(SAVE, { receiver: { ...receiver(slack.port, ''), name: 'nobody' } })).rejects.toThrow('the configuration has a receiver');
    await product.graphql('mutation ($rule: ThresholdRuleInput!) { createThresholdRule(rule: $rule) { id } }', { rule: RULE });
    await expect(product.graphql('mutation { deleteReceiver(name: "mine") }')).rejects.toThrow('rules name the receiver');
    await pushUsed(product, 95);
    await eventually(() => slack.heard.some((message) => message.includes('a is firing')), 'it is told that the alert fires');
    await eventually(async () => (await product.graphql<{ notifications: readonly unknown[] }>('{ notifications(delivered: true) { id } }')).notifications.length === 1, 'it is noted that it was told');
    await product.stop();

    const again = await start(options);
    await pushUsed(again, 10);
    await eventually(() => slack.heard.some((message) => message.includes('a is resolved')), 'it is told of the end after the restart');
    expect(slack.heard.filter((message) => message.includes('a is firing'))).toHaveLength(1);
    const { channels } = await again.graphql<{ channels: readonly { id: string; madeHere: boolean; health: { delivered: number } }[] }>('{ channels { id madeHere health { delivered } } }');
    expect(channels).toEqual([{ id: 'mine/slack/0', madeHere: true, health: { delivered: 1 } }]);

    const files = readdirSync(options.dataDir).filter((name) => name.startsWith('state'));
    expect(files).toContain('state.db');
    for (const name of files) expect(readFileSync(join(options.dataDir, name)).includes('s3cret'), name).toBe(false);
    const answers = await Promise.all(['/api/v1/status/config', '/api/v2/status', '/api/v2/receivers'].map(async (path) => (await again.get(path)).text()));
    expect([product.log(), again.log(), ...answers].join('\n')).not.toContain('s3cret');
  });
});
