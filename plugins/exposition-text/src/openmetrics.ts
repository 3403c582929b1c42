import type { EntrySink } from '@metrics-dashboard/sdk';
import { HASH, NEWLINE, OPEN_BRACE, SPACE } from './bytes.js';
import { expectedAt, failureAt } from './failure.js';
import { decodeKey } from './key.js';
import { isWordAt, lineEnd, metadataWord, readMetadata } from './metadata.js';
import { parseFloat64, wordEnd } from './number.js';
import { labelsEnd, seriesEnd } from './series.js';

/**
 * Reads OpenMetrics 1.0, with quoted names. Blanks are single, no line is empty, and `# EOF` is the last.
 * Source: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md («Text format»).
 */
export function parseOpenMetrics(body: Uint8Array, sink: EntrySink): void {
  let at = 0;
  while (at < body.length) {
    if (body[at] !== HASH) {
      at = readSample(body, at, sink);
    } else if (isWordAt(body, at, '# EOF')) {
      const rest = body[at + 5] === NEWLINE ? at + 6 : at + 5;
      if (rest < body.length) throw expectedAt(body, rest, 'nothing after "# EOF"');
      return;
    } else {
      at = readMetadataLine(body, at, sink);
    }
  }
  throw failureAt(body, body.length, 'expected "# EOF" as the last line, met the end of the body');
}

function readMetadataLine(body: Uint8Array, start: number, sink: EntrySink): number {
  const end = lineEnd(body, start);
  const kind = body[start + 1] === SPACE ? metadataWord(body, start + 2) : undefined;
  if (kind === undefined || body[start + 6] !== SPACE) {
    throw failureAt(body, start, 'expected "# HELP", "# TYPE", "# UNIT" or "# EOF" and a blank');
  }
  readMetadata(body, kind, { start, rest: start + 6, end }, 'openmetrics', sink);
  return lineBreak(body, end);
}

function readSample(body: Uint8Array, start: number, sink: EntrySink): number {
  const expected = sink.expectedEnd?.(body, start) ?? start;
  const keyEnd = expected > start && body[expected] === SPACE ? expected : seriesEnd(body, start, 'openmetrics');
  const valueStart = afterBlank(body, keyEnd, 'a blank and a value after the metric');
  const valueEnd = wordEnd(body, valueStart);
  const value = parseFloat64(body, valueStart, valueEnd);
  let at = valueEnd;
  let time = NaN;
  if (body[at] === SPACE && body[at + 1] !== HASH) {
    const timeEnd = wordEnd(body, at + 1);
    time = milliseconds(body, at + 1, timeEnd);
    at = timeEnd;
  }
  sink.sample(body, start, keyEnd, value, time);
  return body[at] === SPACE ? readExemplar(body, at, { start, end: keyEnd }, sink) : lineBreak(body, at);
}

/** ` # {a="b"} value time`, of the sample that stands before it. */
function readExemplar(
  body: Uint8Array,
  start: number,
  series: { readonly start: number; readonly end: number },
  sink: EntrySink,
): number {
  if (!isWordAt(body, start, ' # {')) throw expectedAt(body, start + 1, 'an exemplar, `# {labels} value`');
  checkExemplarAllowed(body, start, series);
  const open = start + 3;
  const close = labelsEnd(body, open, 'openmetrics', true);
  const valueStart = afterBlank(body, close, 'a blank and a value after the labels of the exemplar');
  const valueEnd = wordEnd(body, valueStart);
  const value = parseFloat64(body, valueStart, valueEnd);
  let at = valueEnd;
  let time = NaN;
  if (body[at] === SPACE) {
    at = wordEnd(body, valueEnd + 1);
    time = milliseconds(body, valueEnd + 1, at);
  }
  sink.exemplar(value, time, () => decodeKey(body, open, close));
  return lineBreak(body, at);
}

/** Exemplars belong to the totals of counters and to buckets. */
function checkExemplarAllowed(body: Uint8Array, at: number, series: { readonly start: number; readonly end: number }): void {
  let nameEnd = series.start;
  if (body[nameEnd] === OPEN_BRACE) nameEnd = body.indexOf(0x22, nameEnd + 2);
  else while (nameEnd < series.end && body[nameEnd] !== OPEN_BRACE) nameEnd++;
  if (isWordAt(body, nameEnd - 6, '_total') || isWordAt(body, nameEnd - 7, '_bucket')) return;
  throw failureAt(body, at + 1, 'an exemplar on a sample that is neither the total of a counter nor a bucket');
}

/** Seconds with a fraction, as milliseconds. */
function milliseconds(body: Uint8Array, start: number, end: number): number {
  const seconds = parseFloat64(body, start, end);
  if (!Number.isFinite(seconds)) throw expectedAt(body, start, 'a timestamp in seconds');
  return Math.round(seconds * 1000);
}

function afterBlank(body: Uint8Array, at: number, expected: string): number {
  if (body[at] !== SPACE) throw expectedAt(body, at, expected);
  return at + 1;
}

function lineBreak(body: Uint8Array, at: number): number {
  if (at < body.length && body[at] !== NEWLINE) throw expectedAt(body, at, 'the end of the line');
  return at + 1;
}
