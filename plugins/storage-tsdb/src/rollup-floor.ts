import fs from 'node:fs';
import type { Timestamp } from '@metrics-dashboard/sdk';
import { crc32 } from './checksum.js';
import type { Disk } from './disk.js';
import { writeDurably } from './wal-checkpoint.js';

/**
 * Reads up to when samples may be gone, their rollups being durable. -Infinity when there is no such file; undefined when it
 * can't be read.
 */
export function readFloor(file: string): Timestamp | undefined {
  if (!fs.existsSync(file)) return -Infinity;
  const match = /^(-?\d+) ([0-9a-f]+)\n$/.exec(fs.readFileSync(file, 'utf8'));
  return match?.[2] === checksumOf(match?.[1] ?? '') ? Number(match[1]) : undefined;
}

/** Writes it; durable when this resolves. */
export async function writeFloor(file: string, floor: Timestamp, disk: Disk): Promise<void> {
  await writeDurably(file, `${floor} ${checksumOf(String(floor))}\n`, disk);
}

function checksumOf(text: string): string {
  return crc32(Buffer.from(text)).toString(16);
}
