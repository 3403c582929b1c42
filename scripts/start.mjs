// `npm start`: installs if needed, builds what changed, starts the whole product. Arguments go to `metrics-dashboard`.
import { build } from './build.mjs';
import { installIfNeeded } from './install.mjs';
import { exitCode } from './run.mjs';

await installIfNeeded();
await build();
// The terminal sends Ctrl-C to both processes; this one waits until the server has stopped cleanly.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
process.exit(await exitCode('node', ['plugins/default/bin/metrics-dashboard.js', ...process.argv.slice(2)]));
