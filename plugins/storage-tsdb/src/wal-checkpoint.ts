import fs from 'node:fs';
import path from 'node:path';
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

/** The checkpoints of a log's folder; none when there is no file or it can't be read, for replaying more is no harm. */
export function readCheckpoints(folder: string): readonly Checkpoint[] {
  try {
    const parsed: unknown = JSON.parse(fs.readFileSync(path.join(folder, FILE), 'utf8'));
    return Array.isArray(parsed) ? parsed.filter(isCheckpoint) : [];
  } catch {
    return [];
  }
}

/** Replaces the checkpoints, durably. */
export async function writeCheckpoints(folder: string, checkpoints: readonly Checkpoint[], disk: Disk): Promise<void> {
  const file = path.join(folder, FILE);
  await writeDurably(file, JSON.stringify(checkpoints), disk);
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
