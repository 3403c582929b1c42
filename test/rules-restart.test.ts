import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { freePort, startProduct } from './product.js';
import type { Product } from './product.js';
import { CREATE, Hook, LINE, SAVE_RECEIVER, configFor, keepPushing, rule, wait } from './rule-world.js';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Shown {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: string;
  readonly activeAt: number;
  readonly firedAt: number | null;
}

/** The alert instances by name. */
async function shown(product: Product): Promise<Readonly<Record<string, Shown>>> {
  const { alertInstances } = await product.graphql<{ alertInstances: readonly Shown[] }>('{ alertInstances { labels state activeAt firedAt } }');
  return Object.fromEntries(alertInstances.map((one) => [one.labels['alertname'] ?? '', one]));
}

describe('alerts over kill -9', () => {
  it('that are pending and firing: nothing is reset, nothing is lost, nothing is told twice', { timeout: 90_000 }, async () => {
    const hook = new Hook();
    await hook.open();
    closers.push(() => hook.close());
    const folder = mkdtempSync(join(tmpdir(), 'rules-restart-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const holdFor = 12;
    const fromFile = `{ alert: Slow, expr: 'temperature{of="Slow"} > 80', for: ${holdFor}s, annotations: { summary: '{{ $labels.of }}' } }`;
    writeFileSync(join(folder, 'rules.yml'), `groups: [{ name: g, interval: 1s, rules: [${fromFile}, { alert: Gone, expr: 'temperature{of="Slow"} > 80', receivers: [own], annotations: { summary: gone } }] }]`);
    const options = { config: configFor(hook, `rule_files: ["${folder}/rules.yml"]`), dataDir: join(folder, 'data'), port: await freePort() };
    let product = await startProduct(options);
    closers.push(() => product.stop());
    await product.graphql(SAVE_RECEIVER, { receiver: { name: 'own', channels: [{ kind: 'webhook', config: { url: `${hook.url}/own`, payload: LINE } }] } });
    for (const [name, more] of [['Fires', {}], ['Waits', { holdFor: holdFor * 1000 }], ['Calm', { missing: 'ALERT' }]] as const) await product.graphql(CREATE, { rule: rule(name, { ...more, receivers: ['own'] }) });
    const pushers = ['Fires', 'Waits', 'Slow'].map((of) => keepPushing(() => product, of, 90));
    const calm = keepPushing(() => product, 'Calm', 10);
    closers.push(async () => void (await Promise.all([...pushers, calm].map(({ stop }) => stop()))));
    await eventually(() => hook.taken.length === 2, 'what has nothing to wait for is told');
    await eventually(async () => Object.keys(await shown(product)).length === 4, 'the others wait');
    const before = await shown(product);
    expect([before['Fires']?.state, before['Waits']?.state, before['Slow']?.state]).toEqual(['FIRING', 'PENDING', 'PENDING']);

    // One rule goes while the server is away: its end is told to whom it named. Twice, since a death may fall into a start.
    for (const rules of [fromFile, fromFile]) {
      await product.kill();
      writeFileSync(join(folder, 'rules.yml'), `groups: [{ name: g, interval: 1s, rules: [${rules}] }]`);
      product = await startProduct(options);
      const after = await shown(product);
      for (const name of ['Fires', 'Waits', 'Slow']) expect(after[name]?.activeAt).toBe(before[name]?.activeAt);
      expect(after['Fires']?.firedAt).toBe(before['Fires']?.firedAt);
    }

    const backAt = Date.now();
    await eventually(() => hook.about('Waits').length > 0 && hook.about('Slow').length > 0, 'what was pending fires');
    const fired = await shown(product);
    for (const name of ['Waits', 'Slow']) {
      const { activeAt = 0, firedAt } = fired[name] ?? {};
      expect(activeAt).toBe(before[name]?.activeAt);
      // At the first tick after its time, or after the start where it came due before.
      expect(Number(firedAt) - activeAt).toBeGreaterThanOrEqual(holdFor * 1000);
      expect(Number(firedAt)).toBeLessThan(Math.max(activeAt + holdFor * 1000, backAt) + 3000);
    }
    const active = await product.query('ALERTS_FOR_STATE{alertname="Waits"}');
    expect(Number(active.data.result[0]?.value[1])).toBeCloseTo((before['Waits']?.activeAt ?? 0) / 1000, 3);

    for (const pusher of pushers) pusher.value = 10;
    await eventually(() => hook.taken.length >= 8, 'all have resolved');
    await wait(1.5);
    const told = (name: string): readonly string[] => hook.about(`${name} `).map((line) => line.replace(/: .*/, ''));
    expect(told('Fires')).toEqual(['/own Fires firing', '/own Fires resolved']);
    expect(told('Waits')).toEqual(['/own Waits firing', '/own Waits resolved']);
    expect(told('Slow')).toEqual(['/tree Slow firing', '/tree Slow resolved']);
    expect(told('Gone')).toEqual(['/own Gone firing', '/own Gone resolved']);
    expect(told('Calm')).toEqual([]);
    const { alertHistory } = await product.graphql<{ alertHistory: readonly { kind: string; alertname: string }[] }>('{ alertHistory { kind alertname } }');
    const history = (name: string): readonly string[] => alertHistory.filter(({ alertname }) => alertname === name).map(({ kind }) => kind);
    for (const name of ['Fires', 'Waits', 'Slow', 'Gone']) expect(history(name)).toEqual(['RESOLVED', 'FIRING', 'PENDING']);
  });
});
