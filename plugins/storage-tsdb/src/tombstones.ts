import fs from 'node:fs';
import path from 'node:path';
import { StorageError } from '@metrics-dashboard/sdk';
import type { TimeRange, Timestamp } from '@metrics-dashboard/sdk';
import { TOMBSTONES_FILE } from './block-format.js';
import { crc32 } from './checksum.js';
import type { Disk } from './disk.js';

const MAGIC = 'MDTOMBS1';
const HEADER_BYTES = 16;
const ENTRY_BYTES = 24;

/**
 * What was deleted from a block, as ranges of time, both ends included, for each of its series. The file, little-endian:
 *
 *     magic "MDTOMBS1":8  entries:4 0:4  { series:4 0:4 start:8 end:8 } …  crc:4     (of all before)
 */
export class Tombstones {
  static readonly NONE = new Tombstones(new Map());
  /** Changes with what was deleted. */
  readonly checksum: string;
  readonly #rangesBySeries: ReadonlyMap<number, readonly TimeRange[]>;

  /** The ranges of a series in order, without overlap; series with the same list should have the same object. */
  constructor(rangesBySeries: ReadonlyMap<number, readonly TimeRange[]>) {
    this.#rangesBySeries = rangesBySeries;
    this.checksum = crc32(encode(rangesBySeries)).toString(16);
  }

  get isEmpty(): boolean {
    return this.#rangesBySeries.size === 0;
  }

  /** The ranges deleted of a series, in order, without overlap; undefined for none. */
  rangesOf(series: number): readonly TimeRange[] | undefined {
    return this.#rangesBySeries.get(series);
  }

  /** Whether the sample of a series at a time was deleted. */
  covers(series: number, time: Timestamp): boolean {
    return this.#rangesBySeries.get(series)?.some(({ start, end }) => start <= time && time <= end) === true;
  }

  /** The same with a range more for some series. */
  with(series: Iterable<number>, range: TimeRange): Tombstones {
    const next = new Map(this.#rangesBySeries);
    // Series that had the same ranges go on sharing one list: readers treat them alike then.
    const merged = new Map<readonly TimeRange[] | undefined, readonly TimeRange[]>();
    for (const one of series) {
      const before = next.get(one);
      let after = merged.get(before);
      if (after === undefined) {
        after = mergeRanges([...(before ?? []), range]);
        merged.set(before, after);
      }
      next.set(one, after);
    }
    return new Tombstones(next);
  }

  encode(): Buffer {
    const body = encode(this.#rangesBySeries);
    const crc = Buffer.alloc(4);
    crc.writeUInt32LE(crc32(body));
    return Buffer.concat([body, crc]);
  }
}

/** Reads the tombstones of a block's folder. Throws a `StorageError` when the file is damaged. */
export function readTombstones(folder: string): Tombstones {
  const file = path.join(folder, TOMBSTONES_FILE);
  if (!fs.existsSync(file)) return Tombstones.NONE;
  const bytes = fs.readFileSync(file);
  const end = bytes.length - 4;
  const count = bytes.length >= HEADER_BYTES + 4 ? bytes.readUInt32LE(8) : -1;
  if (
    end !== HEADER_BYTES + count * ENTRY_BYTES ||
    bytes.toString('latin1', 0, 8) !== MAGIC ||
    crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)
  ) {
    throw new StorageError('the tombstones are damaged', { file });
  }
  return new Tombstones(decode(bytes, count));
}

/** Writes tombstones into a block's folder; they are durable when this resolves. */
export async function writeTombstones(folder: string, tombstones: Tombstones, disk: Disk): Promise<void> {
  const file = path.join(folder, TOMBSTONES_FILE);
  const beside = `${file}.tmp`;
  fs.rmSync(beside, { force: true });
  const fd = disk.create(beside);
  try {
    disk.write(fd, tombstones.encode());
    await disk.sync(fd);
  } finally {
    disk.close(fd);
  }
  fs.renameSync(beside, file);
  await disk.syncFolder(folder);
}

/** Whether all of a range was deleted by ranges that are in order and don't overlap. */
export function isCovered(range: TimeRange, ranges: readonly TimeRange[]): boolean {
  return ranges.some(({ start, end }) => start <= range.start && range.end <= end);
}

/** Ranges in order; those that overlap become one. */
export function mergeRanges(ranges: readonly TimeRange[]): readonly TimeRange[] {
  const merged: TimeRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else merged.push(range);
  }
  return merged;
}

function encode(rangesBySeries: ReadonlyMap<number, readonly TimeRange[]>): Buffer {
  let count = 0;
  for (const ranges of rangesBySeries.values()) count += ranges.length;
  const bytes = Buffer.alloc(HEADER_BYTES + count * ENTRY_BYTES);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(count, 8);
  let at = HEADER_BYTES;
  for (const [series, ranges] of rangesBySeries) {
    for (const { start, end } of ranges) {
      bytes.writeUInt32LE(series, at);
      bytes.writeDoubleLE(start, at + 8);
      bytes.writeDoubleLE(end, at + 16);
      at += ENTRY_BYTES;
    }
  }
  return bytes;
}

function decode(bytes: Buffer, count: number): Map<number, readonly TimeRange[]> {
  const lists = new Map<number, TimeRange[]>();
  for (let at = HEADER_BYTES, i = 0; i < count; i++, at += ENTRY_BYTES) {
    const series = bytes.readUInt32LE(at);
    const range = { start: bytes.readDoubleLE(at + 8), end: bytes.readDoubleLE(at + 16) };
    const list = lists.get(series);
    if (list === undefined) lists.set(series, [range]);
    else list.push(range);
  }
  const shared = new Map<string, readonly TimeRange[]>();
  const rangesBySeries = new Map<number, readonly TimeRange[]>();
  for (const [series, list] of lists) {
    const key = list.map(({ start, end }) => `${start} ${end}`).join();
    const known = shared.get(key) ?? list;
    shared.set(key, known);
    rangesBySeries.set(series, known);
  }
  return rangesBySeries;
}
