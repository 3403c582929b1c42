// `npm run dev`: compiles on change, restarts the server on what was compiled, and serves the window with hot reload
// on a port of its own, which passes GraphQL on to the server.
import { spawn } from 'node:child_process';
import { installIfNeeded } from './install.mjs';
import { root, run } from './run.mjs';

await installIfNeeded();
await run('tsc', ['-b']);
const children = [
  ['tsc', ['-b', '--watch', '--preserveWatchOutput']],
  ['node', ['--watch', '--watch-preserve-output', 'plugins/default/bin/metrics-dashboard.js', ...process.argv.slice(2)]],
  ['vite', ['ui', '--host', '127.0.0.1']],
].map(([command, args]) => {
  const path = `${root}/node_modules/.bin:${process.env.PATH}`;
  return spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => children.forEach((child) => child.kill(signal)));
