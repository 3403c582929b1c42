import type { Labels } from '@metrics-dashboard/sdk';
import type { RawSeries } from '../../query/raw-series.js';
import { crc32c } from './crc32c.js';
import { WireWriter, varintSize } from './wire.js';
import { encodeXorChunk } from './xor-chunk.js';

/** Samples of one chunk. */
const CHUNK = 120;
/** A frame holds one series, or a part of one, and not many more bytes than this. */
const FRAME_BYTES = 1024 * 1024;
/** Frames go over in pieces of about this size. */
const PIECE_BYTES = 256 * 1024;

/**
 * All series in one message, the whole answer in one piece.
 *
 *     ReadResponse  1 results ─ QueryResult  1 time series ─ TimeSeries  1 labels, 2 samples (1 value, 2 time)
 */
export async function* answerInSamples(series: AsyncIterable<RawSeries>, queries: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const results = Array.from({ length: queries }, () => new WireWriter());
  for await (const { query, labels, times, values } of series) {
    const one = new WireWriter(64 + times.length * 20);
    writeLabels(one, labels);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    for (let i = 0; i < times.length; i++) {
      const at = times[i] as number;
      const isZero = Object.is(values[i], 0);
      // A value with its tag, a time with its tag; what is zero is left out.
      one.head(2, (isZero ? 0 : 9) + (at === 0 ? 0 : 1 + varintSize(at)));
      if (!isZero) one.byte(0x09).raw(bytes.subarray(8 * i, 8 * i + 8));
      one.number(2, at);
    }
    results[query]?.delimited(1, one.finish());
  }
  const response = new WireWriter(results.reduce((sum, { length }) => sum + length + 16, 0));
  for (const result of results) response.delimited(1, result.finish());
  yield response.finish();
}

/**
 * A stream of messages with the series' samples in XOR chunks, in pieces of whole frames.
 *
 *     frame   length as a varint │ CRC-32C, big endian │ message
 *     ChunkedReadResponse  1 series, 2 number of the query ─ ChunkedSeries  1 labels, 2 chunks
 *     Chunk   1 first time, 2 last time, 3 encoding (1 XOR), 4 bytes
 */
export async function* answerInChunks(series: AsyncIterable<RawSeries>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let piece = new WireWriter(PIECE_BYTES);
  for await (const { query, labels, times, values } of series) {
    for (let from = 0; from < times.length; ) {
      const message = new WireWriter(1024);
      writeLabels(message, labels);
      while (from < times.length && message.length < FRAME_BYTES) {
        const to = Math.min(times.length, from + CHUNK);
        message.delimited(2, chunkOf(times, values, from, to));
        from = to;
      }
      writeFrame(piece, query, message.finish());
      if (piece.length < PIECE_BYTES) continue;
      yield piece.finish();
      piece = new WireWriter(PIECE_BYTES);
    }
  }
  if (piece.length > 0) yield piece.finish();
}

function chunkOf(times: Float64Array, values: Float64Array, from: number, to: number): Uint8Array {
  const data = encodeXorChunk(times, values, from, to);
  return new WireWriter(data.length + 32)
    .number(1, times[from] as number)
    .number(2, times[to - 1] as number)
    .number(3, 1)
    .delimited(4, data)
    .finish();
}

function writeFrame(out: WireWriter, query: number, series: Uint8Array): void {
  const message = new WireWriter(series.length + 16).delimited(1, series).number(2, query).finish();
  const crc = crc32c(message);
  out.varint(message.length);
  for (let shift = 24; shift >= 0; shift -= 8) out.byte((crc >>> shift) & 0xff);
  out.raw(message);
}

/** Field 1 of a series, for each label. */
function writeLabels(out: WireWriter, labels: Labels): void {
  for (const { name, value } of labels) {
    const [first, second] = [encoder.encode(name), encoder.encode(value)];
    const length = 2 + varintSize(first.length) + first.length + varintSize(second.length) + second.length;
    out.head(1, length).delimited(1, first).delimited(2, second);
  }
}

const encoder = new TextEncoder();
