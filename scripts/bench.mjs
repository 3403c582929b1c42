// `npm run bench`: builds what changed, then measures the built product, beside the peers that are installed.
import { build } from './build.mjs';
import { installIfNeeded } from './install.mjs';
import { run } from './run.mjs';

await installIfNeeded();
await build();
await run('tsc', ['-b', 'test']);
await run('node', ['test/dist/bench/run.js']);
await run('node', ['test/dist/bench/instrumentation.js']);
