import { Labels, messageOf } from '@metrics-dashboard/sdk';
import type { Clock, Duration, Label, NotedSeries, Timestamp } from '@metrics-dashboard/sdk';
import { matchRoutes } from '../alerting/route.js';
import type { Route } from '../alerting/route.js';
import type { Engine } from '../engine/engine.js';
import type { AlertInstance } from '../rules/alert-instance.js';
import { withExternal } from '../rules/orphans.js';
import { groupIdOf, ruleIdsOf } from '../rules/rule-id.js';
import { RuleRunner } from '../rules/rule-runner.js';
import { nameOf } from '../rules/rule.js';
import type { RuleGroup } from '../rules/rule.js';
import type { AlertTest, ExpectedAlert, ExpressionTest, RuleTest } from './rule-test-file.js';

export interface RuleTestWorld {
  readonly engine: Engine;
  readonly clock: Clock;
  /** In the order in which they are evaluated. */
  readonly groups: readonly RuleGroup[];
  readonly evaluationInterval: Duration;
  readonly isFuzzy: boolean;
  readonly route: Route | undefined;
}

interface RunningGroup {
  readonly group: RuleGroup;
  readonly runners: readonly RuleRunner[];
}

const never = new AbortController().signal;

/** Samples that are written at once. */
const SAMPLES_AT_ONCE = 10_000;

/** Runs one test in an empty engine. Resolves with what is not as expected, for people; empty: all is well. */
export async function runRuleTest(test: RuleTest, world: RuleTestWorld): Promise<readonly string[]> {
  const { engine, evaluationInterval } = world;
  await writeSeries(engine, test);
  const groups = runnersOf(test, world);
  const failures: string[] = [];
  const last = Math.max(0, ...test.expressions.map(({ at }) => at), ...test.alerts.map(({ at }) => at));
  for (let since = 0; since <= last; since += evaluationInterval) {
    const failed = await evaluateAll(groups, test.start + since);
    if (failed.length > 0) return [...failures, ...failed];
    const due = test.alerts.filter(({ at }) => at >= since && at < since + evaluationInterval);
    for (const one of due) failures.push(...compareAlerts(one, groups, (alert) => receiversOf(alert, world.route, test.externalLabels)));
  }
  for (const one of test.expressions) failures.push(...(await checkExpression(one, test, world)));
  return failures;
}

async function writeSeries(engine: Engine, { series, start, interval }: RuleTest): Promise<void> {
  for (const noted of series) {
    const { times, values } = noted.columns(start, interval);
    for (let from = 0; from < times.length; from += SAMPLES_AT_ONCE) {
      const part = times.slice(from, from + SAMPLES_AT_ONCE);
      await engine.write({ series: labelsFor(noted, part.length), times: part, values: values.slice(from, from + SAMPLES_AT_ONCE) });
    }
  }
}

function labelsFor({ labels }: NotedSeries, length: number): readonly (readonly Label[])[] {
  return new Array<readonly Label[]>(length).fill([...labels]);
}

function runnersOf({ externalLabels, externalUrl }: RuleTest, { engine, clock, groups }: RuleTestWorld): readonly RunningGroup[] {
  const query = async (expression: string, at: Timestamp) => {
    const result = await engine.query({ expression, time: { kind: 'instant', at } }, never);
    return result.series.map((labels, i) => ({ labels, value: result.values[result.offsets[i] ?? i] ?? NaN }));
  };
  const templates = { query, externalLabels, externalUrl };
  return groups.map((group) => {
    const ids = ruleIdsOf(group);
    return { group, runners: group.rules.map((rule, i) => new RuleRunner(`${groupIdOf(group)}/${ids[i] ?? i}`, rule, { engine, clock, templates })) };
  });
}

async function evaluateAll(groups: readonly RunningGroup[], at: Timestamp): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const { group, runners } of groups) {
    for (const runner of runners) {
      await runner.evaluate({ at: at - group.queryOffset, limit: group.limit, signal: never });
      const { health, lastError } = runner.health;
      if (health === 'err') failures.push(`rule ${JSON.stringify(nameOf(runner.rule))} of the group ${JSON.stringify(group.name)}, evaluated ${at / 1000} s after the epoch: ${lastError ?? ''}`);
    }
  }
  return failures;
}

/** Who is told of an alert: those that its rule names, or those that the routing tree finds. */
function receiversOf({ labels, receivers }: AlertInstance, route: Route | undefined, externalLabels: Readonly<Record<string, string>>): readonly string[] {
  if (receivers.length > 0 || route === undefined) return receivers;
  return matchRoutes(route, withExternal(labels, externalLabels)).map(({ receiver }) => receiver);
}

function compareAlerts({ alertname, at, expected }: AlertTest, groups: readonly RunningGroup[], told: (alert: AlertInstance) => readonly string[]): readonly string[] {
  const runners = groups.flatMap(({ runners: own }) => own.filter(({ rule }) => rule.kind === 'alerting' && rule.alert === alertname));
  const firing = runners.flatMap(({ instances }) => [...instances.values()].filter(({ life }) => life.state === 'firing'));
  // Who is told is looked at where the test says so of any.
  const isTold = expected.some(({ receivers }) => receivers !== undefined);
  const got = firing.map((alert) => shownAlert({ ...alert, receivers: isTold ? told(alert) : undefined })).sort();
  const wanted = expected.map((alert) => shownAlert({ ...alert, receivers: isTold ? (alert.receivers ?? []) : undefined })).sort();
  if (JSON.stringify(got) === JSON.stringify(wanted)) return [];
  return [difference(`alertname: ${alertname}, time: ${seconds(at)}`, wanted, got)];
}

function shownAlert({ labels, annotations, receivers }: ExpectedAlert): string {
  const texts = Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1));
  return `labels: ${labels.toString()}, annotations: ${JSON.stringify(Object.fromEntries(texts))}${receivers === undefined ? '' : `, receivers: ${JSON.stringify([...receivers].sort())}`}`;
}

async function checkExpression(one: ExpressionTest, { start }: RuleTest, { engine, isFuzzy }: RuleTestWorld): Promise<readonly string[]> {
  const where = `expr: ${JSON.stringify(one.expression)}, time: ${seconds(one.at)}`;
  try {
    const { series, values, offsets } = await engine.query({ expression: one.expression, time: { kind: 'instant', at: start + one.at } }, never);
    const got = series.map((labels, i) => ({ labels: Labels.from(labels.map(({ name, value }) => [name, value])), value: values[offsets[i] ?? i] ?? NaN }));
    const isSame = got.length === one.expected.length && sorted(got).every((sample, i) => isEqual(sample, sorted(one.expected)[i], isFuzzy));
    return isSame ? [] : [difference(where, sorted(one.expected).map(shownSample), sorted(got).map(shownSample))];
  } catch (error) {
    return [`${where}, error: ${messageOf(error)}`];
  }
}

type Sample = ExpressionTest['expected'][number];

function sorted(samples: readonly Sample[]): readonly Sample[] {
  return [...samples].sort((a, b) => (a.labels.key < b.labels.key ? -1 : a.labels.key > b.labels.key ? 1 : 0));
}

function isEqual(a: Sample, b: Sample | undefined, isFuzzy: boolean): boolean {
  if (b === undefined || !a.labels.equals(b.labels)) return false;
  if (Object.is(a.value, b.value) || a.value === b.value) return true;
  return isFuzzy && Math.abs(a.value - b.value) <= 4 * Number.EPSILON * Math.max(Math.abs(a.value), Math.abs(b.value));
}

function shownSample({ labels, value }: Sample): string {
  return `${labels.toString()} ${value}`;
}

function difference(where: string, expected: readonly string[], got: readonly string[]): string {
  const list = (lines: readonly string[]): string => (lines.length === 0 ? ' nothing' : lines.map((line) => `\n      ${line}`).join(''));
  return `${where},\n    exp:${list(expected)}\n    got:${list(got)}`;
}

function seconds(duration: Duration): string {
  return `${duration / 1000}s`;
}
