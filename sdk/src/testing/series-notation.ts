import { ParseError } from '../errors.js';
import { Labels, METRIC_NAME } from '../model/labels.js';
import { setStale, type Duration, type SampleColumns, type Timestamp } from '../model/sample.js';

/**
 * A series as tests write it, in the notation of Prometheus' rule tests: a selector-like name and then one item
 * for each step, `http_requests{code="200"} 1+1x5 _ stale`.
 *
 *     3        a value; also NaN, Inf, +Inf, -Inf
 *     _        no sample; `_x4` four times none
 *     stale    the staleness marker
 *     3x4      3, and four times more
 *     1+2x3    1 3 5 7: a start, and three times more with 2 added; `10-2x3` subtracts
 *
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series
 */
export interface NotedSeries {
  readonly labels: Labels;
  /** One for each step; NaN where there is no sample. A staleness marker keeps its bits. */
  readonly values: Float64Array;
  /** 1 where a step has a sample. */
  readonly present: Uint8Array;
  /** The samples that are present, the first step at `start`. The columns are new with each call. */
  columns(start: Timestamp, step: Duration): SampleColumns;
}

const STALE = Symbol('stale');
type Item = number | typeof STALE | undefined;

const NUMBER = String.raw`(?:\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|[iI]nf|[nN]a[nN])`;
const ITEM = new RegExp(`^(?:(_|stale)|([-+]?${NUMBER})(?:([-+])(${NUMBER}))?)(?:x(\\d+))?$`);

/** The most steps that a text may stand for. */
const MAX_STEPS = 10_000_000;

/** Reads a series; a text that is not in the notation is a `ParseError` with the column. */
export function parseSeries(text: string): NotedSeries {
  const { labels, end } = parseLabels(text);
  const items: Item[] = [];
  for (const { 0: word, index } of text.slice(end).matchAll(/\S+/g)) expand(word, end + index, items);
  const values = new Float64Array(items.length).fill(NaN);
  const present = new Uint8Array(items.length);
  items.forEach((item, i) => {
    if (item === undefined) return;
    present[i] = 1;
    if (item === STALE) setStale(values, i);
    else values[i] = item;
  });
  return { labels, values, present, columns: (start, step) => columnsOf(values, present, start, step) };
}

/** Reads a label set as the query language writes it, `up{job="api"}`, `{__name__="up"}` or `{"a b", job="x"}`. */
export function parseLabelSet(text: string): Labels {
  const { labels, end } = parseLabels(text);
  if (text.slice(end).trim() !== '') throw problem('nothing after the label set', text, end);
  return labels;
}

function columnsOf(values: Float64Array, present: Uint8Array, start: Timestamp, step: Duration): SampleColumns {
  const count = present.reduce((sum, one) => sum + one, 0);
  const columns = { times: new Float64Array(count), values: new Float64Array(count) };
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    if (present[i] !== 1) continue;
    columns.times[at] = start + i * step;
    columns.values.set(values.subarray(i, i + 1), at);
    at++;
  }
  return columns;
}

function expand(word: string, column: number, into: Item[]): void {
  const parts = ITEM.exec(word);
  if (parts === null) throw problem('a value, _, stale, or an expansion like 1+2x3', word, 0, column);
  const [, special, first = '', sign, difference, times] = parts;
  const extra = times === undefined ? 0 : Number(times);
  if (into.length + extra > MAX_STEPS) throw problem(`at most ${MAX_STEPS} steps`, word, 0, column);
  if (special === '_') {
    for (let i = 0; i < (times === undefined ? 1 : extra); i++) into.push(undefined);
    return;
  }
  if (difference !== undefined && times === undefined) throw problem('a repetition, as in 1+2x3', word, 0, column);
  const by = difference === undefined ? 0 : number(difference) * (sign === '-' ? -1 : 1);
  let value: Item = special === 'stale' ? STALE : number(first);
  for (let i = 0; i <= extra; i++) {
    into.push(value);
    // The next value is made by adding, as Prometheus does, so that both round alike.
    if (value !== STALE && difference !== undefined) value += by;
  }
}

function number(text: string): number {
  const negative = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '');
  const lower = digits.toLowerCase();
  const value = lower === 'inf' ? Infinity : lower === 'nan' ? NaN : Number(digits);
  return negative ? -value : value;
}

const LABEL = /\s*(?:([a-zA-Z_][a-zA-Z0-9_]*)|"((?:[^"\\]|\\.)*)")\s*(?:=\s*"((?:[^"\\]|\\.)*)")?\s*/y;

function parseLabels(text: string): { labels: Labels; end: number } {
  const name = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)?/.exec(text);
  let at = name?.[0].length ?? 0;
  const pairs: [string, string][] = name?.[1] === undefined ? [] : [[METRIC_NAME, name[1]]];
  const open = /\s*\{/y;
  open.lastIndex = at;
  if (!open.test(text)) {
    if (pairs.length === 0) throw problem('a metric name or {', text, at);
    return { labels: Labels.from(pairs), end: at };
  }
  at = open.lastIndex;
  while (text[at] !== '}') {
    LABEL.lastIndex = at;
    const label = LABEL.exec(text);
    const pair = label === null ? undefined : pairOf(label);
    if (pair === undefined) throw problem('a label like code="200", or }', text, at);
    pairs.push(pair);
    at = LABEL.lastIndex;
    if (text[at] === ',') at = skipSpace(text, at + 1);
    else if (text[at] !== '}') throw problem(', or }', text, at);
  }
  return { labels: Labels.from(pairs), end: at + 1 };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

/** A quoted name without a value is the metric's; a bare one without a value is a mistake. */
function pairOf([, bare, quoted, value]: readonly (string | undefined)[]): [string, string] | undefined {
  if (value !== undefined) return [bare ?? unquote(quoted ?? ''), unquote(value)];
  return quoted === undefined ? undefined : [METRIC_NAME, unquote(quoted)];
}

function unquote(text: string): string {
  return text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
}

function problem(expected: string, text: string, at: number, offset = 0): ParseError {
  const met = text.slice(at) === '' ? 'the end' : JSON.stringify(text.slice(at, at + 20));
  return new ParseError(`met ${met}, expected ${expected}`, { position: { line: 1, column: offset + at + 1 } });
}
