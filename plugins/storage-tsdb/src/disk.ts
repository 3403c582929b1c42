import fs from 'node:fs';
import { promisify } from 'node:util';

/** The few calls by which samples reach a disk; narrow, so that a test can stand in for a disk that fails. */
export interface Disk {
  /** Makes a new file for writing and answers its descriptor. */
  create(file: string): number;
  /** Appends all bytes. */
  write(fd: number, bytes: Uint8Array): void;
  /** Resolves when what was written to the file is durable. */
  sync(fd: number): Promise<void>;
  /** Resolves when a folder's entries are durable. */
  syncFolder(folder: string): Promise<void>;
  truncate(fd: number, length: number): void;
  close(fd: number): void;
}

const fdatasync = promisify(fs.fdatasync);

/** The real one. */
export const realDisk: Disk = {
  create: (file) => fs.openSync(file, 'wx'),
  write: writeAll,
  sync: (fd) => fdatasync(fd),
  syncFolder,
  truncate: (fd, length) => fs.ftruncateSync(fd, length),
  close: (fd) => fs.closeSync(fd),
};

async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.promises.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at, bytes.length - at);
}

/** Lets other work of this thread go on. */
export function yieldToLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
