import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageError } from '@metrics-dashboard/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from './folder-lock.js';

let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'lock-'));
  folder = join(parent, 'a', 'data');
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

describe('the lock of a folder', () => {
  it('makes the folder, names the process, and is gone when it is closed', async () => {
    const lock = await lockFolder(folder);
    expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused while this process holds it', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(`the data folder ${folder} is in use by this process already`);
    await lock.close();
    await (await lockFolder(folder)).close();
  });

  it('is refused while another process holds it, and names that; then it is taken over', async () => {
    await (await lockFolder(folder)).close();
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log("up")'], { stdio: ['pipe', 'pipe', 'ignore'] });
    await once(other.stdout, 'data');
    const started = existsSync('/proc') ? readFileSync(`/proc/${other.pid}/stat`, 'utf8').split(' ')[21] : '';
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: other.pid, started }));
    await expect(lockFolder(folder)).rejects.toThrow(`is in use by process ${other.pid};`);
    other.stdin.end();
    await once(other, 'exit');
    const lock = await lockFolder(folder);
    expect(readdirSync(folder)).toEqual(['lock']);
    await lock.close();
  });

  it.runIf(existsSync('/proc/self/stat'))('is taken over when its number belongs to another process by now', async () => {
    await (await lockFolder(folder)).close();
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.ppid, started: '1' }));
    await (await lockFolder(folder)).close();
  });

  it.each(['', '{', '{}', '[]', 'null', '"x"'])('is taken over when it can\'t be read: %j', async (text) => {
    await (await lockFolder(folder)).close();
    writeFileSync(join(folder, 'lock'), text);
    await (await lockFolder(folder)).close();
  });

  it.runIf(existsSync('/proc/self'))('does not try for ever where the system lets nobody make a folder', async () => {
    await expect(lockFolder('/proc/nowhere')).rejects.toThrow(/^the data folder \/proc\/nowhere can't be written: ENOENT/);
    await expect(lockFolder('/proc/nowhere/data')).rejects.toBeInstanceOf(StorageError);
  });

  it('says that a file, or a link to nothing, is no folder', async () => {
    const [file, link] = [join(parent, 'file'), join(parent, 'link')];
    writeFileSync(file, '');
    symlinkSync(join(parent, 'nothing'), link);
    await expect(lockFolder(file)).rejects.toThrow(`the data folder ${file} can't be written: ${file} is not a folder`);
    await expect(lockFolder(link)).rejects.toThrow(`the data folder ${link} can't be written: ${link} is a link to something that is not there`);
    await expect(lockFolder(join(link, 'data'))).rejects.toThrow(`${link} is a link to something that is not there`);
  });

  it('says why a folder can\'t be written', async () => {
    writeFileSync(join(parent, 'a'), 'a file');
    await expect(lockFolder(folder)).rejects.toThrow(/^the data folder .* can't be written: ENOTDIR/);
    await expect(lockFolder(folder)).rejects.toBeInstanceOf(StorageError);
  });
});
