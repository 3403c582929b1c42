import { Labels, LimitError, METRIC_NAME, QueryError } from '@metrics-dashboard/sdk';
import type { Label, Timestamp } from '@metrics-dashboard/sdk';
import type { QueryResult } from '../query/query.js';
import type { AlertInstance } from './alert-instance.js';
import { observe } from './alert-life.js';
import type { AlertLife, Hold, Observation } from './alert-life.js';
import { compares, expandTexts } from './compiled-rule.js';
import type { CompiledRule } from './compiled-rule.js';
import type { AlertingRule, ThresholdLevel } from './rule.js';
import type { TemplateData, TemplateWorld } from './rule-template.js';

/** The instances of a rule by the keys of their labels. */
export type AlertInstances = ReadonlyMap<string, AlertInstance>;

export interface EvaluationInput {
  readonly compiled: CompiledRule;
  readonly before: AlertInstances;
  readonly result: QueryResult;
  readonly now: Timestamp;
  /** The most instances that may be pending or firing; 0 for no limit. */
  readonly limit: number;
  readonly world: TemplateWorld;
  /** Whether the absence of an instance's series means nothing yet: the server was away, and samples may not be there again. */
  readonly isUnsettled: (key: string) => boolean;
}

/** One instance that the result speaks of. */
export interface Met {
  readonly labels: Labels;
  readonly data: TemplateData;
  /** The level that it is of; undefined where the rule has no condition. */
  readonly level: ThresholdLevel | undefined;
  /** The key of the same series under the next severer level. */
  readonly severer: string | undefined;
}

/**
 * What an alerting rule's instances are after an evaluation. Rejects with a `QueryError` when two results are one instance
 * and a `LimitError` when there are too many; then the evaluation counts as failed.
 */
export async function evaluateAlerts(input: EvaluationInput): Promise<AlertInstances> {
  const met = await instancesMet(input);
  const after = new Map<string, AlertInstance>();
  let active = 0;
  for (const [key, one] of met) {
    const next = await nextOf(input, key, one, after);
    if (next === undefined) continue;
    after.set(key, next);
    if (isActive(next.life)) active++;
  }
  for (const [key, before] of input.before) {
    if (met.has(key)) continue;
    const life = lifeWithout(input, key, before);
    if (life === undefined) continue;
    after.set(key, life === before.life ? before : { ...before, life });
    if (isActive(life)) active++;
  }
  const { limit } = input;
  if (limit > 0 && active > limit) throw new LimitError('limit', limit, active, `exceeded limit of ${limit} with ${active} alerts`);
  return after;
}

function isActive({ state }: AlertLife): boolean {
  return state === 'pending' || state === 'firing';
}

/** What a result is looked at for. */
export interface MeetingInput extends Pick<EvaluationInput, 'compiled' | 'now' | 'world'> {
  readonly result: Pick<QueryResult, 'type' | 'series' | 'values' | 'offsets'>;
}

/**
 * By the keys of their labels; from the most severe level to the mildest, so that a milder one knows whether a severer one
 * fires. Rejects with a `QueryError` when two results are one instance.
 */
export async function instancesMet({ compiled, result, now, world }: MeetingInput): Promise<ReadonlyMap<string, Met>> {
  if (result.type !== 'vector' && result.type !== 'scalar') throw new QueryError(`rule result is not a vector or scalar, but a ${result.type}`, { reason: 'execution' });
  const { condition } = compiled.rule;
  const levels: readonly (ThresholdLevel | undefined)[] = condition === undefined ? [undefined] : [...condition.levels].reverse();
  const met = new Map<string, Met>();
  for (const [i, series] of result.series.entries()) {
    const data = { labels: Object.fromEntries(series.map(({ name, value }) => [name, value])), value: result.values[result.offsets[i] ?? i] ?? NaN, at: now };
    const expanded = await expandTexts('labels', compiled, world, data);
    let severer: string | undefined;
    for (const level of levels) {
      const labels = identityOf(compiled.rule, series, expanded, level);
      if (met.has(labels.key)) throw new QueryError('vector contains metrics with the same labelset after applying alert labels', { reason: 'execution' });
      met.set(labels.key, { labels, data, level, severer });
      severer = labels.key;
    }
  }
  return met;
}

function identityOf(rule: AlertingRule, series: readonly Label[], expanded: readonly (readonly [string, string])[], level: ThresholdLevel | undefined): Labels {
  const own = series.filter(({ name }) => name !== METRIC_NAME).map(({ name, value }) => [name, value] as const);
  const severity = level?.severity === undefined ? [] : [['severity', level.severity] as const];
  return Labels.from([...own, ...expanded, ...severity, ['alertname', rule.alert]]);
}

async function nextOf(input: EvaluationInput, key: string, one: Met, after: ReadonlyMap<string, AlertInstance>): Promise<AlertInstance | undefined> {
  const { compiled, now, world } = input;
  const { rule } = compiled;
  const before = input.before.get(key);
  const isHeldBack = one.severer !== undefined && after.get(one.severer)?.life.state === 'firing' && before?.life.state !== 'firing';
  const hold: Hold = isHeldBack ? { ...rule, holdFor: Infinity } : rule;
  const life = observe(before?.life, observationOf(rule, one.data.value, one.level, before?.life), hold, now);
  if (life === undefined) return undefined;
  // A text about a series that is fine would say what was never so.
  const isTelling = isActive(life);
  const annotations = isTelling || before === undefined ? await expandTexts('annotations', compiled, world, one.data) : undefined;
  return { labels: before?.labels ?? one.labels, annotations: annotations === undefined ? (before?.annotations ?? {}) : Object.fromEntries(annotations), receivers: rule.receivers, life };
}

/** What a value means to an instance: one that fires is compared with the threshold at which it resolves. */
export function observationOf({ condition }: AlertingRule, value: number, level: ThresholdLevel | undefined, before: AlertLife | undefined): Observation {
  if (condition === undefined || level === undefined) return { kind: 'met', value };
  const threshold = before?.state === 'firing' ? (level.resolveThreshold ?? level.threshold) : level.threshold;
  return { kind: compares(value, condition.operator, threshold) ? 'met' : 'unmet', value };
}

/** An instance of which the result says nothing: its series is missing, or, without a condition, it is fine. */
function lifeWithout(input: EvaluationInput, key: string, { life }: AlertInstance): AlertLife | undefined {
  if (input.isUnsettled(key)) return life;
  const { rule } = input.compiled;
  // Where that would end it, series that are fine are not asked for.
  const isMissing = rule.condition !== undefined && rule.missing !== 'resolve';
  return observe(life, isMissing ? { kind: 'missing' } : { kind: 'unmet', value: undefined }, rule, input.now);
}
