import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StorageError, messageOf } from '@metrics-dashboard/sdk';
import type { Closeable } from './lifecycle.js';

/** Who holds a lock. A number of a process may come again after a restart, but not with the same start. */
interface Holder {
  readonly pid: number;
  /** When the process started, in the units of the system; empty where it does not tell. */
  readonly started: string;
}

/** How often a lock that disappears while it is looked at is tried again. */
const ATTEMPTS = 5;

/**
 * Makes a folder this process's own, by a file `lock` in it that names the process; makes the folder too, where
 * there is none. The lock of a process that is gone is taken over. Closing gives it back.
 * Throws a `StorageError` for a folder that can't be written, and for one that another process holds, with its number.
 */
export async function lockFolder(folder: string): Promise<Closeable> {
  const path = join(folder, 'lock');
  const self = holderOf(process.pid);
  try {
    await makeFolder(folder);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (await create(path, self)) return { close: () => release(path, self) };
      const holder = await readHolder(path);
      if (holder !== undefined && isAlive(holder)) throw heldBy(holder, folder);
      if (holder !== undefined) await putAside(path, holder);
    }
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw new StorageError(`the data folder ${folder} can't be written: ${messageOf(error)}`, { file: path, cause: undefined });
  }
  throw new StorageError(`the data folder ${folder} is being taken by several processes at once`, { file: path });
}

/**
 * Makes a folder and those around it. Not by `recursive`: that tries for ever where a folder is there and the system says
 * all the same that there is nothing to make another one in, as below `/proc`.
 */
async function makeFolder(folder: string): Promise<void> {
  const parent = dirname(folder);
  if (parent !== folder && !existsSync(folder) && !existsSync(parent)) await makeFolder(parent);
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await assertFolder(folder);
  }
}

async function assertFolder(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Error(`${path} is a link to something that is not there`, { cause: error });
    throw error;
  });
  if (!found.isDirectory()) throw new Error(`${path} is not a folder`);
}

async function create(path: string, self: Holder): Promise<boolean> {
  // Written aside and linked into place, so that nobody reads half of it, would need links; `wx` and one write do.
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  if (file === undefined) return false;
  await file.writeFile(`${JSON.stringify(self)}\n`).finally(() => file.close());
  return true;
}

/** undefined: the file is not there any more. One that can't be read names nobody, so nobody holds it. */
async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const { pid, started } = JSON.parse(text) as Partial<Record<string, unknown>>;
    return { pid: typeof pid === 'number' ? pid : 0, started: typeof started === 'string' ? started : '' };
  } catch {
    return { pid: 0, started: '' };
  }
}

/** Of two who find the same dead lock, the slower may catch the new lock of the faster; then it gives it back. */
async function putAside(path: string, dead: Holder): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const caught = await readHolder(aside);
  if (caught !== undefined && (caught.pid !== dead.pid || caught.started !== dead.started)) await rename(aside, path);
  else await rm(aside, { force: true });
}

async function release(path: string, self: Holder): Promise<void> {
  const holder = await readHolder(path);
  if (holder?.pid === self.pid && holder.started === self.started) await rm(path, { force: true });
}

function heldBy({ pid }: Holder, folder: string): StorageError {
  const who = pid === process.pid ? 'this process already' : `process ${pid}`;
  return new StorageError(`the data folder ${folder} is in use by ${who}; stop it, or choose another folder with --data`, {
    file: join(folder, 'lock'),
  });
}

function isAlive(holder: Holder): boolean {
  if (holder.pid <= 0) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // A process of another user may not be signalled, but it is there.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const { started } = holderOf(holder.pid);
  return started === '' || holder.started === '' || started === holder.started;
}

/** The start of a process is field 22 of its `stat`; the name before may hold spaces and brackets. Source: proc(5). */
function holderOf(pid: number): Holder {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return { pid, started: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '' };
  } catch {
    return { pid, started: '' };
  }
}
