import { ParseError } from '@metrics-dashboard/sdk';
import type { EntrySink, MetricType, SeriesKey } from '@metrics-dashboard/sdk';
import { LABELS, decodeLabels, readText } from './labels.js';
import { VARINT, WireReader } from './wire.js';

/** `MetricMetadata.type` by its number. */
const TYPES: readonly MetricType[] = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
];

/** What field 2 of a `TimeSeries` begins with. */
const SAMPLE_TAG = 0x12;

/**
 * Offers what a `prometheus.WriteRequest` holds. The key of a series is the bytes of its labels as they stand in the
 * message: a sender keeps their order. Field numbers are from
 * https://github.com/prometheus/prometheus/blob/main/prompb/types.proto and remote.proto:
 *
 *     WriteRequest  1 timeseries, 3 metadata
 *     TimeSeries    1 labels (1 name, 2 value), 2 samples (1 value, 2 timestamp), 3 exemplars (1 labels, 2 value, 3 timestamp), 4 histograms
 *     Metadata      1 type, 2 metric family, 4 help, 5 unit
 */
export function parseWriteRequest(message: Uint8Array, sink: EntrySink): void {
  const reader = new WireReader(message);
  while (reader.nextField(message.length)) {
    if (reader.field === 1) readSeries(reader, reader.delimited(message.length), sink);
    else if (reader.field === 3) readMetadata(reader, reader.delimited(message.length), sink);
    else reader.skip(message.length);
  }
}

function readSeries(reader: WireReader, end: number, sink: EntrySink): void {
  const start = reader.at;
  const { bytes } = reader;
  const expected = sink.expectedEnd?.(bytes, start) ?? start;
  // As nearly every series comes: the one that was expected, with one sample, and nothing more.
  if (expected > start && bytes[expected] === SAMPLE_TAG && expected + 2 + (bytes[expected + 1] as number) === end) {
    reader.at = expected + 2;
    readSample(reader, end, { bytes, start, end: expected }, sink);
    return;
  }
  const runEnd = reader.skipFields(LABELS, end);
  const isOneRun = !hasLabels(reader, end);
  const key = isOneRun ? { bytes, start, end: runEnd } : gatherLabels(reader, start, end);
  reader.at = isOneRun ? runEnd : start;
  // Prometheus sends exemplars as entries of their own.
  let of: SeriesKey | undefined = key;
  while (reader.nextField(end)) {
    if (reader.field === 2) {
      readSample(reader, reader.delimited(end), key, sink);
      of = undefined;
    } else if (reader.field === 3) readExemplar(reader, reader.delimited(end), sink, of);
    else if (reader.field === 4) throw nativeHistogram(reader);
    else reader.skip(end);
  }
}

/** Whether labels follow, after other fields. */
function hasLabels(reader: WireReader, end: number): boolean {
  while (reader.nextField(end)) {
    if (reader.field === LABELS) return true;
    reader.skip(end);
  }
  return false;
}

/** The labels of a series stand in one run at its start, as every sender writes them; else they are brought together. */
function gatherLabels(reader: WireReader, start: number, end: number): SeriesKey {
  const bytes = new Uint8Array(end - start);
  let length = 0;
  reader.at = start;
  while (reader.at < end) {
    const fieldStart = reader.at;
    reader.nextField(end);
    const isLabel = reader.field === LABELS;
    reader.skip(end);
    if (!isLabel) continue;
    bytes.set(reader.bytes.subarray(fieldStart, reader.at), length);
    length += reader.at - fieldStart;
  }
  return { bytes, start: 0, end: length };
}

function readSample(reader: WireReader, end: number, key: SeriesKey, sink: EntrySink): void {
  let value = 0;
  let at = 0;
  while (reader.nextField(end)) {
    if (reader.field === 1) {
      value = reader.double(end);
    } else if (reader.field === 2) {
      reader.expect(VARINT);
      at = reader.int(end);
    } else {
      reader.skip(end);
    }
  }
  sink.sample(key.bytes, key.start, key.end, value, at);
}

function readExemplar(reader: WireReader, end: number, sink: EntrySink, of: SeriesKey | undefined): void {
  const start = reader.at;
  let value = 0;
  let at = 0;
  while (reader.nextField(end)) {
    if (reader.field === 2) {
      value = reader.double(end);
    } else if (reader.field === 3) {
      reader.expect(VARINT);
      at = reader.int(end);
    } else {
      reader.skip(end);
    }
  }
  const { bytes } = reader;
  sink.exemplar(value, at, () => decodeLabels(bytes, start, end), of);
}

function readMetadata(reader: WireReader, end: number, sink: EntrySink): void {
  const start = reader.at;
  if (sink.knowsMetadata?.(reader.bytes, start, end)) {
    reader.at = end;
    return;
  }
  let type = 0;
  let metric = '';
  let help = '';
  let unit = '';
  while (reader.nextField(end)) {
    if (reader.field === 1) {
      reader.expect(VARINT);
      type = reader.uint(end);
    } else if (reader.field === 2) metric = readText(reader, end);
    else if (reader.field === 4) help = readText(reader, end);
    else if (reader.field === 5) unit = readText(reader, end);
    else reader.skip(end);
  }
  sink.metadata(metric, 'type', TYPES[type] ?? 'unknown');
  if (help !== '') sink.metadata(metric, 'help', help);
  if (unit !== '') sink.metadata(metric, 'unit', unit);
}

function nativeHistogram(reader: WireReader): ParseError {
  return new ParseError('native histograms are not supported; let the sender write classic histograms (send_native_histograms: false)', {
    offset: reader.at,
  });
}
