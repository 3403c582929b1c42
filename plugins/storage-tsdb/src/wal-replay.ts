import fs from 'node:fs';
import path from 'node:path';
import { StorageError } from '@metrics-dashboard/sdk';
import type { Logger } from '@metrics-dashboard/sdk';
import { yieldToLoop } from './disk.js';
import { grown } from './u32-list.js';
import type { SegmentInfo } from './wal.js';
import {
  FIRST_SERIES_RECORD,
  RECORD_HEADER_BYTES,
  RECORD_MAGIC,
  SAMPLES_RECORD,
  SEGMENT_HEADER_BYTES,
  SERIES_RECORD,
  WAL_VERSION,
  decodeFirstSeries,
  decodeSamples,
  decodeSegmentHeader,
  decodeSeries,
  recordChecksum,
  saltsOf,
} from './wal-record.js';
import type { SampleRecord, SegmentHeader, SeriesSink } from './wal-record.js';

/** Takes what the log holds, in its order. */
export interface ReplaySink {
  /** The number of a label pair. */
  pair(name: string, value: string): number;
  /**
   * The ref under which this storage knows a series of some pairs from now on; they are in order of their names, and lent.
   * `guess` is what it may be: the ref of what had the same number in the segment before; undefined when nothing had.
   */
  series(pairs: Uint32Array, guess: number | undefined): number;
  /** Samples of one record, by this storage's refs; lent. */
  samples(segment: number, samples: SampleRecord): void;
}

export interface ReplayReport {
  readonly segments: SegmentInfo[];
  readonly samples: number;
  /** Samples whose series definition was lost. */
  readonly orphans: number;
  readonly damagedBytes: number;
}

interface LogFile {
  readonly segment: number;
  readonly file: string;
}

/**
 * Reads all segments of a folder. A record that is damaged is passed over, with a log line; so is what follows it up
 * to the next intact record. What is left at the end of the last segment by a crash is cut off.
 */
export async function replayWal(folder: string, log: Logger, sink: ReplaySink): Promise<ReplayReport> {
  const files = segmentFiles(folder);
  const limits = lengthsOf(files);
  const replay = new SegmentReplay(log, sink);
  const segments: SegmentInfo[] = [];
  for (const one of files) {
    const info = replay.segment(one, limits.get(one.segment) ?? Infinity, one === files.at(-1));
    if (info !== undefined) segments.push(info);
    await yieldToLoop();
  }
  if (replay.orphans > 0) {
    log.warn('samples dropped at replay, the definitions of their series are lost', { samples: replay.orphans });
  }
  return { segments, samples: replay.samples, orphans: replay.orphans, damagedBytes: replay.damagedBytes };
}

class SegmentReplay {
  samples = 0;
  orphans = 0;
  damagedBytes = 0;
  readonly #log: Logger;
  readonly #sink: ReplaySink;
  readonly #record: SampleRecord = {
    count: 0,
    refs: new Uint32Array(0),
    times: new Float64Array(0),
    values: new Float64Array(0),
  };
  /** This storage's refs, plus one, by those of the segment; 0 for unknown. And those of the segment before. */
  #refs: Uint32Array = new Uint32Array(256);
  #refsBefore: Uint32Array = new Uint32Array(256);
  #maxTime = -Infinity;
  readonly #definitions: SeriesSink;
  #buffer = Buffer.alloc(0);

  constructor(log: Logger, sink: ReplaySink) {
    this.#log = log;
    this.#sink = sink;
    this.#definitions = {
      pair: (name, value) => sink.pair(name, value),
      define: (ref, pairs) => {
        this.#refs = grown(this.#refs, ref + 1);
        const before = this.#refsBefore[ref] ?? 0;
        this.#refs[ref] = sink.series(pairs, before === 0 ? undefined : before - 1) + 1;
      },
    };
  }

  segment({ segment, file }: LogFile, limit: number, isLast: boolean): SegmentInfo | undefined {
    const all = this.#read(file);
    const bytes = all.subarray(0, Math.min(all.length, limit));
    if (limit !== Infinity && all.length < limit) this.#damage(file, all.length, limit);
    const salt = checkedHeader(bytes, file)?.salt ?? this.#saltOfDamaged(bytes, file);
    [this.#refs, this.#refsBefore] = [this.#refsBefore.fill(0), this.#refs];
    this.#maxTime = -Infinity;
    if (salt === undefined) {
      this.#unreadable(file, all.length, isLast);
      return undefined;
    }
    const end = this.#records(bytes, { segment, salt, file });
    if (isLast && end < all.length) this.#cut(file, end, all.length);
    else if (end < bytes.length) this.#damage(file, end, bytes.length);
    return { segment, bytes: isLast ? end : bytes.length, maxTime: this.#maxTime };
  }

  /** The bytes of a file, lent until the next is read. */
  #read(file: string): Buffer {
    const fd = fs.openSync(file, 'r');
    try {
      const { size } = fs.fstatSync(fd);
      if (this.#buffer.length < size) this.#buffer = Buffer.allocUnsafeSlow(size);
      let length = 0;
      for (let read = -1; read !== 0 && length < size; length += read) read = fs.readSync(fd, this.#buffer, length, size - length, length);
      return this.#buffer.subarray(0, length);
    } finally {
      fs.closeSync(fd);
    }
  }

  /** Reads records up to the last intact one and answers where that ends. */
  #records(bytes: Buffer, { segment, salt, file }: { segment: number; salt: number; file: string }): number {
    let at = SEGMENT_HEADER_BYTES;
    while (at < bytes.length) {
      const next = nextRecord(bytes, at, salt);
      if (next === undefined) break;
      if (next > at) this.#damage(file, at, next);
      const length = bytes.readUInt32LE(next + 8);
      this.#apply(bytes, next, segment);
      at = next + ((RECORD_HEADER_BYTES + length + 7) & ~7);
    }
    return Math.min(at, bytes.length);
  }

  #apply(bytes: Buffer, at: number, segment: number): void {
    const kind = bytes.readUInt32LE(at + 4);
    const payload = at + RECORD_HEADER_BYTES;
    if (kind === SERIES_RECORD) decodeSeries(bytes, payload, this.#definitions);
    else if (kind === FIRST_SERIES_RECORD) decodeFirstSeries(bytes, payload, this.#definitions);
    else if (kind === SAMPLES_RECORD) {
      decodeSamples(bytes, payload, this.#record);
      this.#translate();
      if (this.#record.count > 0) this.#sink.samples(segment, this.#record);
    }
  }

  /** Gives the samples of the record this storage's refs, and leaves out those without. */
  #translate(): void {
    const record = this.#record;
    const { refs, times, values, count } = record;
    const known = this.#refs;
    let kept = 0;
    let newest = this.#maxTime;
    for (let i = 0; i < count; i++) {
      const ref = refs[i] as number;
      const ours = ref < known.length ? (known[ref] as number) : 0;
      if (ours === 0) continue;
      refs[kept] = ours - 1;
      if (kept !== i) {
        times.copyWithin(kept, i, i + 1);
        values.copyWithin(kept, i, i + 1);
      }
      const time = times[kept++] as number;
      if (time > newest) newest = time;
    }
    this.#maxTime = newest;
    this.orphans += count - kept;
    this.samples += kept;
    record.count = kept;
  }

  /** The salt of a segment whose header is damaged, when there is a record that it fits. */
  #saltOfDamaged(bytes: Buffer, file: string): number | undefined {
    const salt = saltsOf(bytes).find((one) => nextRecord(bytes, SEGMENT_HEADER_BYTES, one) !== undefined);
    if (salt === undefined) return undefined;
    this.damagedBytes += SEGMENT_HEADER_BYTES;
    this.#log.error('the header of a segment of the write-ahead log is damaged, its records are read by their own checksums', { file });
    return salt;
  }

  #unreadable(file: string, bytes: number, isLast: boolean): void {
    if (isLast && bytes <= SEGMENT_HEADER_BYTES) {
      fs.rmSync(file, { force: true });
      this.#log.info('removed a segment of the write-ahead log that a crash left without records', { file, bytes });
      return;
    }
    this.damagedBytes += bytes;
    fs.renameSync(file, `${file}.damaged`);
    this.#log.error('set aside a segment of the write-ahead log, its header is damaged', { file, bytes });
  }

  #cut(file: string, end: number, length: number): void {
    fs.truncateSync(file, end);
    this.damagedBytes += length - end;
    this.#log.warn('cut off the end of the write-ahead log, a record there is incomplete', {
      file,
      offset: end,
      bytes: length - end,
    });
  }

  #damage(file: string, from: number, to: number): void {
    this.damagedBytes += to - from;
    this.#log.error('dropped damaged records of the write-ahead log', { file, offset: from, bytes: to - from });
  }
}

/** Where the next intact record begins, from `at` on. */
function nextRecord(bytes: Buffer, at: number, salt: number): number | undefined {
  for (let start = at; start + RECORD_HEADER_BYTES <= bytes.length; start += 8) {
    if (bytes.readUInt32LE(start) !== RECORD_MAGIC) continue;
    const length = bytes.readUInt32LE(start + 8);
    if (start + RECORD_HEADER_BYTES + length > bytes.length) continue;
    if (recordChecksum(bytes, start, length, salt) === bytes.readUInt32LE(start + 12)) return start;
  }
  return undefined;
}

function checkedHeader(bytes: Buffer, file: string): SegmentHeader | undefined {
  const header = decodeSegmentHeader(bytes);
  if (header !== undefined && header.version > WAL_VERSION) {
    throw new StorageError(
      `write-ahead log of version ${header.version}, this program reads up to ${WAL_VERSION}: run the version that wrote it`,
      { file },
    );
  }
  return header;
}

function segmentFiles(folder: string): LogFile[] {
  return fs
    .readdirSync(folder)
    .filter((name) => /^\d{10,}$/.test(name))
    .map((name) => ({ segment: Number(name), file: path.join(folder, name) }))
    .sort((a, b) => a.segment - b.segment);
}

/** How much of each segment counts, as the header of the next one says. */
function lengthsOf(files: readonly LogFile[]): Map<number, number> {
  const lengths = new Map<number, number>();
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  for (const { file } of files) {
    const fd = fs.openSync(file, 'r');
    try {
      const read = fs.readSync(fd, bytes, 0, bytes.length, 0);
      const header = decodeSegmentHeader(bytes.subarray(0, read));
      if (header !== undefined && header.before >= 0) lengths.set(header.before, header.length);
    } finally {
      fs.closeSync(fd);
    }
  }
  return lengths;
}
