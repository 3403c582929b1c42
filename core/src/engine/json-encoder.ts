import type { Label } from '@metrics-dashboard/sdk';
import type { BoundedList, QueryRequest, QueryResult, QueryStats } from '../query/query.js';
import { ByteWriter } from './byte-writer.js';
import { SampleWriter, formatSeconds, roomForSamples } from './sample-bytes.js';

/**
 * Writes a query's result as the whole answer of the Prometheus HTTP API, straight from columns to bytes.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/ («Expression query result formats»).
 * Who writes many answers lends one writer to all of them.
 */
export function encodeQueryResult(result: QueryResult, request: QueryRequest, samples = new SampleWriter()): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(1024 + roomForSamples(result.times.length) + result.series.length * 200);
  samples.begin();
  out.ascii('{"status":"success","data":{"resultType":"');
  out.ascii(result.type);
  out.ascii('","result":');
  writeData(out, result, request, samples);
  if (request.stats === true) writeStats(out, result.stats);
  out.ascii('}');
  writeMessages(out, 'warnings', result.warnings);
  writeMessages(out, 'infos', result.infos);
  out.ascii('}');
  return out.finish();
}

function writeData(out: ByteWriter, result: QueryResult, request: QueryRequest, samples: SampleWriter): void {
  const { times, values, offsets } = result;
  const at = request.time.kind === 'instant' ? request.time.at : request.time.end;
  switch (result.type) {
    case 'string':
      out.ascii(`[${formatSeconds(result.times[0] ?? at)},`);
      out.json(result.text ?? '');
      out.ascii(']');
      return;
    case 'scalar':
      samples.write(out, times, values, 0, 1);
      return;
    case 'vector':
      writeSeries(out, result, (i) => {
        out.ascii('"value":');
        const at = offsets[i] ?? 0;
        samples.write(out, times, values, at, at + 1);
      });
      return;
    case 'matrix':
      writeSeries(out, result, (i) => {
        out.ascii('"values":[');
        samples.write(out, times, values, offsets[i] ?? 0, offsets[i + 1] ?? 0);
        out.ascii(']');
      });
  }
}

function writeSeries(out: ByteWriter, result: QueryResult, writeSamples: (i: number) => void): void {
  out.ascii('[');
  for (const [i, labels] of result.series.entries()) {
    if (i > 0) out.ascii(',');
    out.ascii('{"metric":');
    writeLabels(out, labels);
    out.ascii(',');
    writeSamples(i);
    out.ascii('}');
  }
  out.ascii(']');
}

function writeLabels(out: ByteWriter, labels: readonly Label[]): void {
  out.ascii('{');
  for (const [i, { name, value }] of labels.entries()) {
    if (i > 0) out.ascii(',');
    out.json(name);
    out.ascii(':');
    out.json(value);
  }
  out.ascii('}');
}

/** The reference's form. One engine answers a query from end to end, so there is one time; every sample is counted once. */
function writeStats(out: ByteWriter, { samplesLoaded, milliseconds }: QueryStats): void {
  const seconds = milliseconds / 1000;
  const timings = { evalTotalTime: seconds, resultSortTime: 0, queryPreparationTime: 0, innerEvalTime: seconds, execQueueTime: 0, execTotalTime: seconds };
  const samples = { totalQueryableSamples: samplesLoaded, peakSamples: samplesLoaded };
  out.ascii(`,"stats":${JSON.stringify({ timings, samples })}`);
}

/** A list of texts as a whole answer. */
export function encodeTexts({ values, truncated }: BoundedList<string>): Uint8Array<ArrayBuffer> {
  return encodeList(values, truncated, (out, text) => out.json(text));
}

/** A list of label sets as a whole answer. */
export function encodeLabelSets({ values, truncated }: BoundedList<readonly Label[]>): Uint8Array<ArrayBuffer> {
  return encodeList(values, truncated, writeLabels);
}

function encodeList<T>(values: readonly T[], truncated: boolean, write: (out: ByteWriter, value: T) => void): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(1024);
  out.ascii('{"status":"success","data":[');
  for (const [i, value] of values.entries()) {
    if (i > 0) out.byte(0x2c);
    write(out, value);
  }
  out.ascii(']');
  writeMessages(out, 'warnings', truncated ? ['results truncated due to limit'] : []);
  out.ascii('}');
  return out.finish();
}

function writeMessages(out: ByteWriter, name: string, messages: readonly string[]): void {
  if (messages.length === 0) return;
  out.ascii(`,"${name}":[`);
  for (const [i, message] of messages.entries()) {
    if (i > 0) out.byte(0x2c);
    out.json(message);
  }
  out.ascii(']');
}
