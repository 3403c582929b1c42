import { afterEach, describe, expect, it } from 'vitest';
import { ConflictError, NotFoundError, QueryError } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { ManualClock, silentLogger } from '@metrics-dashboard/sdk/testing';
import { openStateDatabase } from '../state/database.js';
import { backTest } from './back-test.js';
import { RuleManager } from './rule-manager.js';
import { RuleStore } from './rule-store.js';
import { alertingRuleOf } from './threshold-rule.js';
import type { ThresholdRuleSpec } from './threshold-rule.js';
import { ThresholdRules } from './threshold-rules.js';
import { openMemoryEngine } from '../engine/testing/memory-engine.js';
import { SPEC } from './testing/threshold-spec.js';

const T0 = 1_700_000_000_000 - (1_700_000_000_000 % 60_000);
const S = 1000;
const M = 60 * S;
const never = new AbortController().signal;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function world() {
  const clock = new ManualClock(T0);
  const engine = await openMemoryEngine(clock, silentLogger);
  closing.push(() => engine.close());
  const database = await openStateDatabase({ dataDir: undefined, log: silentLogger });
  closing.push(() => database.close());
  const handed: string[] = [];
  const sink = { accept: async (alerts: readonly { labels: { get(name: string): string }; annotations: Readonly<Record<string, string>>; receivers: readonly string[]; endsAt: number }[]) => alerts.forEach(({ annotations, receivers, endsAt }) => handed.push(`${annotations['summary']}${receivers.length > 0 ? ` to ${receivers.join()}` : ''}${endsAt > clock.now() ? '' : ' resolved'}${annotations['flapping'] === undefined ? '' : ' flapping'}`)) };
  const manager = new RuleManager({ engine, clock, log: silentLogger, metrics: new Registry(), sink, externalUrl: 'http://localhost:9700' });
  closing.push(() => manager.close());
  const rules = new ThresholdRules({ database: () => database, clock, prepare: (groups) => manager.prepare('api', groups), preview: (rule, limit, signal) => manager.preview(rule, limit, signal), receivers: () => new Set(['pager']) });
  await rules.start(() => undefined);
  await manager.start(new RuleStore(database));
  const write = (value: number, when = clock.now()) => engine.write({ series: [[{ name: '__name__', value: 'm' }, { name: 'x', value: 'a' }]], times: new Float64Array([when]), values: new Float64Array([value]) });
  const see = async (value: number) => {
    await write(value);
    await clock.advance(15 * S);
    return handed.splice(0);
  };
  const stop = new AbortController();
  closing.push(async () => stop.abort());
  const states = () => manager.groups().flatMap((group) => group.rules.flatMap(({ alerts }) => alerts.map(({ state }) => state)));
  return { clock, engine, database, rules, manager, write, see, states, handed, signal: stop.signal };
}

const by = { by: 'ada' };

describe('a threshold rule', () => {
  it('is evaluated from when it is made, and resolves at its own threshold', async () => {
    const { rules, see } = await world();
    expect(await rules.save(undefined, SPEC, { expected: 0, ...by })).toMatchObject({ revision: 1, updatedBy: 'ada' });
    expect(await see(75)).toEqual([]);
    expect(await see(81)).toEqual(['a is at 81']);
    expect(await see(75)).toEqual([]);
    expect(await see(69)).toEqual([expect.stringContaining('resolved')]);
    expect(await see(75)).toEqual([]);
  });

  it('names the receivers that are told', async () => {
    const { rules, see } = await world();
    await rules.save(undefined, { ...SPEC, receivers: ['pager'] }, { expected: 0, ...by });
    expect(await see(90)).toEqual(['a is at 90 to pager']);
  });

  it('that flaps is told of once', async () => {
    const { rules, see } = await world();
    await rules.save(undefined, { ...SPEC, flapping: { changes: 4, window: 5 * M } }, { expected: 0, ...by });
    const told: string[] = [];
    for (let i = 0; i < 12; i++) told.push(...(await see(i % 2 === 0 ? 90 : 60)));
    expect(told.filter((one) => one.includes('resolved'))).toHaveLength(1);
    const firing = told.filter((one) => !one.includes('resolved'));
    // What is told again each minute is the same alert.
    expect(new Set(firing).size).toBeLessThanOrEqual(2);
  });

  it.each([
    ['resolve', ['firing', 'resolved']],
    ['keep', ['firing', 'firing']],
    ['alert', ['firing', 'firing']],
  ] as const)('whose data goes missing: %s', async (missing, [present, gone]) => {
    const { rules, see, states, clock } = await world();
    await rules.save(undefined, { ...SPEC, missing }, { expected: 0, ...by });
    await see(90);
    expect(states()).toEqual([present]);
    await clock.advance(6 * M);
    expect(states()).toEqual([gone]);
  });

  it('whose data goes missing while all is well alerts where that is asked for', async () => {
    const { rules, see, states, clock } = await world();
    await rules.save(undefined, { ...SPEC, missing: 'alert' }, { expected: 0, ...by });
    await see(10);
    expect(states()).toEqual([]);
    await clock.advance(6 * M);
    expect(states()).toEqual(['firing']);
  });

  it('is kept, changed with a check of its revision, stopped and deleted', async () => {
    const { rules, manager, see, states } = await world();
    const { id } = await rules.save(undefined, SPEC, { expected: 0, ...by });
    await expect(rules.save(id, SPEC, { expected: 7, ...by })).rejects.toThrow(ConflictError);
    await expect(rules.save('nope', SPEC, { expected: 1, ...by })).rejects.toThrow(NotFoundError);
    await see(90);
    const changed = await rules.save(id, { ...SPEC, levels: [{ severity: undefined, threshold: 85, resolveThreshold: undefined }] }, { expected: 1, ...by });
    expect(changed.revision).toBe(2);
    expect(states()).toEqual(['firing']);
    await rules.enable(id, false, { expected: 2, ...by });
    expect(manager.groups()).toEqual([]);
    await rules.enable(id, true, { expected: 3, ...by });
    expect(manager.groups()).toHaveLength(1);
    await rules.delete(id, { expected: 4, ...by });
    expect(await rules.list()).toEqual([]);
    expect(manager.groups()).toEqual([]);
  });

  it.each([
    [{ expression: 'sum(m' }, '1:6: expression: rule "Hot": '],
    [{ annotations: { summary: '{{ nope }}' } }, 'annotations.summary: template Hot/annotations/summary:1:4: function "nope" not defined'],
    [{ name: ' ' }, 'a rule needs a name'],
    [{ levels: [] }, 'a rule needs a threshold'],
    [{ levels: [{ severity: undefined, threshold: 80, resolveThreshold: 90 }] }, 'resolves at 90'],
    [{ receivers: ['nobody'] }, 'there is no receiver "nobody", known are "pager"'],
    [{ interval: 10 }, 'an interval of 10 ms'],
    [{ labels: { alertname: 'x' } }, '"alertname" can not be a label'],
  ] as [Partial<ThresholdRuleSpec>, string][])('%j is refused: %s', async (change, message) => {
    const { rules } = await world();
    await expect(rules.save(undefined, { ...SPEC, ...change }, { expected: 0, ...by })).rejects.toThrow(QueryError);
    await expect(rules.save(undefined, { ...SPEC, ...change }, { expected: 0, ...by })).rejects.toThrow(message);
    expect(await rules.list()).toEqual([]);
  });
});

describe('the mistakes of a rule', () => {
  it('are told all at once, each with its place', async () => {
    const { rules } = await world();
    const wrong = { ...SPEC, interval: 10, levels: [{ severity: undefined, threshold: 80, resolveThreshold: 90 }], receivers: ['pager', 'nobody'], flapping: { changes: 1, window: 0 } };
    const error = await rules.save(undefined, wrong, { expected: 0, ...by }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(QueryError);
    expect(error).toMatchObject({ path: 'interval' });
    expect(String(error).split('\n').map((line) => line.replace(/^QueryError: /, '').split(': ')[0])).toEqual(['interval', 'flapping.changes', 'flapping.window', 'levels[0].resolveThreshold', 'receivers[1]']);
  });

  it('in the query have their line and column in it', async () => {
    const { rules } = await world();
    const save = rules.save(undefined, { ...SPEC, expression: 'm\n  + sum(m' }, { expected: 0, ...by });
    await expect(save).rejects.toMatchObject({ path: 'expression', position: { line: 2 } });
  });

  it('of one that was kept by another version do not stand in the way of others', async () => {
    const { rules, database, manager, clock } = await world();
    const row = { id: 'old', name: 'Old', revision: 1, enabled: 1, rule: JSON.stringify({ ...SPEC, name: 'Old', expression: 'gone(' }), updated_at: 0, updated_by: '' };
    await database.queries.insertInto('threshold_rules').values(row).execute();
    const again = new ThresholdRules({ database: () => database, clock, prepare: (groups) => manager.prepare('api', groups), preview: () => Promise.reject(new Error('not asked')), receivers: () => new Set() });
    const told: string[] = [];
    await again.start(({ name }) => told.push(name));
    expect(told).toEqual(['Old']);
    await again.save(undefined, SPEC, { expected: 0, ...by });
    expect(manager.groups().map(({ group }) => group.name)).toEqual(['Hot']);
    await again.save('old', { ...SPEC, name: 'Old' }, { expected: 1, ...by });
    expect(manager.groups().map(({ group }) => group.name)).toEqual(['Hot', 'Old']);
    await rules.delete('old', { expected: 2, ...by });
  });
});

describe('a preview', () => {
  it('shows what a rule would say now, the worst first', async () => {
    const { rules, engine, clock, signal } = await world();
    const series = ['a', 'b', 'c'].map((x) => [{ name: '__name__', value: 'm' }, { name: 'x', value: x }]);
    await engine.write({ series, times: new Float64Array(3).fill(clock.now()), values: new Float64Array([10, 95, 85]) });
    const levels = [{ severity: 'warn', threshold: 80, resolveThreshold: 70 }, { severity: 'page', threshold: 90, resolveThreshold: undefined }];
    const preview = await rules.preview({ ...SPEC, levels, holdFor: 5 * M }, 10, signal);
    expect(preview).toMatchObject({ series: 3, met: 2 });
    expect(preview.instances.map(({ annotations, severity, isMet }) => `${annotations['summary']} ${severity} ${isMet}`)).toEqual(['b is at 95 page true', 'c is at 85 warn true', 'a is at 10 warn false']);
    expect(preview.instances[0]?.labels).toEqual({ alertname: 'Hot', severity: 'page', team: 'core', x: 'b' });
    expect((await rules.preview({ ...SPEC, levels }, 1, signal)).instances).toHaveLength(1);
    await expect(rules.preview({ ...SPEC, expression: 'sum(m' }, 10, signal)).rejects.toMatchObject({ path: 'expression' });
    await expect(rules.preview({ ...SPEC, expression: 'm[5m]' }, 10, signal)).rejects.toThrow('expected a value for each series');
    expect(await rules.list()).toEqual([]);
  });
});

describe('who watches', () => {
  it('hears of all groups, of those that were evaluated, and of those that are gone', async () => {
    const { rules, manager, clock, see, signal } = await world();
    const { id } = await rules.save(undefined, SPEC, { expected: 0, ...by });
    const heard: string[] = [];
    void (async () => {
      for await (const { groups, gone } of manager.watchGroups(S, signal)) heard.push(`${groups.map(({ group, rules: own }) => `${group.name} ${own[0]?.state}`).join()} -${gone.length}`);
    })();
    await clock.advance(0);
    expect(heard.splice(0)).toEqual(['Hot inactive -0']);
    await see(90);
    await clock.advance(S);
    expect(heard.splice(0)).toEqual(['Hot firing -0']);
    await rules.delete(id, { expected: 1, ...by });
    await clock.advance(S);
    expect(heard.splice(0)).toEqual([' -1']);
  });

  it('hears of all rules that were made, and of all again when one changes', async () => {
    const { rules, clock, signal } = await world();
    const heard: string[] = [];
    void (async () => {
      for await (const list of rules.watch(S, signal)) heard.push(list.map(({ name, revision }) => `${name} ${revision}`).join());
    })();
    await clock.advance(0);
    const { id } = await rules.save(undefined, SPEC, { expected: 0, ...by });
    await clock.advance(2 * S);
    await rules.enable(id, false, { expected: 1, ...by });
    await clock.advance(2 * S);
    expect(heard).toEqual(['', 'Hot 1', 'Hot 2']);
  });
});

describe('a back-test', () => {
  it('does what the rule would have done', async () => {
    const { engine, write } = await world();
    for (const [i, value] of [50, 85, 75, 60, 90, 90, 60].entries()) await write(value, T0 + i * M);
    const rule = alertingRuleOf(SPEC);
    const test = await backTest(engine, { rule, interval: M, start: T0, end: T0 + 6 * M }, never);
    expect(test).toMatchObject({ fired: 2, notifications: 4, evaluations: 7, quietSeries: 0, truncated: false });
    expect(test.series[0]?.changes.map(({ at: when, state }) => `${(when - T0) / M} ${state}`)).toEqual(['1 pending', '1 firing', '3 resolved', '4 pending', '4 firing', '6 resolved']);
  });

  it('has a limit on what it costs', async () => {
    const { engine } = await world();
    await expect(backTest(engine, { rule: alertingRuleOf(SPEC), interval: S, start: T0 - 30 * 24 * 3600 * S, end: T0 }, never)).rejects.toThrow('expected at most 11000');
  });
});
