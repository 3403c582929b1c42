import { checkConfig, createLogger, systemClock } from '@metrics-dashboard/core';
import type { Command } from 'commander';
import type { Distribution, Terminal } from './distribution.js';

/** `check-config FILE`: says what is wrong with a configuration, or that nothing is. */
export function addCheckConfig(program: Command, distribution: Distribution, terminal: Terminal): void {
  program
    .command('check-config')
    .description('check a configuration file and say what is wrong, with line and column')
    .argument('<file>', 'a configuration of this product or of Prometheus')
    .action(async (file: string) => {
      for (const warning of await warningsOf(file, distribution)) terminal.out(`warning: ${warning}\n`);
      terminal.out(`${file}: ok\n`);
    });
}

/** As a start would, with the plugins, whose own keys are checked by them; nothing is started. */
async function warningsOf(file: string, { version, plugins }: Distribution): Promise<readonly string[]> {
  const { warnings } = await checkConfig({
    version,
    configFile: file,
    dataDir: './data',
    listen: { host: '127.0.0.1', port: 9700 },
    allowAnonymous: true,
    plugins,
    pluginPolicy: 'abort',
    engine: 'inline',
    clock: systemClock,
    log: createLogger({ level: 'error', format: 'text', write: () => {} }),
  });
  return warnings;
}
