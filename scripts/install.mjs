// Installs the packages where they are missing or older than the lock file. Used by `npm start` and `npm test`,
// so that both work on a fresh clone.
import { existsSync, statSync } from 'node:fs';
import { run, root } from './run.mjs';

/** Runs `npm ci` unless what is installed is at least as new as the lock file. */
export async function installIfNeeded() {
  const installed = `${root}/node_modules/.package-lock.json`;
  const lock = `${root}/package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log('installing packages …');
  await run('npm', ['ci', '--no-audit', '--no-fund']);
}
