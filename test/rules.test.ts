import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { eventually } from './peer.js';
import { startProduct } from './product.js';
import type { Product } from './product.js';
import { CREATE, Hook, LINE, SAVE_RECEIVER, configFor, keepPushing, rule, wait } from './rule-world.js';

/** Each of them, from samples that are pushed to the message that a webhook gets. */
describe.concurrent('a threshold rule that was made by GraphQL', () => {
  const hook = new Hook();
  let product: Product;
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));

  beforeAll(async () => {
    await hook.open();
    writeFileSync(join(folder, 'rules.yml'), 'groups: [{ name: g, interval: 1s, rules: [{ record: "of:temperature:double", expr: "temperature * 2" }] }]');
    product = await startProduct({ config: configFor(hook, `rule_files: ["${folder}/rules.yml"]`) });
    await product.graphql(SAVE_RECEIVER, { receiver: { name: 'own', channels: [{ kind: 'webhook', config: { url: `${hook.url}/own`, payload: `own words: ${LINE}` } }] } });
  }, 60_000);

  afterAll(async () => {
    await product.stop();
    await hook.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells its own channel in its own words, and resolves at its own threshold', { timeout: 30_000 }, async ({ expect }) => {
    await product.graphql(CREATE, { rule: rule('Hot', { receivers: ['own'] }) });
    const pusher = keepPushing(() => product, 'Hot', 75);
    await wait(2.5);
    expect(hook.about('Hot')).toEqual([]);
    pusher.value = 81;
    await eventually(() => hook.about('Hot').length === 1, 'it is told to fire', 10);
    pusher.value = 75;
    await wait(3);
    expect(hook.about('Hot')).toEqual(['/own own words: Hot firing: Hot is at 81']);
    pusher.value = 69;
    await eventually(() => hook.about('Hot').length === 2, 'it is told to have resolved', 10);
    pusher.value = 75;
    await wait(2.5);
    await pusher.stop();
    expect(hook.about('Hot')[1]).toMatch(/^\/own own words: Hot resolved: /);
    expect(hook.about('Hot')).toHaveLength(2);
  });

  it('that flaps is told once to flap, and once to have settled', { timeout: 30_000 }, async ({ expect }) => {
    await product.graphql(CREATE, { rule: rule('Flaps', { flapping: { changes: 3, window: '5s' }, levels: [{ threshold: 80 }] }) });
    const pusher = keepPushing(() => product, 'Flaps', 90);
    const told = (count: number, what: string) => eventually(() => hook.about('Flaps').length >= count, what, 15);
    await told(1, 'it fires');
    pusher.value = 60;
    await told(2, 'it resolves');
    pusher.value = 90;
    await told(3, 'it flaps');
    for (const value of [60, 90, 60]) {
      pusher.value = value;
      await wait(1.7);
    }
    expect(hook.about('Flaps')).toHaveLength(3);
    await told(4, 'it has settled');
    await wait(1.5);
    await pusher.stop();
    expect(hook.about('Flaps').map((line) => line.replace(/ is at \d+/, ''))).toEqual(['/tree Flaps firing: Flaps', '/tree Flaps resolved: Flaps', '/tree Flaps firing: Flaps (flaps)', expect.stringMatching(/^\/tree Flaps resolved: Flaps/)]);
  });

  it.each([
    ['Resolves', 'RESOLVE', ['firing', 'resolved']],
    ['Keeps', 'KEEP', ['firing']],
    ['Alerts', 'ALERT', ['firing']],
  ] as const)('%s when data goes missing, where that is asked for', { timeout: 30_000 }, async (name, missing, told) => {
    await product.graphql(CREATE, { rule: rule(name, { missing }) });
    const pusher = keepPushing(() => product, name, 90);
    await eventually(() => hook.about(name).length === 1, 'it fires', 10);
    await pusher.stop();
    await wait(6);
    const states = (): string[] => hook.about(name).map((line) => / (firing|resolved):/.exec(line)?.[1] ?? line);
    if (JSON.stringify(states()) !== JSON.stringify(told)) throw new Error(`told: ${hook.about(name).join('; ')}`);
    const again = keepPushing(() => product, name, 60);
    await eventually(() => states().at(-1) === 'resolved', 'it resolves when data is there again', 10);
    await again.stop();
  });

  it('alerts when data of a series that is fine goes missing, where that is asked for', { timeout: 30_000 }, async ({ expect }) => {
    await product.graphql(CREATE, { rule: rule('Quiet', { missing: 'ALERT' }) });
    const pusher = keepPushing(() => product, 'Quiet', 10);
    await wait(3);
    expect(hook.about('Quiet')).toEqual([]);
    await pusher.stop();
    await eventually(() => hook.about('Quiet').length === 1, 'its absence is told', 15);
    expect(hook.about('Quiet')[0]).toMatch(/firing: /);
    const again = keepPushing(() => product, 'Quiet', 10);
    await eventually(() => hook.about('Quiet').length === 2, 'its return is told', 15);
    await again.stop();
  });

  it('has one alert for its most severe level', { timeout: 30_000 }, async ({ expect }) => {
    const levels = [{ severity: 'warn', threshold: 80 }, { severity: 'page', threshold: 90 }];
    await product.graphql(CREATE, { rule: rule('Levels', { levels, annotations: { summary: '{{ $value }}' } }) });
    const pusher = keepPushing(() => product, 'Levels', 95);
    await eventually(() => hook.about('Levels').length === 1, 'it fires', 10);
    await wait(2);
    await pusher.stop();
    expect(hook.about('Levels')).toHaveLength(1);
    const { alertInstances } = await product.graphql<{ alertInstances: readonly { labels: Record<string, string> }[] }>('{ alertInstances(state: FIRING) { labels } }');
    expect(alertInstances.filter(({ labels }) => labels['alertname'] === 'Levels').map(({ labels }) => labels['severity'])).toEqual(['page']);
  });

  it('is refused with the place of what is wrong, and in conflict with both revisions', { timeout: 30_000 }, async ({ expect }) => {
    const errorOf = async (query: string, variables: object): Promise<unknown> => {
      const response = await fetch(`${product.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) });
      return ((await response.json()) as { errors: readonly { message: string; extensions: unknown }[] }).errors[0];
    };
    expect(await errorOf(CREATE, { rule: rule('Bad', { expression: 'sum(temperature' }) })).toMatchObject({ extensions: { code: 'QUERY', path: 'expression', line: 1, column: 16 } });
    expect(await errorOf(CREATE, { rule: rule('Bad', { annotations: { summary: '{{ nope }}' } }) })).toMatchObject({ message: expect.stringContaining('"nope"') as string, extensions: { path: 'annotations.summary' } });
    expect(await errorOf(CREATE, { rule: rule('Bad', { receivers: ['own', 'nobody'] }) })).toMatchObject({ message: expect.stringContaining('"nobody"') as string, extensions: { path: 'receivers[1]' } });
    const { createThresholdRule: made } = await product.graphql<{ createThresholdRule: { id: string } }>(CREATE, { rule: rule('Conflict') });
    const update = 'mutation ($id: ID!, $rule: ThresholdRuleInput!) { updateThresholdRule(id: $id, revision: 7, rule: $rule) { id } }';
    expect(await errorOf(update, { id: made.id, rule: rule('Conflict') })).toMatchObject({ extensions: { code: 'CONFLICT', expected: 7, met: 1 } });
  });

  it('stands beside recording rules, whose series are there to be asked', { timeout: 30_000 }, async ({ expect }) => {
    const pusher = keepPushing(() => product, 'Recorded', 21);
    await eventually(async () => (await product.query('of:temperature:double{of="Recorded"}')).data.result[0]?.value[1] === '42', 'the recorded series is there', 10);
    await pusher.stop();
    const { rules } = await product.graphql<{ rules: readonly { rules: readonly { name: string; health: string; series: number }[] }[] }>('{ rules(group: "g") { rules { name health series } } }');
    expect(rules[0]?.rules[0]).toMatchObject({ name: 'of:temperature:double', health: 'OK' });
  });
});
