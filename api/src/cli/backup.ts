import { systemClock } from '@metrics-dashboard/core';
import { ConfigError, messageOf } from '@metrics-dashboard/sdk';
import type { Command } from 'commander';
import { readArchive } from '../archive/tar-reader.js';
import { BackupFolder, bytesOf, restoreInto } from './backup-folder.js';
import type { Manifest } from './backup-folder.js';
import { optionWithVariable } from './config-file.js';
import type { Terminal } from './distribution.js';

interface BackupFlags {
  readonly url: string;
  readonly token?: string;
}

const BACKUP_HELP = `
The server goes on meanwhile. Every sample that was acknowledged before the command began is in the backup; so are
dashboards, rules and alerts, unless they are kept in PostgreSQL, which has backups of its own.`;

const RESTORE_HELP = `
The data folder must be empty, or not there yet. Then start the server with it.`;

/** `backup DIR` of a running server, and `restore DIR` into a data folder that is to be. */
export function addBackup(program: Command, terminal: Terminal): void {
  program
    .command('backup')
    .description('copy all data of a running server')
    .argument('<dir>', 'where to: a folder that is empty, or not there yet')
    .addOption(optionWithVariable(terminal, '--url <url>', 'where the server is', 'http://127.0.0.1:9700'))
    .addOption(optionWithVariable(terminal, '--token <token>', 'of somebody whose role is admin, where the server asks'))
    .addHelpText('after', BACKUP_HELP)
    .action(async (folder: string, flags: BackupFlags) => {
      terminal.out(`${summary(await backUp(folder, flags))} copied to ${folder}\n`);
    });
  program
    .command('restore')
    .description('make a data folder of a backup')
    .argument('<dir>', 'the folder of the backup')
    .addOption(optionWithVariable(terminal, '--data <dir>', 'the data folder', './data'))
    .addHelpText('after', RESTORE_HELP)
    .action(async (folder: string, { data }: { readonly data: string }) => {
      const manifest = await restoreInto(data, folder);
      terminal.out(`${summary(manifest)} of ${manifest.at} restored to ${data}\n`);
    });
}

function summary(manifest: Manifest): string {
  return `${manifest.files.length} files, ${bytesOf(manifest)} bytes`;
}

async function backUp(folder: string, flags: BackupFlags): Promise<Manifest> {
  const target = await BackupFolder.make(folder);
  const at = new Date(systemClock.now());
  const body = await ask(flags);
  try {
    await readArchive(body, target);
    return await target.finish(at);
  } catch (cause) {
    throw new ConfigError(`the backup in ${folder} is not whole`, { cause });
  } finally {
    await target.close();
  }
}

async function ask({ url, token }: BackupFlags): Promise<AsyncIterable<Uint8Array>> {
  const address = `${url.replace(/\/+$/, '')}/api/v1/admin/backup`;
  let answer: Response;
  try {
    answer = await fetch(address, { method: 'POST', headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  } catch (cause) {
    throw new ConfigError(`no server answers at ${url}; name it with --url (${messageOf(cause)})`);
  }
  if (answer.status !== 200 || answer.body === null) {
    throw new ConfigError(`${address} answers ${answer.status}: ${reasonOf(await answer.text())}`);
  }
  return answer.body;
}

function reasonOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : text;
  } catch {
    return text;
  }
}
