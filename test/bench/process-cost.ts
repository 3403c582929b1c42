import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** CPU of a process, in seconds, in hundredths: all threads, those that have ended too. */
export function cpuSeconds(pid: number): number {
  const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? [];
  return (user + system) / 100;
}

/** Bytes of memory that a process has now, or had at most. */
export function memoryOf(pid: number, what: 'VmRSS' | 'VmHWM'): number {
  const match = new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1]) * 1024;
}

/** Bytes of all files in a folder and below; a file with several names counts once. */
export function bytesBelow(folder: string): number {
  const sizes = new Map<number, number>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { ino, size } = statSync(join(entry.parentPath, entry.name));
    sizes.set(ino, size);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
