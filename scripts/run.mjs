// Runs a command of the project in the foreground, with its output on ours.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Resolves when the command ended well; else ends this process with the command's exit code. */
export async function run(command, args, env = {}) {
  const code = await exitCode(command, args, env);
  if (code !== 0) process.exit(code);
}

/** Resolves with the exit code; a command that a signal ended counts as 1. Signals to us reach it too, being of one group. */
export function exitCode(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const path = `${root}/node_modules/.bin:${process.env.PATH}`;
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path, ...env } });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
