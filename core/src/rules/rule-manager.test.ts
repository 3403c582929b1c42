import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, silentLogger } from '@metrics-dashboard/sdk/testing';
import { unplaced } from '../plugin/config-place.js';
import { openStateDatabase } from '../state/database.js';
import type { StateDatabase } from '../state/database.js';
import type { ObservedAlert } from './alert-sink.js';
import { RuleManager } from './rule-manager.js';
import { RuleStore } from './rule-store.js';
import type { AlertingRule, RecordingRule, Rule, RuleGroup } from './rule.js';
import { openMemoryEngine } from '../engine/testing/memory-engine.js';

const T0 = 1_700_000_000_000 - (1_700_000_000_000 % 60_000);
const S = 1000;
const M = 60 * S;
const never = new AbortController().signal;
const at = unplaced('');

const base = { labels: {}, at, expressionAt: at } as const;
const alert = (name: string, expression: string, more: Partial<AlertingRule> = {}): AlertingRule => ({ ...base, kind: 'alerting', alert: name, expression, holdFor: 0, keepFiringFor: 0, annotations: {}, condition: undefined, missing: 'resolve', flapping: undefined, receivers: [], ...more });
const record = (name: string, expression: string): RecordingRule => ({ ...base, kind: 'recording', record: name, expression });
const group = (rules: readonly Rule[], more: Partial<RuleGroup> = {}): RuleGroup => ({ file: 'rules.yml', name: 'g', interval: 15 * S, queryOffset: 0, limit: 0, rules, at, ...more });

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** An engine, a clock, a state database, and a sink that remembers what it was handed. */
async function world() {
  const clock = new ManualClock(T0);
  const engine = await openMemoryEngine(clock, silentLogger);
  closing.push(() => engine.close());
  const database = await openStateDatabase({ dataDir: undefined, log: silentLogger });
  closing.push(() => database.close());
  const metrics = new Registry();
  const write = (samples: Record<string, number>) =>
    engine.write({
      series: Object.keys(samples).map((x) => [{ name: '__name__', value: 'm' }, { name: 'x', value: x }]),
      times: new Float64Array(Object.keys(samples).map(() => clock.now())),
      values: new Float64Array(Object.values(samples)),
    });
  const ask = async (expression: string) => {
    const { series, values } = await engine.query({ expression, time: { kind: 'instant', at: clock.now() } }, never);
    return series.map((labels, i) => `${labels.map(({ name, value }) => (name === '__name__' ? value : `${name}=${value}`)).join(' ')} ${values[i]}`).sort();
  };
  return { clock, engine, database, metrics, write, ask };
}

/** A server of its own over a world that outlives it. */
function serve({ clock, engine }: Awaited<ReturnType<typeof world>>, database: StateDatabase, sink?: (alerts: readonly ObservedAlert[]) => Promise<void>) {
  const handed: string[] = [];
  const accept =
    sink ??
    (async (alerts: readonly ObservedAlert[]) => {
      for (const { labels, endsAt, startsAt } of alerts) handed.push(`${(clock.now() - T0) / S}s ${labels.get('alertname')}{${labels.get('x')}${labels.get('severity')}} ${endsAt > clock.now() ? 'fires' : 'resolved'} since ${(startsAt - T0) / S}s`);
    });
  const manager = new RuleManager({ engine, clock, log: silentLogger, metrics: new Registry(), sink: { accept }, externalUrl: 'http://localhost:9700' });
  const apply = async (...groups: RuleGroup[]) => (await manager.prepare('files', groups, { externalLabels: {}, settleTime: M, historyRetention: 24 * 3600 * S })).commit();
  const start = () => manager.start(new RuleStore(database));
  closing.push(() => manager.close());
  const news = (): string[] => handed.splice(0);
  const shown = (): string[] => manager.groups().flatMap(({ rules }) => rules.flatMap(({ alerts }) => alerts.map(({ labels, state, value }) => `${labels['alertname']}{${labels['x'] ?? ''}${labels['severity'] ?? ''}} ${state} ${value}`)));
  return { manager, apply, start, news, shown };
}

describe('rules', () => {
  it('are evaluated in order on the ticks of their group, and see what those before them recorded', async () => {
    const w = await world();
    const { apply, start, shown } = serve(w, w.database);
    await apply(group([record('doubled', 'm * 2'), alert('High', 'doubled > 5')]));
    await start();
    await w.write({ a: 3, b: 1 });
    await w.clock.advance(15 * S);
    expect(await w.ask('doubled')).toEqual(['doubled x=a 6', 'doubled x=b 2']);
    expect(shown()).toEqual(['High{a} firing 6']);
    expect(await w.ask('ALERTS')).toEqual(['ALERTS alertname=High alertstate=firing x=a 1']);
  });

  it('go from pending to firing to resolved, and leave their traces', async () => {
    const w = await world();
    const { apply, start, shown, news, manager } = serve(w, w.database);
    await apply(group([alert('High', 'm > 5', { holdFor: 30 * S })]));
    await start();
    await w.write({ a: 9 });
    await w.clock.advance(15 * S);
    expect(shown()).toEqual(['High{a} pending 9']);
    expect(await w.ask('ALERTS')).toEqual(['ALERTS alertname=High alertstate=pending x=a 1']);
    expect(news()).toEqual([]);
    await w.clock.advance(30 * S);
    expect(shown()).toEqual(['High{a} firing 9']);
    expect(await w.ask('ALERTS')).toEqual(['ALERTS alertname=High alertstate=firing x=a 1']);
    expect(await w.ask('ALERTS_FOR_STATE')).toHaveLength(1);
    expect(news().map((one) => one.replace(/[\d.]+s/g, '…'))).toEqual(['… High{a} fires since …']);
    await w.write({ a: 1 });
    await w.clock.advance(15 * S);
    expect(await w.ask('ALERTS')).toEqual([]);
    expect(news().map((one) => one.replace(/[\d.]+s/g, '…'))).toEqual(['… High{a} resolved since …']);
    const history = await manager.history({ from: 0, to: T0 + 3600 * S, limit: 10 });
    expect(history.map(({ state }) => state)).toEqual(['resolved', 'firing', 'pending']);
  });

  it('that fail say why, when they last went well, and keep their instances', async () => {
    const w = await world();
    const { apply, start, manager, shown } = serve(w, w.database);
    await apply(group([alert('High', 'm > 5')]));
    await start();
    await w.write({ a: 9 });
    await w.clock.advance(15 * S);
    await apply(group([alert('High', 'm > 5', { labels: { x: '' } })]));
    await w.write({ a: 9, b: 9 });
    await w.clock.advance(15 * S);
    const [health] = manager.groups().flatMap(({ rules }) => rules.map((rule) => rule.health));
    expect(health).toMatchObject({ health: 'err', lastError: 'vector contains metrics with the same labelset after applying alert labels' });
    await apply(group([alert('High', 'm > 5', { labels: {} }), alert('Limited', 'm')], { limit: 1 }));
    await w.clock.advance(15 * S);
    expect(manager.groups()[0]?.rules.map((rule) => rule.health.lastError)).toEqual(['exceeded limit of 1 with 2 alerts', 'exceeded limit of 1 with 2 alerts']);
    expect(shown()).toEqual([]);
  });

  it('are checked before anything changes', async () => {
    const w = await world();
    const { manager } = serve(w, w.database);
    const place = { file: 'rules.yml', path: 'groups[0].rules[0].expr', line: 7, column: 5 };
    await expect(manager.prepare('files', [group([{ ...record('a', 'sum(m'), expressionAt: place }])])).rejects.toThrow(/^rules.yml:7:\d+: groups\[0\].rules\[0\].expr: rule "a": /);
    await expect(manager.prepare('files', [group([alert('A', 'm', { annotations: { summary: '{{ nope }}' } })])])).rejects.toThrow(ConfigError);
    expect(manager.groups()).toEqual([]);
  });
});

describe('a reload', () => {
  it('leaves what did not change alone, keeps the instances of what did, and ends what is gone', async () => {
    const w = await world();
    const { apply, start, shown, news } = serve(w, w.database);
    const high = alert('High', 'm > 5', { holdFor: 30 * S });
    await apply(group([high, alert('Other', 'm > 5')]), group([record('r', 'm')], { name: 'h' }));
    await start();
    await w.write({ a: 9 });
    await w.clock.advance(15 * S);
    expect(shown()).toEqual(['High{a} pending 9', 'Other{a} firing 9']);
    news();
    await apply(group([{ ...high, expression: 'm > 6' }]));
    expect(news()).toEqual([expect.stringContaining('Other{a} resolved')]);
    expect(await w.ask('ALERTS')).toEqual(['ALERTS alertname=High alertstate=pending x=a 1']);
    expect(await w.ask('r')).toEqual([]);
    await w.clock.advance(30 * S);
    expect(shown()).toEqual(['High{a} firing 9']);
  });
});

describe('a restart', () => {
  it('goes on where it stopped: pending goes on pending, firing goes on firing', async () => {
    const w = await world();
    const first = serve(w, w.database);
    const groups = [group([alert('Slow', 'm > 5', { holdFor: 60 * S }), alert('Fast', 'm > 5')])];
    await first.apply(...groups);
    await first.start();
    await w.write({ a: 9 });
    await w.clock.advance(30 * S);
    await first.manager.close();
    const [started] = first.news().filter((one) => one.includes('Fast'));
    await w.clock.advance(20 * S);
    const second = serve(w, w.database);
    await second.apply(...groups);
    await second.start();
    expect(second.shown()).toEqual(['Slow{a} pending 9', 'Fast{a} firing 9']);
    await w.clock.advance(30 * S);
    expect(second.shown()).toEqual(['Slow{a} firing 9', 'Fast{a} firing 9']);
    const since = /since .*/.exec(started ?? '')?.[0];
    expect(second.news().find((one) => one.includes('Fast'))).toContain(since);
  });

  it('does not take a series that is not there again yet for one that is fine', async () => {
    const w = await world();
    const first = serve(w, w.database);
    const groups = [group([alert('High', 'm > 5')])];
    await first.apply(...groups);
    await first.start();
    await w.write({ a: 9 });
    await w.clock.advance(15 * S);
    await first.manager.close();
    // Longer than a sample counts.
    await w.clock.advance(20 * M);
    const second = serve(w, w.database);
    await second.apply(...groups);
    await second.start();
    await w.clock.advance(30 * S);
    expect(second.shown()).toEqual(['High{a} firing 9']);
    await w.write({ a: 9 });
    await w.clock.advance(2 * M);
    expect(second.shown()).toEqual(['High{a} firing 9']);
    expect(second.news().filter((one) => one.includes('resolved'))).toEqual([]);
  });

  it('ends what fired and is not there any more, once its time to come back has passed', async () => {
    const w = await world();
    const first = serve(w, w.database);
    await first.apply(group([alert('High', 'm > 5'), alert('Removed', 'm > 5')]), group([alert('Gone', 'm > 5')], { name: 'gone' }));
    await first.start();
    await w.write({ a: 9 });
    await w.clock.advance(15 * S);
    await first.manager.close();
    await w.clock.advance(20 * M);
    const second = serve(w, w.database);
    await second.apply(group([alert('High', 'm > 5')]));
    await second.start();
    expect(second.news()).toEqual([expect.stringContaining('Gone{a} resolved')]);
    await w.clock.advance(15 * S);
    expect(second.news().filter((one) => one.includes('resolved'))).toEqual([expect.stringContaining('Removed{a} resolved')]);
    await w.clock.advance(2 * M);
    // Told again after a minute, should it have been lost.
    const resolved = [expect.stringContaining('High{a} resolved'), expect.stringContaining('High{a} resolved')] as const;
    expect(second.news().filter((one) => one.includes('resolved'))).toEqual(resolved);
    expect(second.shown()).toEqual(['High{a} resolved 9']);
  });
});

describe('alerts', () => {
  it('that are not taken are handed on again with the next tick', async () => {
    const w = await world();
    let refusals = 2;
    const taken: number[] = [];
    const { apply, start } = serve(w, w.database, async (alerts) => {
      if (refusals-- > 0) throw new Error('busy');
      taken.push(alerts.length);
    });
    await apply(group([alert('High', 'm > 5')]));
    await start();
    await w.write({ a: 9 });
    await w.clock.advance(60 * S);
    expect(taken).toEqual([1]);
  });

  it('of a threshold rule have levels; a milder one waits while a severer one fires', async () => {
    const w = await world();
    const { apply, start, shown } = serve(w, w.database);
    const levels = [{ severity: 'warning', threshold: 70, resolveThreshold: 60 }, { severity: 'critical', threshold: 90, resolveThreshold: undefined }];
    await apply(group([alert('Hot', 'm', { condition: { operator: '>', levels } })]));
    await start();
    const at = async (value: number) => {
      await w.write({ a: value });
      await w.clock.advance(15 * S);
      return shown().filter((one) => !one.includes('resolved'));
    };
    expect(await at(50)).toEqual([]);
    expect(await at(95)).toEqual(['Hot{acritical} firing 95', 'Hot{awarning} pending 95']);
    expect(await at(80)).toEqual(['Hot{awarning} firing 80']);
    expect(await at(65)).toEqual(['Hot{awarning} firing 65']);
    expect(await at(59)).toEqual([]);
    expect(await at(65)).toEqual([]);
  });

  it('have a history that goes back as far as is configured', async () => {
    const w = await world();
    const { apply, start, manager } = serve(w, w.database);
    await apply(group([alert('High', 'm > 5')], { interval: 3600 * S }));
    await start();
    const states = async () => (await manager.history({ from: 0, to: Infinity, limit: 10 })).map(({ state }) => state);
    await w.clock.advance(3599 * S);
    await w.write({ a: 9 });
    await w.clock.advance(3600 * S);
    while ((await states()).length === 0) {
      await w.write({ a: 9 });
      await w.clock.advance(M);
    }
    expect(await states()).toEqual(['firing', 'pending']);
    await w.clock.advance(2 * 3600 * S);
    expect(await states()).toEqual(['resolved', 'firing', 'pending']);
    await w.clock.advance(27 * 3600 * S);
    expect(await states()).toEqual([]);
  });

  it('watchers hear of each change', async () => {
    const w = await world();
    const { apply, start, manager } = serve(w, w.database);
    await apply(group([alert('High', 'm > 5', { annotations: { summary: '{{ $labels.x }} is {{ $value }}, {{ with query "m" }}{{ . | first | value }}{{ end }}' } })]));
    await start();
    const stop = new AbortController();
    const heard: string[] = [];
    const watching = (async () => {
      for await (const { event } of manager.watch(stop.signal)) heard.push(`${event.state} ${event.annotations['summary']}`);
    })();
    await w.write({ a: 9 });
    await w.clock.advance(15 * S);
    stop.abort();
    await watching;
    expect(heard).toEqual(['pending a is 9, 9', 'firing a is 9, 9']);
  });
});
