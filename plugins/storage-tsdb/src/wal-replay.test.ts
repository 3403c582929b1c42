import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Labels } from '@metrics-dashboard/sdk';
import type { LogFields, Logger } from '@metrics-dashboard/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realDisk } from './disk.js';
import { LabelIndex } from './label-index.js';
import {
  FIRST_SERIES_RECORD,
  RECORD_HEADER_BYTES,
  RECORD_MAGIC,
  RecordWriter,
  SEGMENT_HEADER_BYTES,
  WAL_VERSION,
  encodeSegmentHeader,
  recordChecksum,
} from './wal-record.js';
import { replayWal } from './wal-replay.js';
import { Wal, segmentName } from './wal.js';

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-wal-'));
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Replayed {
  /** `labels time value`, in order. */
  readonly samples: string[];
  readonly lines: string[];
  readonly orphans: number;
  readonly damagedBytes: number;
}

async function replayed(): Promise<Replayed> {
  const lines: string[] = [];
  const known = new LabelIndex();
  const samples: string[] = [];
  const report = await replayWal(folder, collecting(lines), {
    pair: (name, value) => known.internPair(name, value),
    series: (pairs) => known.createOf(pairs),
    samples: (_segment, { count, refs, times, values }) => {
      for (let i = 0; i < count; i++) samples.push(`${String(known.labels(refs[i] ?? 0))} ${times[i]} ${values[i]}`);
    },
  });
  return { samples, lines, orphans: report.orphans, damagedBytes: report.damagedBytes };
}

function collecting(lines: string[]): Logger {
  const note = (message: string, fields: LogFields = {}): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { debug: note, info: note, warn: note, error: note, with: () => collecting(lines) };
}

const labelsOf = (ref: number): Labels => Labels.of({ __name__: 'up', instance: `host-${ref}` });

/** Has the series with these labels under the refs 1 to 9. */
const index = new LabelIndex();
for (let ref = 1; ref < 10; ref++) index.create(labelsOf(ref));

/** A commit of one sample for each of some series, defined first where they are new. */
function commit(wal: Wal, refs: readonly number[], time: number, defines: readonly number[] = []): void {
  const writer = new RecordWriter();
  writer.reset(wal.salt);
  if (defines.length > 0) writer.series(Uint32Array.from(defines), index);
  const times = new Float64Array(refs.length).fill(time);
  writer.samples(refs.length, Uint32Array.from(refs), times, Float64Array.from(refs, (ref) => ref + time));
  wal.write(writer.finish(), time);
}

const sampleLines = (refs: readonly number[], time: number): string[] =>
  refs.map((ref) => `${String(labelsOf(ref))} ${time} ${ref + time}`);

/** A log of three commits in one segment. */
async function smallLog(): Promise<{ file: string; bytes: Buffer; ends: number[] }> {
  const wal = new Wal(folder, realDisk, []);
  await wal.prepare();
  const ends: number[] = [];
  commit(wal, [1, 2, 3], 10, [1, 2, 3]);
  ends.push(wal.bytes);
  commit(wal, [1, 2, 9], 20, [9]);
  ends.push(wal.bytes);
  commit(wal, [3, 2, 1], 30);
  ends.push(wal.bytes);
  await wal.sync();
  wal.close();
  const file = path.join(folder, segmentName(1));
  return { file, bytes: fs.readFileSync(file), ends };
}

const COMMITS = [sampleLines([1, 2, 3], 10), sampleLines([1, 2, 9], 20), sampleLines([3, 2, 1], 30)];

describe('replay', () => {
  it('gives back what was written, in order', async () => {
    await smallLog();
    expect(await replayed()).toEqual({ samples: COMMITS.flat(), lines: [], orphans: 0, damagedBytes: 0 });
  });

  it('gives back the whole commits before any byte at which the log is cut, and cuts off the rest', async () => {
    const { file, bytes, ends } = await smallLog();
    for (let length = 0; length < bytes.length; length++) {
      fs.writeFileSync(file, bytes.subarray(0, length));
      const whole = ends.filter((end) => end <= length).length;
      const { samples, lines } = await replayed();
      expect(samples, `cut at ${length}`).toEqual(COMMITS.slice(0, whole).flat());
      expect(lines.length > 0, `says something of ${length}`).toBe(!isWhole(bytes, length));
      // What was cut off is not met again.
      if (fs.existsSync(file)) expect((await replayed()).lines, `again, cut at ${length}`).toEqual([]);
    }
  });

  it('never gives a wrong sample for a flipped bit, and says that it dropped something', async () => {
    const { file, bytes } = await smallLog();
    const all = new Set(COMMITS.flat());
    for (let at = 0; at < bytes.length; at++) {
      for (const bit of [0, 3, 7]) {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] as number) ^ (1 << bit);
        for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name));
        fs.writeFileSync(file, damaged);
        // A segment after it, so that the damage is in the middle.
        fs.writeFileSync(path.join(folder, segmentName(2)), encodeSegmentHeader({ version: WAL_VERSION, salt: 7, segment: 2, before: -1, length: -1 }));
        const { samples, lines } = await replayed();
        for (const sample of samples) expect(all.has(sample), `${sample} with bit ${bit} of byte ${at}`).toBe(true);
        if (samples.length < all.size) expect(lines.length, `lines for bit ${bit} of byte ${at}`).toBeGreaterThan(0);
      }
    }
  });

  it('goes on after a damaged record, and drops the samples whose series it defined', async () => {
    const { file, bytes } = await smallLog();
    const damaged = Buffer.from(bytes);
    damaged[SEGMENT_HEADER_BYTES + 24] = 0xff;
    fs.writeFileSync(file, damaged);
    const { samples, orphans, lines } = await replayed();
    expect(samples).toEqual(sampleLines([9], 20));
    expect(orphans).toBe(8);
    expect(lines).toEqual([
      expect.stringContaining('dropped damaged records of the write-ahead log'),
      expect.stringContaining('the definitions of their series are lost'),
    ]);
  });

  it('reads the records of a segment whose header is damaged, whichever byte it is', async () => {
    const { file, bytes } = await smallLog();
    for (let at = 0; at < SEGMENT_HEADER_BYTES - 4; at++) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x10, at);
      fs.writeFileSync(file, damaged);
      const { samples, lines } = await replayed();
      expect(samples, `byte ${at}`).toEqual(COMMITS.flat());
      expect(lines).toEqual([expect.stringContaining('the header of a segment of the write-ahead log is damaged')]);
    }
  });

  it('does not take bytes for a record that only look like one', async () => {
    const wal = new Wal(folder, realDisk, []);
    await wal.prepare();
    const forged = new RecordWriter();
    forged.reset((wal.salt ^ 1) >>> 0);
    forged.samples(1, Uint32Array.of(1), Float64Array.of(5), Float64Array.of(666));
    commit(wal, [1], 10, [1]);
    wal.write(forged.finish(), 5);
    commit(wal, [1], 20);
    wal.close();
    expect((await replayed()).samples).toEqual([...sampleLines([1], 10), ...sampleLines([1], 20)]);
  });

  it('reads only as much of a failed segment as the next one says', async () => {
    const disk = { ...realDisk, truncate: () => undefined };
    const wal = new Wal(folder, disk, []);
    await wal.prepare();
    commit(wal, [1], 10, [1]);
    await wal.sync();
    commit(wal, [1], 20);
    wal.abandon();
    await wal.prepare();
    commit(wal, [1], 30, [1]);
    await wal.sync();
    wal.close();
    expect((await replayed()).samples).toEqual([...sampleLines([1], 10), ...sampleLines([1], 30)]);
  });

  it('reads a log of version 1', async () => {
    const header = encodeSegmentHeader({ version: 1, salt: 7, segment: 1, before: -1, length: -1 });
    const writer = new RecordWriter();
    writer.reset(7);
    writer.samples(2, Uint32Array.of(2, 1), Float64Array.of(10, 10), Float64Array.of(12, 11));
    fs.writeFileSync(path.join(folder, segmentName(1)), Buffer.concat([header, firstSeriesRecord([1, 2], 7), writer.finish()]));
    expect((await replayed()).samples).toEqual(sampleLines([2, 1], 10));
  });

  it('refuses a log of a newer version', async () => {
    fs.writeFileSync(
      path.join(folder, segmentName(1)),
      encodeSegmentHeader({ version: WAL_VERSION + 1, salt: 7, segment: 1, before: -1, length: -1 }),
    );
    await expect(replayed()).rejects.toThrow('run the version that wrote it');
  });
});

/** A record of series as version 1 of the log had it. */
function firstSeriesRecord(refs: readonly number[], salt: number): Buffer {
  const parts: Buffer[] = [word(refs.length)];
  for (const ref of refs) {
    parts.push(word(ref), word(labelsOf(ref).size));
    for (const { name, value } of labelsOf(ref)) for (const text of [name, value]) parts.push(word(text.length), Buffer.from(text));
  }
  const payload = Buffer.concat(parts);
  const record = Buffer.concat([word(RECORD_MAGIC), word(FIRST_SERIES_RECORD), word(payload.length), word(0), payload, Buffer.alloc(7)]);
  record.writeUInt32LE(recordChecksum(record, 0, payload.length, salt), 12);
  return record.subarray(0, (RECORD_HEADER_BYTES + payload.length + 7) & ~7);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Whether a cut leaves whole records only: after one's payload, and at most in the zeros that follow it. */
function isWhole(bytes: Buffer, length: number): boolean {
  let at = SEGMENT_HEADER_BYTES;
  while (at < length) {
    const payloadEnd = at + RECORD_HEADER_BYTES + bytes.readUInt32LE(at + 8);
    if (length < payloadEnd) return false;
    at = (payloadEnd + 7) & ~7;
  }
  return length >= SEGMENT_HEADER_BYTES;
}
