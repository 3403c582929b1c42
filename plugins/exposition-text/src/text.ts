import type { EntrySink } from '@metrics-dashboard/sdk';
import { HASH, NEWLINE, NINE, OPEN_BRACE, SPACE, TAB, ZERO } from './bytes.js';
import { expectedAt } from './failure.js';
import { lineEnd, metadataWord, readMetadata } from './metadata.js';
import { parseFloat64, wordEnd } from './number.js';
import { seriesEnd, skipBlanks } from './series.js';

/**
 * Reads text exposition 0.0.4, with quoted names.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/ («Text-based format»).
 */
export function parseText(body: Uint8Array, sink: EntrySink): void {
  let at = 0;
  while (at < body.length) {
    const first = body[at];
    if (first === NEWLINE) at++;
    else if (first === SPACE || first === TAB) at = skipBlanks(body, at);
    else if (first === HASH) at = readComment(body, at, sink);
    else at = readSample(body, at, sink);
  }
}

function readComment(body: Uint8Array, start: number, sink: EntrySink): number {
  const end = lineEnd(body, start);
  const word = skipBlanks(body, start + 1);
  const kind = word > start + 1 ? metadataWord(body, word) : undefined;
  if (kind === 'HELP' || kind === 'TYPE') readMetadata(body, kind, { start, rest: word + 4, end }, 'text', sink);
  return end + 1;
}

function readSample(body: Uint8Array, start: number, sink: EntrySink): number {
  const expected = sink.expectedEnd?.(body, start) ?? start;
  const keyEnd = isWholeKey(body, start, expected) ? expected : seriesEnd(body, start, 'text');
  const valueStart = skipBlanks(body, keyEnd);
  const valueEnd = wordEnd(body, valueStart);
  if (valueEnd === valueStart || (valueStart === keyEnd && body[keyEnd - 1] !== 0x7d)) {
    throw expectedAt(body, valueStart, 'a value after the metric');
  }
  const value = parseFloat64(body, valueStart, valueEnd);
  let at = skipBlanks(body, valueEnd);
  let time = NaN;
  if (at < body.length && body[at] !== NEWLINE) {
    const timeStart = at;
    time = 0;
    for (let c = body[at] as number; c >= ZERO && c <= NINE; c = body[++at] ?? 0) time = time * 10 + (c - ZERO);
    if (at === timeStart || at - timeStart > 19) throw expectedAt(body, timeStart, 'a timestamp in milliseconds');
    at = skipBlanks(body, at);
    if (at < body.length && body[at] !== NEWLINE) throw expectedAt(body, at, 'the end of the line after the timestamp');
  }
  sink.sample(body, start, keyEnd, value, time);
  return at + 1;
}

/** Whether what stands up to `end` is a series to its end: one blank and no brace follows. */
function isWholeKey(body: Uint8Array, start: number, end: number): boolean {
  return end > start && body[end] === SPACE && body[end + 1] !== OPEN_BRACE && body[end + 1] !== SPACE && body[end + 1] !== TAB;
}
