import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { StorageError } from '@metrics-dashboard/sdk';
import type { Disk } from './disk.js';
import { SEGMENT_HEADER_BYTES, WAL_VERSION, encodeSegmentHeader } from './wal-record.js';

/** A segment takes no further commit when it has this many bytes. */
export const SEGMENT_BYTES = 32 << 20;

export interface SegmentInfo {
  readonly segment: number;
  bytes: number;
  /** The newest sample in it; -Infinity for none. */
  maxTime: number;
}

/**
 * The write-ahead log: numbered segments in a folder, the last one open. A segment into which a write or a sync went
 * wrong is never written to again: the next write opens a new one, whose header says how much of the one before counts.
 */
export class Wal {
  readonly #folder: string;
  readonly #disk: Disk;
  /** Closed segments, oldest first. */
  readonly #closed: SegmentInfo[];
  #fd: number | undefined;
  #open: SegmentInfo;
  #salt = 0;
  /** Bytes of the open segment that are known to be durable. */
  #durable = 0;

  /**
   * Goes on after the closed segments, in a new one that the first `prepare` makes; its number is above `used`, the
   * greatest that segments which are gone had: what is said of them must not be taken for said of it.
   */
  constructor(folder: string, disk: Disk, closed: readonly SegmentInfo[], used = 0) {
    this.#folder = folder;
    this.#disk = disk;
    this.#closed = [...closed];
    this.#open = { segment: Math.max(closed.at(-1)?.segment ?? 0, used), bytes: 0, maxTime: -Infinity };
  }

  /** The number of the segment that `write` writes to, once `prepare` resolved. */
  get segment(): number {
    return this.#open.segment;
  }

  /** What a record's checksum begins with in the open segment. */
  get salt(): number {
    return this.#salt;
  }

  get bytes(): number {
    let total = this.#fd === undefined ? 0 : this.#open.bytes;
    for (const { bytes } of this.#closed) total += bytes;
    return total;
  }

  get segments(): number {
    return this.#closed.length + (this.#fd === undefined ? 0 : 1);
  }

  /** Makes sure that a segment is open and has room; a new one is durable as a file when this resolves. */
  async prepare(): Promise<void> {
    if (this.#fd !== undefined && this.#open.bytes < SEGMENT_BYTES) return;
    this.rotate();
    await this.#openSegment();
  }

  /** Appends records; they are durable when a `sync` that began later resolves. */
  write(records: Uint8Array, maxTime: number): void {
    if (this.#fd === undefined) throw new StorageError('no open segment', { retryable: true });
    this.#disk.write(this.#fd, records);
    this.#open.bytes += records.length;
    this.#open.maxTime = Math.max(this.#open.maxTime, maxTime);
  }

  async sync(): Promise<void> {
    if (this.#fd === undefined) throw new StorageError('no open segment', { retryable: true });
    const written = this.#open.bytes;
    await this.#disk.sync(this.#fd);
    this.#durable = written;
  }

  /** After a failed write or sync: what was not durable before does not count. */
  abandon(): void {
    if (this.#fd === undefined) return;
    this.#open.bytes = this.#durable;
    try {
      this.#disk.truncate(this.#fd, this.#durable);
    } catch {
      // The header of the next segment says the same.
    }
    this.#closeOpen();
  }

  /** Closes the open segment, if any; the next `prepare` opens another. Everything in it must be durable. */
  rotate(): void {
    if (this.#fd !== undefined) this.#closeOpen();
  }

  /** Deletes closed segments below a number that hold nothing from `time` on. */
  truncate(below: number, time: number): void {
    const gone = this.#closed.filter((one) => one.segment < below && one.maxTime < time);
    // Oldest first and without gaps, so that a segment which says how much of the one before counts outlives it.
    for (const one of gone) {
      if (one !== this.#closed[0]) break;
      fs.rmSync(this.#path(one.segment), { force: true });
      this.#closed.shift();
    }
  }

  close(): void {
    this.rotate();
  }

  async #openSegment(): Promise<void> {
    const segment = this.#open.segment + 1;
    const salt = randomBytes(4).readUInt32LE();
    const before = this.#closed.at(-1);
    let fd: number | undefined;
    try {
      fd = this.#disk.create(this.#path(segment));
      this.#open = { segment, bytes: SEGMENT_HEADER_BYTES, maxTime: -Infinity };
      this.#disk.write(
        fd,
        encodeSegmentHeader({
          version: WAL_VERSION,
          salt,
          segment,
          before: before?.segment ?? -1,
          length: before?.bytes ?? -1,
        }),
      );
      await this.#disk.sync(fd);
      await this.#disk.syncFolder(this.#folder);
    } catch (cause) {
      if (fd !== undefined) this.#discard(fd, segment);
      throw new StorageError(`open segment ${segment} of the write-ahead log`, {
        file: this.#path(segment),
        retryable: true,
        cause,
      });
    }
    this.#fd = fd;
    this.#salt = salt;
    this.#durable = SEGMENT_HEADER_BYTES;
  }

  #discard(fd: number, segment: number): void {
    try {
      this.#disk.close(fd);
      fs.rmSync(this.#path(segment), { force: true });
    } catch {
      // A segment without records is passed over by replay.
    }
  }

  #closeOpen(): void {
    const fd = this.#fd;
    if (fd === undefined) return;
    this.#fd = undefined;
    this.#closed.push(this.#open);
    try {
      this.#disk.close(fd);
    } catch {
      // What is durable is durable; the descriptor is gone either way.
    }
  }

  #path(segment: number): string {
    return path.join(this.#folder, segmentName(segment));
  }
}

/** The file of a segment. */
export function segmentName(segment: number): string {
  return String(segment).padStart(10, '0');
}
