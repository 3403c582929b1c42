import { Labels, ParseError } from '@metrics-dashboard/sdk';
import { WireReader } from './wire.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Field 1 of a `TimeSeries` and of an `Exemplar`. */
export const LABELS = 1;

/** A field that no sender writes: the key of what can't be a series is why. */
export const FAULT = 15;

const NAME = 1;
const VALUE = 2;

/**
 * The labels in a run of `Label` fields. Throws a ParseError for text that is not UTF-8 and for a label that stands twice.
 */
export function decodeLabels(bytes: Uint8Array, start: number, end: number): Labels {
  const reader = new WireReader(bytes);
  reader.at = start;
  const byName = new Map<string, string>();
  while (reader.nextField(end)) {
    if (reader.field === FAULT) throw new ParseError(readText(reader, end), { offset: start });
    if (reader.field !== LABELS) {
      reader.skip(end);
      continue;
    }
    const { name, value } = readLabel(reader, reader.delimited(end));
    if (byName.has(name)) throw new ParseError(`label ${JSON.stringify(name)} stands twice in one series`, { offset: reader.at });
    byName.set(name, value);
  }
  return Labels.from(byName);
}

function readLabel(reader: WireReader, end: number): { name: string; value: string } {
  let name = '';
  let value = '';
  while (reader.nextField(end)) {
    if (reader.field === NAME) name = readText(reader, end);
    else if (reader.field === VALUE) value = readText(reader, end);
    else reader.skip(end);
  }
  return { name, value };
}

/** The text of the field that was met. */
export function readText(reader: WireReader, end: number): string {
  const textEnd = reader.delimited(end);
  const start = reader.at;
  reader.at = textEnd;
  return decodeText(reader.bytes, start, textEnd);
}

/** Text in UTF-8; nearly all of it is ASCII, which is read several times as fast as UTF-8. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  let seen = 0;
  for (let i = start; i < end; i++) seen |= bytes[i] as number;
  if (seen < 0x80) return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  try {
    return utf8.decode(bytes.subarray(start, end));
  } catch {
    throw new ParseError('text that is not UTF-8', { offset: start });
  }
}
