import fs from 'node:fs';
import type { Timestamp } from '@metrics-dashboard/sdk';
import { crc32 } from './checksum.js';
import type { Disk } from './disk.js';
import { writeDurably } from './wal-checkpoint.js';

/** The files that hold the floor: one and its copy, so that damage to one does no harm. */
export function floorFiles(file: string): readonly string[] {
  return [file, `${file}.copy`];
}

/**
 * Reads up to when samples may be gone, their rollups being durable. -Infinity when there is no such file; undefined when none
 * can be read.
 */
export function readFloor(file: string): Timestamp | undefined {
  const found = floorFiles(file).filter((one) => fs.existsSync(one));
  if (found.length === 0) return -Infinity;
  const floors = found.map(floorIn).filter((floor) => floor !== undefined);
  return floors.length === 0 ? undefined : Math.max(...floors);
}

/** Writes it; durable when this resolves. */
export async function writeFloor(file: string, floor: Timestamp, disk: Disk): Promise<void> {
  for (const one of floorFiles(file)) await writeDurably(one, `${floor} ${checksumOf(String(floor))}\n`, disk);
}

/** undefined: it is damaged. */
function floorIn(file: string): Timestamp | undefined {
  const match = /^(-?\d+) ([0-9a-f]+)\n$/.exec(fs.readFileSync(file, 'utf8'));
  return match?.[2] === checksumOf(match?.[1] ?? '') ? Number(match[1]) : undefined;
}

function checksumOf(text: string): string {
  return crc32(Buffer.from(text)).toString(16);
}
