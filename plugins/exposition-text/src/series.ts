import {
  BACKSLASH,
  CLASS,
  CLOSE_BRACE,
  COMMA,
  EQUALS,
  LABEL_PART,
  LABEL_START,
  METRIC_PART,
  METRIC_START,
  NEWLINE,
  OPEN_BRACE,
  QUOTE,
  SPACE,
  TAB,
} from './bytes.js';
import { expectedAt, failureAt } from './failure.js';

/** Where the two formats differ inside the braces: OpenMetrics knows no blanks there, and wants exactly one comma between labels. */
export type Dialect = 'text' | 'openmetrics';

/**
 * The end of a series as it stands in a body, `name{a="b"}` or `{"name",a="b"}`: checked, and nothing decoded.
 * Throws a ParseError.
 */
export function seriesEnd(body: Uint8Array, start: number, dialect: Dialect): number {
  const first = body[start];
  if (first === OPEN_BRACE) return labelsEnd(body, start, dialect, false);
  let i = metricNameEnd(body, start);
  const nameEnd = i;
  if (dialect === 'text') i = skipBlanks(body, i);
  return body[i] === OPEN_BRACE ? labelsEnd(body, i, dialect, true) : nameEnd;
}

/** The end of an unquoted metric name, `[a-zA-Z_:][a-zA-Z0-9_:]*`. Throws a ParseError where none starts. */
export function metricNameEnd(body: Uint8Array, start: number): number {
  if (((CLASS[body[start] ?? 0] as number) & METRIC_START) === 0) throw expectedAt(body, start, 'a metric name');
  let i = start + 1;
  while (i < body.length && ((CLASS[body[i] as number] as number) & METRIC_PART) !== 0) i++;
  return i;
}

/**
 * The end of a label set; `start` is its opening brace. A quoted string that no `=` follows is the metric name, and
 * can only be the first entry.
 */
export function labelsEnd(body: Uint8Array, start: number, dialect: Dialect, named: boolean): number {
  const loose = dialect === 'text';
  let hasName = named;
  let i = loose ? skipBlanks(body, start + 1) : start + 1;
  while (body[i] !== CLOSE_BRACE) {
    const entry = i;
    const isQuoted = body[i] === QUOTE;
    i = isQuoted ? stringEnd(body, i) : labelNameEnd(body, i);
    if (loose) i = skipBlanks(body, i);
    if (isQuoted && body[i] !== EQUALS) {
      if (hasName) throw failureAt(body, entry, 'a second metric name for one series');
      if (body[i] !== COMMA && body[i] !== CLOSE_BRACE) throw expectedAt(body, i, '"=", "," or "}"');
      hasName = true;
    } else {
      i = valueEnd(body, i, loose);
    }
    i = nextEntry(body, i, loose);
  }
  if (!hasName) throw failureAt(body, start, 'a series without a metric name');
  return i + 1;
}

/** From after a label's name, over `="value"`, to after it. */
function valueEnd(body: Uint8Array, start: number, loose: boolean): number {
  if (body[start] !== EQUALS) throw expectedAt(body, start, '"="');
  let i = start + 1;
  if (loose) i = skipBlanks(body, i);
  if (body[i] !== QUOTE) throw expectedAt(body, i, 'a label value in double quotes');
  i = stringEnd(body, i);
  return loose ? skipBlanks(body, i) : i;
}

/** Over the comma between two entries. The text format also takes one before the brace, and none at all. */
function nextEntry(body: Uint8Array, start: number, loose: boolean): number {
  if (body[start] === COMMA) {
    if (!loose && body[start + 1] === CLOSE_BRACE) throw expectedAt(body, start + 1, 'a label name');
    return loose ? skipBlanks(body, start + 1) : start + 1;
  }
  if (!loose && body[start] !== CLOSE_BRACE) throw expectedAt(body, start, '"," or "}"');
  return start;
}

/** After the closing quote of the string that starts here. */
export function stringEnd(body: Uint8Array, start: number): number {
  let i = start + 1;
  for (; i < body.length; i++) {
    const c = body[i] as number;
    if (c === QUOTE) return i + 1;
    if (c === BACKSLASH) i++;
    // An escaped line end is as wrong as a bare one: a string does not reach over lines.
    if (body[i] === NEWLINE) break;
  }
  throw expectedAt(body, i, 'a closing double quote');
}

function labelNameEnd(body: Uint8Array, start: number): number {
  if (((CLASS[body[start] ?? 0] as number) & LABEL_START) === 0) throw expectedAt(body, start, 'a label name');
  let i = start + 1;
  while (i < body.length && ((CLASS[body[i] as number] as number) & LABEL_PART) !== 0) i++;
  return i;
}

export function skipBlanks(body: Uint8Array, start: number): number {
  let i = start;
  while (body[i] === SPACE || body[i] === TAB) i++;
  return i;
}
