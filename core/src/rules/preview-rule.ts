import { QueryError } from '@metrics-dashboard/sdk';
import type { Timestamp } from '@metrics-dashboard/sdk';
import type { Engine } from '../engine/engine.js';
import type { QueryResult } from '../query/query.js';
import { compileRule, expandTexts } from './compiled-rule.js';
import { instancesMet, observationOf } from './evaluate-alerts.js';
import type { Met } from './evaluate-alerts.js';
import type { AlertingRule } from './rule.js';
import type { TemplateWorld } from './rule-template.js';

/** What a rule would say now. */
export interface RulePreview {
  readonly at: Timestamp;
  /** All series of the expression, and those among them whose value meets a threshold. */
  readonly series: number;
  readonly met: number;
  /** Those that meet a threshold first. */
  readonly instances: readonly PreviewInstance[];
  readonly warnings: readonly string[];
}

/** An alert instance that there would be, if the condition held for long enough. */
export interface PreviewInstance {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number;
  /** Of the most severe level that the value meets; of the mildest where it meets none. */
  readonly severity: string | undefined;
  /** Whether the value meets that level now. */
  readonly isMet: boolean;
}

export interface PreviewRequest {
  readonly rule: AlertingRule;
  readonly at: Timestamp;
  /** The most instances that are told. */
  readonly limit: number;
}

/** Evaluates a rule once and expands its texts, for people to look at: nothing is kept, nobody is told. Rejects as the query does. */
export async function previewRule(engine: Engine, templates: TemplateWorld, { rule, at, limit }: PreviewRequest, signal: AbortSignal): Promise<RulePreview> {
  const compiled = compileRule(rule);
  const result = await engine.query({ expression: rule.expression, time: { kind: 'instant', at } }, signal);
  if (result.type !== 'vector' && result.type !== 'scalar') throw new QueryError(`the query gives a ${result.type}, expected a value for each series`, { path: 'expression' });
  const levels = rule.condition?.levels ?? [undefined];
  const isMet = (value: number): boolean => levels.some((level) => observationOf(rule, value, level, undefined).kind === 'met');
  const values = result.series.map((_, i) => result.values[result.offsets[i] ?? i] ?? NaN);
  const all = [...values.keys()];
  const met = all.filter((i) => isMet(values[i] ?? NaN));
  const shown = [...met, ...all.filter((i) => !isMet(values[i] ?? NaN))].slice(0, limit);
  const instances: PreviewInstance[] = [];
  for (const one of chosen(rule, await instancesMet({ compiled, result: pick(result, shown), now: at, world: templates }))) {
    const { labels, data, level } = one;
    const annotations = Object.fromEntries(await expandTexts('annotations', compiled, templates, data));
    instances.push({ labels: labels.toObject(), annotations, value: data.value, severity: level?.severity, isMet: meets(rule, one) });
  }
  return { at, series: values.length, met: met.length, instances, warnings: [...result.warnings, ...result.infos] };
}

function meets(rule: AlertingRule, { data, level }: Met): boolean {
  return observationOf(rule, data.value, level, undefined).kind === 'met';
}

/** One for each series: the most severe level that its value meets, else the mildest. */
function chosen(rule: AlertingRule, met: ReadonlyMap<string, Met>): readonly Met[] {
  const bySeries = new Map<Met['data'], Met>();
  for (const one of met.values()) {
    const best = bySeries.get(one.data);
    // From the most severe to the mildest, so that the first one that is met stays.
    if (best === undefined || !meets(rule, best)) bySeries.set(one.data, one);
  }
  return [...bySeries.values()];
}

function pick(result: QueryResult, indices: readonly number[]): Pick<QueryResult, 'type' | 'series' | 'values' | 'offsets'> {
  return {
    type: result.type,
    series: indices.map((i) => result.series[i] ?? []),
    values: new Float64Array(indices.map((i) => result.values[result.offsets[i] ?? i] ?? NaN)),
    offsets: new Uint32Array(indices.map((_, i) => i)),
  };
}
