import fs from 'node:fs';
import path from 'node:path';
import type { Logger } from '@metrics-dashboard/sdk';
import { crc32 } from './checksum.js';
import type { Disk } from './disk.js';

/**
 * What of the log is in blocks: all samples before `before` in segments below `segment`. Kept beside the segments, so
 * that segments which also hold newer samples are not replayed into the head whole.
 */
export interface Checkpoint {
  readonly segment: number;
  readonly before: number;
}

const FILE = 'checkpoint.json';

/**
 * The checkpoints of a log's folder. None when there is no file; nor when it is damaged, which is told: for replaying more
 * is no harm, and replaying less would be.
 */
export function readCheckpoints(folder: string, log?: Logger): readonly Checkpoint[] {
  const file = path.join(folder, FILE);
  if (!fs.existsSync(file)) return [];
  const checkpoints = decode(fs.readFileSync(file, 'utf8'));
  if (checkpoints === undefined) log?.warn('the checkpoints of the write-ahead log are damaged, all of it is replayed', { file });
  return checkpoints ?? [];
}

/** Replaces the checkpoints, durably. */
export async function writeCheckpoints(folder: string, checkpoints: readonly Checkpoint[], disk: Disk): Promise<void> {
  const file = path.join(folder, FILE);
  await writeDurably(file, JSON.stringify({ checkpoints, checksum: checksumOf(checkpoints) }), disk);
}

/** undefined for a text that is damaged. Once the file was the list alone. */
function decode(text: string): readonly Checkpoint[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (Array.isArray(parsed)) return parsed.every(isCheckpoint) ? parsed : undefined;
  if (typeof parsed !== 'object' || parsed === null || !('checkpoints' in parsed) || !('checksum' in parsed)) return undefined;
  const { checkpoints, checksum } = parsed;
  if (!Array.isArray(checkpoints) || !checkpoints.every(isCheckpoint)) return undefined;
  return checksum === checksumOf(checkpoints) ? checkpoints : undefined;
}

function checksumOf(checkpoints: readonly Checkpoint[]): number {
  return crc32(Buffer.from(JSON.stringify(checkpoints)));
}

/** Writes a small file beside, makes it durable and gives it its name. */
export async function writeDurably(file: string, text: string, disk: Disk): Promise<void> {
  const beside = `${file}.tmp`;
  fs.rmSync(beside, { force: true });
  const fd = disk.create(beside);
  try {
    disk.write(fd, Buffer.from(text));
    await disk.sync(fd);
  } finally {
    disk.close(fd);
  }
  fs.renameSync(beside, file);
  await disk.syncFolder(path.dirname(file));
}

function isCheckpoint(value: unknown): value is Checkpoint {
  return (
    typeof value === 'object' &&
    value !== null &&
    'segment' in value &&
    typeof value.segment === 'number' &&
    'before' in value &&
    typeof value.before === 'number'
  );
}
