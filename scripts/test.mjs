// `npm test`: installs if needed, builds what changed, runs every test. Arguments go to vitest.
import { build } from './build.mjs';
import { installIfNeeded } from './install.mjs';
import { exitCode } from './run.mjs';

await installIfNeeded();
await build();
process.exit(await exitCode('vitest', ['run', ...process.argv.slice(2)]));
