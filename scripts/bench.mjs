// `npm run bench`: builds what changed, then measures the built product, beside the peers that are installed.
// `npm run bench -- compression` runs one of them: run, instrumentation, compression, large, node-exporter, pushes, storage, window.
import { build } from './build.mjs';
import { installIfNeeded } from './install.mjs';
import { run } from './run.mjs';

await installIfNeeded();
await build();
await run('tsc', ['-b', 'test']);
const [bench] = process.argv.slice(2);
for (const one of bench === undefined ? ['run', 'instrumentation', 'window'] : [bench]) await run('node', [`test/dist/bench/${one}.js`]);
