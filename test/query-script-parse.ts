import { parseDuration } from '@metrics-dashboard/sdk';
import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import { parseSeries } from '@metrics-dashboard/sdk/testing';
import type { NotedSeries } from '@metrics-dashboard/sdk/testing';

/**
 * Query scripts: plain text that loads series and says what expressions must answer. A block is a command and the
 * lines up to the next empty one; `#` starts a comment.
 *
 *     load 5m
 *       http_requests_total{job="api"} 0+10x10
 *
 *     eval instant at 50m rate(http_requests_total[20m])
 *       expect no_warn
 *       {job="api"} 0.0333333333
 *
 * Source of the format: https://pkg.go.dev/github.com/prometheus/prometheus/promql/promqltest
 */
export type Command =
  | { readonly kind: 'clear' }
  | { readonly kind: 'load'; readonly line: number; readonly step: Duration; readonly series: readonly NotedSeries[]; readonly histograms: boolean }
  | Evaluation;

export interface Evaluation {
  readonly kind: 'eval';
  readonly line: number;
  readonly expression: string;
  readonly range: boolean;
  readonly start: Timestamp;
  readonly end: Timestamp;
  readonly step: Duration;
  readonly expectations: readonly Expectation[];
  readonly ordered: boolean;
  readonly text: string | undefined;
  /** An instant query that answers a matrix: where its points lie. */
  readonly points: { readonly start: Timestamp; readonly step: Duration } | undefined;
  readonly scalar: number | undefined;
  readonly series: readonly NotedSeries[];
  readonly histograms: boolean;
}

export interface Expectation {
  readonly about: 'fail' | 'warn' | 'info' | 'no_warn' | 'no_info';
  readonly match: 'any' | 'msg' | 'regex';
  readonly text: string;
}

/** Reads a whole script; an unreadable line throws an error with its number. */
export function parseScript(source: string): Command[] {
  const commands: Command[] = [];
  let block: Line[] = [];
  const finish = (): void => {
    const [first, ...rest] = block;
    if (first !== undefined) commands.push(parseBlock(first, rest));
    block = [];
  };
  source.split('\n').forEach((raw, i) => {
    const text = raw.trim().replace(/^#.*$/, '');
    if (text === '' || text === 'clear') finish();
    if (text !== '') block.push({ text, number: i + 1 });
    if (text === 'clear') finish();
  });
  finish();
  return commands;
}

interface Line {
  readonly text: string;
  readonly number: number;
}

function parseBlock(first: Line, rest: readonly Line[]): Command {
  const word = /^\w+/.exec(first.text)?.[0].toLowerCase() ?? '';
  if (word === 'clear') return { kind: 'clear' };
  if (word.startsWith('load')) return parseLoad(first, rest);
  if (word.startsWith('eval')) return parseEvaluation(word, first, rest);
  throw new Error(`line ${first.number}: ${JSON.stringify(first.text)} is no command`);
}

function parseLoad(first: Line, rest: readonly Line[]): Command {
  const step = durationOf(first.text.split(/\s+/)[1] ?? '');
  // Native histograms, their custom buckets and start timestamps are of no storage here.
  const plain = rest.filter(({ text }) => !isHistogram(text));
  const histograms = plain.length < rest.length || first.text.startsWith('load_with');
  return { kind: 'load', line: first.number, step, series: plain.map(seriesOf), histograms };
}

function isHistogram(text: string): boolean {
  return text.includes('{{') || /^\S+@st\s/.test(text);
}

const INSTANT = /^eval(?:_\w+)?\s+instant\s+at\s+(\S+)\s+(.*)$/s;
const RANGE = /^eval(?:_\w+)?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.*)$/s;

function parseEvaluation(word: string, first: Line, rest: readonly Line[]): Evaluation {
  const instant = INSTANT.exec(first.text);
  const range = RANGE.exec(first.text);
  if (instant === null && range === null) throw new Error(`line ${first.number}: ${JSON.stringify(first.text)} is no eval`);
  const [, start = '0', end = start, step = '0', expression = ''] = range ?? [undefined, instant?.[1], instant?.[1], '0', instant?.[2]];
  const times = { start: durationOf(start), end: durationOf(end), step: durationOf(step) };
  const base = { kind: 'eval', line: first.number, expression, range: range !== null, ...times } as const;
  return { ...base, ...parseExpected(word, rest) };
}

type Expected = Pick<Evaluation, 'expectations' | 'ordered' | 'text' | 'points' | 'scalar' | 'series' | 'histograms'>;

function parseExpected(word: string, lines: readonly Line[]): Expected {
  const expectations: Expectation[] = [];
  const series: NotedSeries[] = [];
  let expected: Omit<Expected, 'expectations' | 'series'> = { ordered: word === 'eval_ordered', text: undefined, points: undefined, scalar: undefined, histograms: false };
  if (word === 'eval_fail' || word === 'eval_warn' || word === 'eval_info') {
    expectations.push({ about: word === 'eval_fail' ? 'fail' : word === 'eval_warn' ? 'warn' : 'info', match: 'any', text: '' });
  }
  for (const line of lines) {
    const { text } = line;
    const old = /^expected_fail_(message|regexp)\s+(.*)$/.exec(text);
    if (old !== null) expectations.push({ about: 'fail', match: old[1] === 'message' ? 'msg' : 'regex', text: old[2] ?? '' });
    else if (text.startsWith('expect ')) expected = { ...expected, ...parseExpectation(text, expectations) };
    else if (isHistogram(text)) expected = { ...expected, histograms: true };
    else if (/^[-+\d.]|^(?:nan|inf)$/i.test(text)) expected = { ...expected, scalar: numberOf(text) };
    else series.push(seriesOf(line));
  }
  return { ...expected, expectations, series };
}

function parseExpectation(text: string, expectations: Expectation[]): Partial<Expected> {
  const about = /^expect\s+(fail|warn|info|no_warn|no_info)\b\s*(?:(msg|regex):\s*(.*))?$/s.exec(text);
  if (about !== null) {
    // The pattern names them.
    const [, kind, match = 'any', wanted = ''] = about;
    expectations.push({ about: kind as Expectation['about'], match: match as Expectation['match'], text: wanted });
    return {};
  }
  if (/^expect\s+ordered$/.test(text)) return { ordered: true };
  const string = /^expect\s+string\s+(["'`])(.*)\1$/s.exec(text);
  if (string !== null) return { text: string[1] === '`' ? (string[2] ?? '') : unescaped(string[2] ?? '') };
  const points = /^expect\s+range\s+vector\s+from\s+(\S+)\s+to\s+\S+\s+step\s+(\S+)$/.exec(text);
  if (points !== null) return { points: { start: durationOf(points[1] ?? ''), step: durationOf(points[2] ?? '') } };
  throw new Error(`${JSON.stringify(text)} is no expectation`);
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_all, one: string) => ({ n: '\n', t: '\t' })[one] ?? one);
}

function durationOf(text: string): Duration {
  const negative = text.startsWith('-');
  const plain = negative ? text.slice(1) : text;
  const length = /[a-z]/.test(plain) ? parseDuration(plain) : Number(plain) * 1000;
  return negative ? -length : length;
}

function numberOf(text: string): number {
  const digits = text.toLowerCase().replace(/^[-+]/, '');
  const value = digits === 'inf' ? Infinity : digits === 'nan' ? NaN : /[a-z]$/.test(digits) ? parseDuration(digits) / 1000 : Number(digits);
  return text.startsWith('-') ? -value : value;
}

function seriesOf({ text, number }: Line): NotedSeries {
  try {
    return parseSeries(text);
  } catch (cause) {
    throw new Error(`line ${number}: ${text}`, { cause });
  }
}
