import type { Label, Timestamp } from '@metrics-dashboard/sdk';
import type { QueryRequest, QueryResult } from '../query/query.js';
import { ByteWriter } from './byte-writer.js';

/**
 * Writes a query's result as the whole answer of the Prometheus HTTP API, straight from columns to bytes.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/ («Expression query result formats»).
 */
export function encodeQueryResult(result: QueryResult, request: QueryRequest): Uint8Array<ArrayBuffer> {
  // A sample of a wide result takes about 28 bytes.
  const out = new ByteWriter(1024 + result.times.length * 28);
  out.ascii('{"status":"success","data":{"resultType":"');
  out.ascii(result.type);
  out.ascii('","result":');
  writeData(out, result, request);
  out.ascii('}');
  writeMessages(out, 'warnings', result.warnings);
  writeMessages(out, 'infos', result.infos);
  out.ascii('}');
  return out.finish();
}

function writeData(out: ByteWriter, result: QueryResult, request: QueryRequest): void {
  const prefixes = new TimestampPrefixes();
  const at = request.time.kind === 'instant' ? request.time.at : request.time.end;
  switch (result.type) {
    case 'string':
      out.ascii(`[${formatSeconds(result.times[0] ?? at)},`);
      out.json(result.text ?? '');
      out.ascii(']');
      return;
    case 'scalar':
      writeSample(out, prefixes, result, 0);
      return;
    case 'vector':
      writeSeries(out, result, (i) => {
        out.ascii('"value":');
        writeSample(out, prefixes, result, result.offsets[i] ?? 0);
      });
      return;
    case 'matrix':
      writeSeries(out, result, (i) => {
        out.ascii('"values":[');
        const from = result.offsets[i] ?? 0;
        const to = result.offsets[i + 1] ?? from;
        for (let j = from; j < to; j++) {
          if (j > from) out.byte(0x2c);
          writeSample(out, prefixes, result, j);
        }
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

/** `[1435781430.781,"1"]` */
function writeSample(out: ByteWriter, prefixes: TimestampPrefixes, { times, values }: QueryResult, i: number): void {
  out.bytes(prefixes.at(times[i] as number));
  out.float(values[i] as number);
  out.byte(0x22);
  out.byte(0x5d);
}

function writeMessages(out: ByteWriter, name: string, messages: readonly string[]): void {
  if (messages.length > 0) out.ascii(`,"${name}":${JSON.stringify(messages)}`);
}

/** Seconds with three decimals, or none when they are zero. */
export function formatSeconds(at: Timestamp): string {
  const whole = Math.trunc(at / 1000);
  const fraction = Math.abs(at % 1000);
  const sign = at < 0 && whole === 0 ? '-' : '';
  return fraction === 0 ? String(whole) : `${sign}${whole}.${String(Math.trunc(fraction)).padStart(3, '0')}`;
}

/** The series of a matrix have the same times mostly: each is turned to text, `[1435781430.781,"`, once. */
class TimestampPrefixes {
  readonly #byTime = new Map<number, Uint8Array>();
  readonly #encoder = new TextEncoder();

  at(time: Timestamp): Uint8Array {
    const known = this.#byTime.get(time);
    if (known) return known;
    const prefix = this.#encoder.encode(`[${formatSeconds(time)},"`);
    if (this.#byTime.size < 100_000) this.#byTime.set(time, prefix);
    return prefix;
  }
}
