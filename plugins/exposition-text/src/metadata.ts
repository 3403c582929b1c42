import type { EntrySink, MetricType } from '@metrics-dashboard/sdk';
import { NEWLINE, QUOTE, SPACE, TAB } from './bytes.js';
import { expectedAt } from './failure.js';
import { nameOf, textOf } from './key.js';
import { metricNameEnd, skipBlanks, stringEnd } from './series.js';
import type { Dialect } from './series.js';

const TEXT_TYPES: ReadonlyMap<string, MetricType> = new Map([
  ['counter', 'counter'],
  ['gauge', 'gauge'],
  ['histogram', 'histogram'],
  ['summary', 'summary'],
  ['untyped', 'unknown'],
]);

const OPENMETRICS_TYPES: ReadonlyMap<string, MetricType> = new Map([
  ['counter', 'counter'],
  ['gauge', 'gauge'],
  ['histogram', 'histogram'],
  ['gaugehistogram', 'gaugehistogram'],
  ['summary', 'summary'],
  ['info', 'info'],
  ['stateset', 'stateset'],
  ['unknown', 'unknown'],
]);

export type MetadataWord = 'HELP' | 'TYPE' | 'UNIT';

/** Which word of metadata stands here, followed by a blank. */
export function metadataWord(body: Uint8Array, at: number): MetadataWord | undefined {
  const after = body[at + 4];
  if (after !== SPACE && after !== TAB) return undefined;
  for (const word of ['HELP', 'TYPE', 'UNIT'] as const) {
    if (isWordAt(body, at, word)) return word;
  }
  return undefined;
}

export function isWordAt(body: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (body[at + i] !== word.charCodeAt(i)) return false;
  return true;
}

/**
 * One line of metadata, from after its word up to its end. Offers it to the sink, unless the sink has met the line
 * before. Throws a ParseError.
 */
export function readMetadata(
  body: Uint8Array,
  word: MetadataWord,
  line: { readonly start: number; readonly rest: number; readonly end: number },
  dialect: Dialect,
  sink: EntrySink,
): void {
  if (sink.knowsMetadata?.(body, line.start, line.end)) return;
  const isStrict = dialect === 'openmetrics';
  const nameStart = isStrict ? line.rest + 1 : skipBlanks(body, line.rest);
  const nameEnd = body[nameStart] === QUOTE ? stringEnd(body, nameStart) : metricNameEnd(body, nameStart);
  const separator = body[nameEnd];
  const hasText = separator === SPACE || separator === TAB;
  if (!hasText && nameEnd < line.end) throw expectedAt(body, nameEnd, 'a blank after the metric name');
  if (isStrict && separator !== SPACE) throw expectedAt(body, nameEnd, `a blank and the ${word.toLowerCase()}`);
  const textStart = isStrict ? nameEnd + 1 : Math.min(skipBlanks(body, nameEnd), line.end);
  const metric = nameOf(body, nameStart, nameEnd);
  const text = textOf(body, textStart, line.end);
  if (word === 'HELP') sink.metadata(metric, 'help', unescapeHelp(text, isStrict));
  else if (word === 'UNIT') sink.metadata(metric, 'unit', text);
  else sink.metadata(metric, 'type', typeOf(body, textStart, text, dialect));
}

function typeOf(body: Uint8Array, at: number, text: string, dialect: Dialect): MetricType {
  const types = dialect === 'text' ? TEXT_TYPES : OPENMETRICS_TYPES;
  const type = types.get(dialect === 'text' ? text.replace(/[ \t]+$/, '') : text);
  if (type === undefined) throw expectedAt(body, at, `a metric type (${[...types.keys()].join(', ')})`);
  return type;
}

/** `\\` and `\n`, in OpenMetrics also `\"`; any other backslash stands for itself. */
function unescapeHelp(text: string, isStrict: boolean): string {
  if (!text.includes('\\')) return text;
  return text.replace(isStrict ? /\\([\\"n])/g : /\\([\\n])/g, (_, c: string) => (c === 'n' ? '\n' : c));
}

/** Where the line that `at` is in ends: its line end, or that of the body. */
export function lineEnd(body: Uint8Array, at: number): number {
  const end = body.indexOf(NEWLINE, at);
  return end === -1 ? body.length : end;
}
