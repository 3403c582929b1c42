import { Labels, METRIC_NAME } from '@metrics-dashboard/sdk';
import { CLOSE_BRACE, COMMA, EQUALS, OPEN_BRACE, QUOTE, SPACE, TAB } from './bytes.js';
import { failureAt } from './failure.js';
import { stringEnd } from './series.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The labels of a series that `seriesEnd` has checked. This is where escapes are decoded, once for each new series.
 * Throws a ParseError for text that is not UTF-8, and for a label that stands twice.
 */
export function decodeKey(body: Uint8Array, start: number, end: number): Labels {
  const pairs: [name: string, value: string][] = [];
  let i = tokenEnd(body, start, end);
  if (i > start) pairs.push([METRIC_NAME, textOf(body, start, i)]);
  while (i < end) {
    const c = body[i];
    if (c === OPEN_BRACE || c === COMMA || c === SPACE || c === TAB || c === CLOSE_BRACE) {
      i++;
      continue;
    }
    const nameEnd = tokenEnd(body, i, end);
    const name = nameOf(body, i, nameEnd);
    const equals = skipTo(body, nameEnd, EQUALS, end);
    if (equals === -1) {
      pairs.push([METRIC_NAME, name]);
      i = nameEnd;
    } else {
      const quote = skipTo(body, equals + 1, QUOTE, end);
      const valueEnd = stringEnd(body, quote);
      if (pairs.some((pair) => pair[0] === name)) {
        throw failureAt(body, i, `label ${JSON.stringify(name)} stands twice in one series`);
      }
      pairs.push([name, unescape(textOf(body, quote + 1, valueEnd - 1))]);
      i = valueEnd;
    }
  }
  return Labels.from(pairs);
}

/** The text of a metric's or a label's name, quoted or not. */
export function nameOf(body: Uint8Array, start: number, end: number): string {
  return body[start] === QUOTE ? unescape(textOf(body, start + 1, end - 1)) : textOf(body, start, end);
}

/** Bytes as text; a ParseError when they are not UTF-8. Nearly all text is ASCII, which is read several times as fast. */
export function textOf(body: Uint8Array, start: number, end: number): string {
  let seen = 0;
  for (let i = start; i < end; i++) seen |= body[i] as number;
  if (seen < 0x80) return Buffer.from(body.buffer, body.byteOffset + start, end - start).toString('latin1');
  try {
    return utf8.decode(body.subarray(start, end));
  } catch {
    throw failureAt(body, start, 'text that is not UTF-8');
  }
}

/** `\\`, `\"` and `\n` decoded; any other backslash stands for itself. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([\\"n])/g, (_, c: string) => (c === 'n' ? '\n' : c));
}

/** The end of a name, quoted or not. */
function tokenEnd(body: Uint8Array, start: number, end: number): number {
  if (body[start] === QUOTE) return stringEnd(body, start);
  let i = start;
  for (; i < end; i++) {
    const c = body[i];
    if (c === OPEN_BRACE || c === EQUALS || c === SPACE || c === TAB || c === COMMA || c === CLOSE_BRACE) break;
  }
  return i;
}

/** Where the wanted byte stands, when only blanks are before it; else -1. */
function skipTo(body: Uint8Array, start: number, wanted: number, end: number): number {
  let i = start;
  while (i < end && (body[i] === SPACE || body[i] === TAB)) i++;
  return i < end && body[i] === wanted ? i : -1;
}
