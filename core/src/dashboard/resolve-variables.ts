import { matcher, messageOf } from '@metrics-dashboard/sdk';
import type { TimeRange } from '@metrics-dashboard/sdk';
import type { Engine } from '../engine/engine.js';
import { interpolate } from './interpolate.js';
import type { VariableValue } from './interpolate.js';
import { dependenciesOf } from './read-document.js';
import { ALL } from './variable.js';
import type { Variable } from './variable.js';

/** How many values are read of the storage before they are filtered, sorted and cut. */
const MOST_READ = 100_000;

export interface VariableOption {
  readonly value: string;
  readonly text: string;
}

/** One variable as people see it. */
export interface ResolvedVariable {
  readonly name: string;
  readonly options: readonly VariableOption[];
  /** Whether there are more than are listed; a search finds them. */
  readonly more: boolean;
  /** What is chosen: of what was asked for, the part that there is; else what the document says; else the first option. */
  readonly chosen: VariableValue;
  /** Why there are no options. */
  readonly error: string | undefined;
}

export interface ResolveRequest {
  readonly variables: readonly Variable[];
  /** What people chose. */
  readonly values: readonly VariableValue[];
  /** When the series of label values have samples; queries are of its end. */
  readonly range: TimeRange;
  /** The most options of each. */
  readonly limit: number;
  /** Only options of this variable that have the text in them, in whatever case. */
  readonly search?: { readonly name: string; readonly text: string } | undefined;
}

/** Options and choices of the variables of a dashboard; those that others depend on first, then all that can be had at the same time. */
export async function resolveVariables(request: ResolveRequest, engine: Pick<Engine, 'labelValues' | 'query'>, signal: AbortSignal): Promise<readonly ResolvedVariable[]> {
  const resolved = new Map<string, ResolvedVariable>();
  let waiting = [...request.variables];
  const names = new Set(waiting.map(({ name }) => name));
  while (waiting.length > 0) {
    const isFree = (variable: Variable): boolean => dependenciesOf(variable).every((name) => !names.has(name) || resolved.has(name));
    const free = waiting.filter(isFree);
    // Variables that need each other have no first one; a document that has them is refused, a draft may.
    const now = free.length > 0 ? free : waiting;
    const chosen = [...resolved.values()].map((one) => one.chosen);
    const done = await Promise.all(now.map((variable) => resolve(variable, chosen, request, engine, signal)));
    for (const one of done) resolved.set(one.name, one);
    waiting = waiting.filter((variable) => !now.includes(variable));
  }
  return request.variables.flatMap(({ name }) => resolved.get(name) ?? []);
}

async function resolve(
  variable: Variable,
  chosen: readonly VariableValue[],
  request: ResolveRequest,
  engine: Pick<Engine, 'labelValues' | 'query'>,
  signal: AbortSignal,
): Promise<ResolvedVariable> {
  const { name } = variable;
  const asked = request.values.find((value) => value.name === name);
  if (variable.kind === 'text') {
    return { name, options: [], more: false, chosen: { name, values: (asked?.values ?? variable.selected).slice(0, 1) }, error: undefined };
  }
  try {
    const found = await optionsOf(variable, chosen, request, engine, signal);
    const text = request.search?.name === name ? request.search.text.toLowerCase() : '';
    const listed = text === '' ? found : found.filter((option) => option.text.toLowerCase().includes(text));
    return { name, options: listed.slice(0, request.limit), more: listed.length > request.limit, chosen: choose(variable, asked, found, request.limit), error: undefined };
  } catch (error) {
    signal.throwIfAborted();
    return { name, options: [], more: false, chosen: { name, values: asked?.values ?? variable.selected.filter((value) => value !== ALL) }, error: messageOf(error) };
  }
}

type Found = Extract<Variable, { readonly kind: 'label_values' | 'query' }>;

async function optionsOf(
  variable: Exclude<Variable, { readonly kind: 'text' }>,
  chosen: readonly VariableValue[],
  request: ResolveRequest,
  engine: Pick<Engine, 'labelValues' | 'query'>,
  signal: AbortSignal,
): Promise<readonly VariableOption[]> {
  if (variable.kind === 'custom') return variable.options.map(({ value, text }) => ({ value, text: text ?? value }));
  if (variable.kind === 'interval') return variable.options.map((value) => ({ value, text: value }));
  const values = variable.kind === 'label_values' ? await labelValues(variable, chosen, request, engine, signal) : await queryValues(variable, chosen, request, engine, signal);
  return sorted(variable, filtered(variable, values)).map((value) => ({ value, text: value }));
}

async function labelValues(variable: Extract<Found, { kind: 'label_values' }>, chosen: readonly VariableValue[], { range }: ResolveRequest, engine: Pick<Engine, 'labelValues'>, signal: AbortSignal): Promise<readonly string[]> {
  const selectors = variable.selector === '' ? [] : [interpolate(variable.selector, chosen)];
  return (await engine.labelValues(variable.of, { selectors, range, limit: MOST_READ }, signal)).values;
}

async function queryValues(variable: Extract<Found, { kind: 'query' }>, chosen: readonly VariableValue[], { range }: ResolveRequest, engine: Pick<Engine, 'query'>, signal: AbortSignal): Promise<readonly string[]> {
  const expression = interpolate(variable.expression, chosen);
  const result = await engine.query({ expression, time: { kind: 'instant', at: range.end }, seriesLimit: MOST_READ }, signal);
  if (result.text !== undefined) return [result.text];
  if (variable.of === '') return [...new Set(Array.from(result.values, String))];
  const values = result.series.map((labels) => labels.find((label) => label.name === variable.of)?.value ?? '');
  return [...new Set(values.filter((value) => value !== ''))];
}

function filtered({ filter }: Found, values: readonly string[]): readonly string[] {
  if (filter === '') return values;
  const wanted = matcher('value', '=~', filter);
  return values.filter((value) => wanted.matches(value));
}

const NATURAL = new Intl.Collator('en', { numeric: true });

function sorted({ sort, descending }: Found, values: readonly string[]): readonly string[] {
  const list = [...values];
  if (sort === 'natural') list.sort(NATURAL.compare);
  if (sort === 'alphabetical') list.sort();
  if (sort === 'numerical') list.sort((a, b) => Number(a) - Number(b));
  return descending ? list.reverse() : list;
}

/** What is chosen of the options there are. */
function choose(variable: Exclude<Variable, { readonly kind: 'text' }>, asked: VariableValue | undefined, options: readonly VariableOption[], limit: number): VariableValue {
  const { name } = variable;
  const mayAll = variable.kind !== 'interval' && variable.all;
  if (mayAll && (asked === undefined ? variable.selected.includes(ALL) : asked.all === true)) return all(variable, options, limit);
  const known = new Set(options.map(({ value }) => value));
  const most = variable.kind !== 'interval' && variable.multiple ? options.length : 1;
  for (const wanted of [asked?.values ?? [], variable.selected]) {
    const values = options.length === 0 ? wanted.filter((value) => value !== ALL) : wanted.filter((value) => known.has(value));
    if (values.length > 0) return { name, values: values.slice(0, Math.max(most, 1)) };
  }
  return { name, values: options.slice(0, 1).map(({ value }) => value) };
}

/** All options by name; where they are too many for that, or all that the label has, whatever is not empty. */
function all(variable: Variable, options: readonly VariableOption[], limit: number): VariableValue {
  const { name } = variable;
  const isWhole = variable.kind === 'label_values' && variable.selector === '' && variable.filter === '';
  return { name, all: true, values: isWhole || options.length > limit ? [] : options.map(({ value }) => value) };
}
