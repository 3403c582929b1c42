import type { QueryRequest, QueryResult } from '@metrics-dashboard/core';
import { messageOf } from '@metrics-dashboard/sdk';
import type { Labels, SampleColumns } from '@metrics-dashboard/sdk';
import { compareResult } from './query-script-compare.js';
import { parseScript } from './query-script-parse.js';
import type { Evaluation, Expectation } from './query-script-parse.js';

/** Whatever can take samples and answer queries. */
export interface ScriptEngine {
  /** Forgets every sample. */
  reset(): Promise<void>;
  append(labels: Labels, samples: SampleColumns): void;
  commit(): Promise<void>;
  query(request: QueryRequest): Promise<QueryResult>;
}

export interface ScriptReport {
  readonly passed: number;
  /** Evaluations that need what is not supported, by the error's own word, or native histograms. */
  readonly skipped: number;
  /** One line for each evaluation that went wrong. */
  readonly failures: readonly string[];
}

const MINUTE = 60_000;

/** Runs a script against an engine. */
export async function runScript(source: string, engine: ScriptEngine): Promise<ScriptReport> {
  const failures: string[] = [];
  let passed = 0;
  let skipped = 0;
  let histograms = false;
  await engine.reset();
  for (const command of parseScript(source)) {
    if (command.kind === 'clear') {
      await engine.reset();
      histograms = false;
    } else if (command.kind === 'load') {
      histograms ||= command.histograms;
      for (const series of command.series) engine.append(series.labels, series.columns(0, command.step));
      await engine.commit();
    } else if (histograms || command.histograms) skipped++;
    else {
      const problem = await evaluate(command, engine);
      if (problem === undefined) passed++;
      else if (problem.includes('not supported: ')) skipped++;
      else failures.push(`line ${command.line}: ${command.expression}: ${problem}`);
    }
  }
  return { passed, skipped, failures };
}

/** What is wrong with an engine's answer; undefined: nothing. */
async function evaluate(evaluation: Evaluation, engine: ScriptEngine): Promise<string | undefined> {
  const { expression, start, end, step, range, expectations } = evaluation;
  const mustFail = expectations.filter(({ about }) => about === 'fail');
  const time = range ? ({ kind: 'range', start, end, step } as const) : ({ kind: 'instant', at: start } as const);
  let result: QueryResult;
  try {
    result = await engine.query({ expression, time });
  } catch (error) {
    const message = messageOf(error);
    if (mustFail.length === 0) return message;
    return mustFail.every((one) => matches(one, message)) ? undefined : `fails with ${message}`;
  }
  if (mustFail.length > 0) return 'answers, and should fail';
  return checkAnnotations(expectations, result) ?? compareResult(evaluation, result) ?? (await checkAsRange(evaluation, engine));
}

/** What holds at one time holds in the middle of a range as well. */
async function checkAsRange(evaluation: Evaluation, engine: ScriptEngine): Promise<string | undefined> {
  const { expression, start, range, ordered, text, points } = evaluation;
  if (range || ordered || text !== undefined || points !== undefined || /\b(?:start|end|range|step)\(\)/i.test(expression)) return undefined;
  const result = await engine.query({ expression, time: { kind: 'range', start: start - MINUTE, end: start + MINUTE, step: MINUTE } });
  const problem = compareResult({ ...evaluation, step: MINUTE }, atTime(result, start, evaluation.scalar !== undefined));
  return problem && `as a range: ${problem}`;
}

/** The part of a range's result at one time, as an instant result. */
function atTime(result: QueryResult, at: number, scalar: boolean): QueryResult {
  const kept: { labels: QueryResult['series'][number]; value: number }[] = [];
  result.series.forEach((labels, i) => {
    for (let k = result.offsets[i] ?? 0; k < (result.offsets[i + 1] ?? 0); k++) {
      if (result.times[k] === at) kept.push({ labels, value: result.values[k] ?? NaN });
    }
  });
  return {
    ...result,
    type: scalar ? 'scalar' : 'vector',
    series: kept.map(({ labels }) => labels),
    offsets: Uint32Array.from({ length: kept.length + 1 }, (_, i) => i),
    times: new Float64Array(kept.length).fill(at),
    values: Float64Array.from(kept, ({ value }) => value),
  };
}

function checkAnnotations(expectations: readonly Expectation[], result: QueryResult): string | undefined {
  for (const [about, none, got] of [['warn', 'no_warn', result.warnings], ['info', 'no_info', result.infos]] as const) {
    const wanted = expectations.filter((one) => one.about === about);
    if (expectations.some((one) => one.about === none) && got.length > 0) return `unexpected ${about}: ${got.join(', ')}`;
    if (wanted.length === 0) continue;
    const missing = wanted.find((one) => !got.some((text) => matches(one, text)));
    if (missing !== undefined) return `no ${about} like ${JSON.stringify(missing.text)}, got ${JSON.stringify(got)}`;
    const other = got.find((text) => !wanted.some((one) => matches(one, text)));
    if (other !== undefined) return `${about} not asked for: ${other}`;
  }
  return undefined;
}

function matches({ match, text }: Expectation, message: string): boolean {
  return match === 'any' || (match === 'msg' ? message === text : new RegExp(text).test(message));
}
