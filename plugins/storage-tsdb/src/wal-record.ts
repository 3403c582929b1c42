import { crc32 } from './checksum.js';
import { U32List } from './u32-list.js';

/**
 * A segment of the log, little-endian, everything on an 8-byte edge:
 *
 *     segment   magic "MDWALSEG":8  version:4 salt:4  segment:8  before:8 length:8  crc:4 salt:4   (48 bytes)
 *               record …
 *     record    magic:4 kind:4 length:4 crc:4  payload (length bytes)  zeros to the edge
 *
 * `before` and `length` say how many bytes of the segment before count; -1 where there is none. A commit that failed may have
 * left more, and a segment that was cut has less. The checksum of a record begins with the segment's salt and covers kind and length,
 * so that bytes which only look like a record, in a label's value for one, are not taken for one. The salt stands twice
 * in the header (the second was 0 once): where the header is damaged, a salt that fits a record is as good as a header.
 *
 *     series    pairs:4 count:4 width:4
 *               | per pair of a label's name and value  length:4 name  length:4 value   (UTF-8)
 *               | per series  ref:4 labels:4  the number of each of its pairs:width (2 or 4) …   by the labels' names
 *     samples   count:4 runs:4 form:4 refs:4
 *               | per run of equal times  time:8 count:8
 *               | form 0  ref:4 for each sample; form 1  first:4 count:4 for each run of consecutive refs   (to the edge)
 *               | value:8 for each sample
 *
 * Version 1 had another record of series, which is still read:
 *
 *     series 1  count:4 | per series  ref:4 labels:4  { length:4 name  length:4 value } …   (UTF-8)
 */
export const SEGMENT_HEADER_BYTES = 48;
export const RECORD_HEADER_BYTES = 16;
export const RECORD_MAGIC = 0x4352444d;
const SEGMENT_MAGIC = 'MDWALSEG';
export const WAL_VERSION = 2;

export const FIRST_SERIES_RECORD = 1;
export const SAMPLES_RECORD = 2;
export const SERIES_RECORD = 3;

/** Where a writer finds the label pairs of series: an index. */
export interface PairSource {
  /** The numbers of a series' pairs, in order of their names. */
  pairsOfRef(ref: number): Uint32Array;
  nameOf(pair: number): string;
  valueOf(pair: number): string;
}

export interface SegmentHeader {
  readonly version: number;
  readonly salt: number;
  readonly segment: number;
  /** The segment before, and the bytes of it that count; -1 for none. */
  readonly before: number;
  readonly length: number;
}

export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  bytes.write(SEGMENT_MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(header.version, 8);
  bytes.writeUInt32LE(header.salt, 12);
  bytes.writeDoubleLE(header.segment, 16);
  bytes.writeDoubleLE(header.before, 24);
  bytes.writeDoubleLE(header.length, 32);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 40)), 40);
  bytes.writeUInt32LE(header.salt, 44);
  return bytes;
}

/** What may be the salt of a segment whose header is damaged. */
export function saltsOf(bytes: Buffer): readonly number[] {
  return bytes.length < SEGMENT_HEADER_BYTES ? [] : [bytes.readUInt32LE(12), bytes.readUInt32LE(44)];
}

/** undefined when the bytes are not an intact header. */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES || bytes.toString('latin1', 0, 8) !== SEGMENT_MAGIC) return undefined;
  if (crc32(bytes.subarray(0, 40)) !== bytes.readUInt32LE(40)) return undefined;
  return {
    version: bytes.readUInt32LE(8),
    salt: bytes.readUInt32LE(12),
    segment: bytes.readDoubleLE(16),
    before: bytes.readDoubleLE(24),
    length: bytes.readDoubleLE(32),
  };
}

/** Collects records into one buffer, which is used again. */
export class RecordWriter {
  #bytes = Buffer.alloc(1 << 16);
  #length = 0;
  #start = 0;
  #salt = 0;
  /** The number in the record of each label pair. */
  readonly #numbers = new Map<number, number>();

  /** Forgets all records and begins anew for a segment with this salt. */
  reset(salt: number): void {
    this.#length = 0;
    this.#salt = salt;
  }

  get length(): number {
    return this.#length;
  }

  /** The records, lent until the next change. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A record of series definitions. */
  series(refs: Uint32Array, source: PairSource): void {
    this.#begin(SERIES_RECORD);
    const pairs = this.#numberPairs(refs, source);
    const width = pairs.length < 2 ** 16 ? 2 : 4;
    this.#u32(pairs.length);
    this.#u32(refs.length);
    this.#u32(width);
    for (let i = 0; i < pairs.length; i++) {
      this.#text(source.nameOf(pairs.at(i)));
      this.#text(source.valueOf(pairs.at(i)));
    }
    for (const ref of refs) this.#seriesPairs(ref, source.pairsOfRef(ref), width);
    this.#end();
  }

  /** A record of samples, in the order they were appended. */
  samples(count: number, refs: Uint32Array, times: Float64Array, values: Float64Array): void {
    this.#begin(SAMPLES_RECORD);
    const timeRuns = countRuns(count, (i) => times[i] === times[i - 1]);
    const refRuns = countRuns(count, (i) => refs[i] === (refs[i - 1] as number) + 1);
    const byRuns = refRuns * 2 < count;
    this.#room(16 + timeRuns * 16 + count * 12 + 16);
    this.#u32(count);
    this.#u32(timeRuns);
    this.#u32(byRuns ? 1 : 0);
    this.#u32(byRuns ? refRuns : count);
    this.#timeRuns(count, times);
    if (byRuns) this.#refRuns(count, refs);
    else this.#copy(refs.subarray(0, count));
    this.#length = (this.#length + 7) & ~7;
    this.#copy(values.subarray(0, count));
    this.#end();
  }

  /** Numbers the pairs of some series in the order in which they occur. */
  #numberPairs(refs: Uint32Array, source: PairSource): U32List {
    const pairs = new U32List(64);
    this.#numbers.clear();
    for (const ref of refs) {
      for (const pair of source.pairsOfRef(ref)) {
        if (this.#numbers.has(pair)) continue;
        this.#numbers.set(pair, pairs.length);
        pairs.push(pair);
      }
    }
    return pairs;
  }

  #seriesPairs(ref: number, pairs: Uint32Array, width: number): void {
    this.#u32(ref);
    this.#u32(pairs.length);
    this.#room(pairs.length * width);
    for (const pair of pairs) {
      this.#bytes.writeUIntLE(this.#numbers.get(pair) ?? 0, this.#length, width);
      this.#length += width;
    }
  }

  #timeRuns(count: number, times: Float64Array): void {
    for (let i = 0; i < count; ) {
      let end = i + 1;
      while (end < count && times[end] === times[i]) end++;
      this.#bytes.writeDoubleLE(times[i] as number, this.#length);
      this.#bytes.writeDoubleLE(end - i, this.#length + 8);
      this.#length += 16;
      i = end;
    }
  }

  #refRuns(count: number, refs: Uint32Array): void {
    for (let i = 0; i < count; ) {
      let end = i + 1;
      while (end < count && refs[end] === (refs[end - 1] as number) + 1) end++;
      this.#u32(refs[i] as number);
      this.#u32(end - i);
      i = end;
    }
  }

  #begin(kind: number): void {
    this.#start = this.#length;
    this.#room(RECORD_HEADER_BYTES);
    this.#u32(RECORD_MAGIC);
    this.#u32(kind);
    this.#length += 8;
  }

  #end(): void {
    const payload = this.#start + RECORD_HEADER_BYTES;
    this.#bytes.writeUInt32LE(this.#length - payload, this.#start + 8);
    this.#bytes.writeUInt32LE(recordChecksum(this.#bytes, this.#start, this.#length - payload, this.#salt), this.#start + 12);
    const edge = (this.#length + 7) & ~7;
    this.#room(8);
    this.#bytes.fill(0, this.#length, edge);
    this.#length = edge;
  }

  #u32(value: number): void {
    this.#room(4);
    this.#bytes.writeUInt32LE(value, this.#length);
    this.#length += 4;
  }

  #text(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.#u32(bytes);
    this.#room(bytes);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  #copy(column: Uint32Array | Float64Array): void {
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** The checksum of a record that stands at `at`. */
export function recordChecksum(bytes: Uint8Array, at: number, length: number, salt: number): number {
  const header = crc32(bytes.subarray(at + 4, at + 12), salt);
  return crc32(bytes.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + length), header);
}

/** Takes what a record of series defines. */
export interface SeriesSink {
  /** The number by which `define` is told of a label pair. */
  pair(name: string, value: string): number;
  /** A series of some pairs, in order of their names; lent. */
  define(ref: number, pairs: Uint32Array): void;
}

/** Reads the payload of a record of series. */
export function decodeSeries(bytes: Buffer, at: number, sink: SeriesSink): void {
  const numbers = new Uint32Array(bytes.readUInt32LE(at));
  const count = bytes.readUInt32LE(at + 4);
  const width = bytes.readUInt32LE(at + 8);
  at += 12;
  for (let i = 0; i < numbers.length; i++) {
    const nameEnd = at + 4 + bytes.readUInt32LE(at);
    const valueEnd = nameEnd + 4 + bytes.readUInt32LE(nameEnd);
    numbers[i] = sink.pair(bytes.toString('utf8', at + 4, nameEnd), bytes.toString('utf8', nameEnd + 4, valueEnd));
    at = valueEnd;
  }
  let pairs = new Uint32Array(64);
  for (let i = 0; i < count; i++) {
    const ref = bytes.readUInt32LE(at);
    const labels = bytes.readUInt32LE(at + 4);
    at += 8;
    if (labels > pairs.length) pairs = new Uint32Array(labels * 2);
    for (let k = 0; k < labels; k++, at += width) {
      const number = width === 2 ? (bytes[at] as number) | ((bytes[at + 1] as number) << 8) : bytes.readUInt32LE(at);
      pairs[k] = numbers[number] as number;
    }
    sink.define(ref, pairs.subarray(0, labels));
  }
}

/** Reads the payload of a record of series of version 1. */
export function decodeFirstSeries(bytes: Buffer, at: number, sink: SeriesSink): void {
  const count = bytes.readUInt32LE(at);
  at += 4;
  for (let i = 0; i < count; i++) {
    const ref = bytes.readUInt32LE(at);
    const pairs = new Uint32Array(bytes.readUInt32LE(at + 4));
    at += 8;
    for (let k = 0; k < pairs.length; k++) {
      const nameEnd = at + 4 + bytes.readUInt32LE(at);
      const valueEnd = nameEnd + 4 + bytes.readUInt32LE(nameEnd);
      pairs[k] = sink.pair(bytes.toString('utf8', at + 4, nameEnd), bytes.toString('utf8', nameEnd + 4, valueEnd));
      at = valueEnd;
    }
    sink.define(ref, pairs);
  }
}

/** Columns of a samples record, used again for the next. */
export interface SampleRecord {
  count: number;
  refs: Uint32Array;
  times: Float64Array;
  values: Float64Array;
}

/** Reads the payload of a samples record into `into`, whose columns grow as needed. */
export function decodeSamples(bytes: Buffer, at: number, into: SampleRecord): void {
  const count = bytes.readUInt32LE(at);
  const timeRuns = bytes.readUInt32LE(at + 4);
  const byRuns = bytes.readUInt32LE(at + 8) === 1;
  const refEntries = bytes.readUInt32LE(at + 12);
  if (count > into.refs.length) {
    into.refs = new Uint32Array(count);
    into.times = new Float64Array(count);
    into.values = new Float64Array(count);
  }
  into.count = count;
  at += 16;
  for (let run = 0, i = 0; run < timeRuns; run++, at += 16) {
    const length = bytes.readDoubleLE(at + 8);
    into.times.fill(bytes.readDoubleLE(at), i, i + length);
    i += length;
  }
  if (byRuns) {
    for (let run = 0, i = 0; run < refEntries; run++, at += 8) {
      const first = bytes.readUInt32LE(at);
      const length = bytes.readUInt32LE(at + 4);
      for (let k = 0; k < length; k++) into.refs[i++] = first + k;
    }
  } else {
    new Uint8Array(into.refs.buffer).set(bytes.subarray(at, at + count * 4));
    at += count * 4;
  }
  at = (at + 7) & ~7;
  new Uint8Array(into.values.buffer).set(bytes.subarray(at, at + count * 8));
}

function countRuns(count: number, goesOn: (i: number) => boolean): number {
  let runs = count > 0 ? 1 : 0;
  for (let i = 1; i < count; i++) if (!goesOn(i)) runs++;
  return runs;
}
