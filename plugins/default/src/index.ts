import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '@metrics-dashboard/api';
import type { Distribution } from '@metrics-dashboard/api';
import { DEFAULT_PLUGINS } from './plugins.js';

export { DEFAULT_PLUGINS } from './plugins.js';

/** The product as it is shipped: its plugins are found from this package, as an import here would be. */
export const distribution: Distribution = {
  version: versionOf(new URL('../package.json', import.meta.url)),
  plugins: DEFAULT_PLUGINS.map((specifier) => ({
    specifier,
    from: import.meta.url,
    config: undefined,
    at: { file: undefined, path: '', line: undefined, column: undefined },
  })),
  uiFolder: dirname(fileURLToPath(import.meta.resolve('@metrics-dashboard/ui/index.html'))),
};

/** Runs the process's command line and ends the process with it, whatever a plugin may have left running. */
export async function main(): Promise<never> {
  process.exit(await runCli(distribution));
}

function versionOf(manifest: URL): string {
  const contents: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  return typeof contents === 'object' && contents !== null && 'version' in contents ? String(contents.version) : '';
}
