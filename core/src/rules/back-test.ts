import { LimitError } from '@metrics-dashboard/sdk';
import type { Duration, Label, TimeRange, Timestamp } from '@metrics-dashboard/sdk';
import type { Engine } from '../engine/engine.js';
import type { QueryResult } from '../query/query.js';
import { nextTurn } from '../runtime/next-turn.js';
import { changesBetween } from './alert-instance.js';
import type { AlertEvent } from './alert-instance.js';
import { isTold, observe } from './alert-life.js';
import type { AlertLife, Hold } from './alert-life.js';
import { observationOf } from './evaluate-alerts.js';
import type { AlertingRule, ThresholdLevel } from './rule.js';

export interface BackTestRequest extends TimeRange {
  readonly rule: AlertingRule;
  readonly interval: Duration;
}

/** What a rule would have done. */
export interface BackTest {
  /** How often it would have begun to fire, and the notifications of firing and of resolving if nothing groups, mutes or inhibits them. */
  readonly fired: number;
  readonly notifications: number;
  readonly evaluations: number;
  /** Those that were pending at least; the others among all. */
  readonly series: readonly BackTestSeries[];
  readonly quietSeries: number;
  /** Whether more series were pending than are told. */
  readonly truncated: boolean;
  /** What the query says, of samples that were rolled up among it. */
  readonly warnings: readonly string[];
}

export interface BackTestSeries {
  readonly labels: readonly Label[];
  readonly fired: number;
  readonly notifications: number;
  readonly changes: readonly { readonly at: Timestamp; readonly state: AlertEvent['state'] }[];
}

/** The most evaluations of a test, the most series that are told of, and the most changes of one. */
const MOST_EVALUATIONS = 11_000;
const MOST_SERIES = 200;
const MOST_CHANGES = 1000;

/** Runs a rule over the past, with the state machine that it runs with. Rejects as a range query does, with its limits, and with a `LimitError` for too many evaluations. */
export async function backTest(engine: Engine, { rule, interval, start, end }: BackTestRequest, signal: AbortSignal): Promise<BackTest> {
  const evaluations = Math.floor((end - start) / interval) + 1;
  if (evaluations > MOST_EVALUATIONS) {
    throw new LimitError('evaluations', MOST_EVALUATIONS, evaluations, `${evaluations} evaluations, expected at most ${MOST_EVALUATIONS}: take a shorter range or a longer interval`);
  }
  const result = await engine.query({ expression: rule.expression, time: { kind: 'range', start, end, step: interval } }, signal);
  const lives: BackTestSeries[] = [];
  for (const [i, labels] of result.series.entries()) {
    lives.push(...livesOf(rule, labels, columnOf(result, i, { start, interval, evaluations }), { start, interval }));
    // Thousands of evaluations of thousands of series are seconds of work, on the thread that answers everybody.
    await nextTurn();
    signal.throwIfAborted();
  }
  const told = lives.filter(({ changes }) => changes.length > 0);
  const sum = (of: (one: BackTestSeries) => number): number => told.reduce((total, one) => total + of(one), 0);
  return {
    fired: sum(({ fired }) => fired),
    notifications: sum(({ notifications }) => notifications),
    evaluations,
    series: told.slice(0, MOST_SERIES),
    quietSeries: lives.length - told.length,
    truncated: told.length > MOST_SERIES,
    warnings: [...result.warnings, ...result.infos],
  };
}

interface Grid {
  readonly start: Timestamp;
  readonly interval: Duration;
}

/** The values of a series at each evaluation; undefined where it has none. */
function columnOf({ offsets, times, values }: QueryResult, series: number, { start, interval, evaluations }: Grid & { readonly evaluations: number }): readonly (number | undefined)[] {
  const column = new Array<number | undefined>(evaluations).fill(undefined);
  for (let i = offsets[series] ?? 0; i < (offsets[series + 1] ?? 0); i++) column[Math.round(((times[i] ?? 0) - start) / interval)] = values[i];
  return column;
}

/** One for each level of the rule, from the most severe to the mildest. */
function livesOf(rule: AlertingRule, labels: readonly Label[], column: readonly (number | undefined)[], { start, interval }: Grid): readonly BackTestSeries[] {
  const levels: readonly (ThresholdLevel | undefined)[] = rule.condition === undefined ? [undefined] : [...rule.condition.levels].reverse();
  let severer: readonly boolean[] = [];
  return levels.map((level) => {
    const walked = walk(rule, level, column, { start, interval }, severer);
    severer = walked.firing;
    const severity = level?.severity === undefined ? [] : [{ name: 'severity', value: level.severity }];
    return { labels: [...labels.filter(({ name }) => name !== '__name__'), ...severity], ...walked.told };
  });
}

function walk(rule: AlertingRule, level: ThresholdLevel | undefined, column: readonly (number | undefined)[], { start, interval }: Grid, severer: readonly boolean[]): { readonly firing: readonly boolean[]; readonly told: Omit<BackTestSeries, 'labels'> } {
  const firing: boolean[] = [];
  const changes: { at: Timestamp; state: AlertEvent['state'] }[] = [];
  let [fired, notifications] = [0, 0];
  let life: AlertLife | undefined;
  for (const [i, value] of column.entries()) {
    const at = start + i * interval;
    const isHeldBack = severer[i] === true && life?.state !== 'firing';
    const hold: Hold = isHeldBack ? { ...rule, holdFor: Infinity } : rule;
    const seen = value === undefined ? (rule.condition === undefined ? ({ kind: 'unmet', value: undefined } as const) : ({ kind: 'missing' } as const)) : observationOf(rule, value, level, life);
    const next = observe(life, seen, hold, at);
    for (const state of changesBetween(life, next)) {
      if (changes.length < MOST_CHANGES) changes.push({ at, state });
      if (state === 'firing') fired++;
    }
    if ((life !== undefined && isTold(life)) !== (next !== undefined && isTold(next))) notifications++;
    firing.push(next?.state === 'firing');
    life = next;
  }
  return { firing, told: { fired, notifications, changes } };
}
