// `npm run build`: compiles every package (incremental), then the UI where its sources are newer than what was built.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { run, root } from './run.mjs';

/** Builds what changed. About a second when nothing did. */
export async function build() {
  await run('tsc', ['-b']);
  if (isUiStale()) await run('vite', ['build', 'ui', '--logLevel', 'warn']);
}

function isUiStale() {
  const built = `${root}/ui/dist/index.html`;
  if (!existsSync(built)) return true;
  const since = statSync(built).mtimeMs;
  const sources = ['ui/index.html', 'ui/vite.config.ts', 'ui/package.json', 'package-lock.json', ...filesBelow('sdk/src/columns'), ...filesBelow('ui/src'), ...filesBelow('ui/public')];
  return sources.some((file) => existsSync(`${root}/${file}`) && statSync(`${root}/${file}`).mtimeMs > since);
}

function filesBelow(folder) {
  if (!existsSync(`${root}/${folder}`)) return [];
  return readdirSync(`${root}/${folder}`, { recursive: true }).map((name) => `${folder}/${name}`);
}

if (process.argv[1] === import.meta.filename) await build();
