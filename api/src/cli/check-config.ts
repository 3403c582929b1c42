import { loadConfig } from '@metrics-dashboard/core';
import type { Command } from 'commander';
import type { Distribution, Terminal } from './distribution.js';

/** `check-config FILE`: says what is wrong with a configuration, or that nothing is. */
export function addCheckConfig(program: Command, _distribution: Distribution, terminal: Terminal): void {
  program
    .command('check-config')
    .description('check a configuration file and say what is wrong, with line and column')
    .argument('<file>', 'a configuration of this product or of Prometheus')
    .action(async (file: string) => {
      const config = await loadConfig({ file, environment: terminal.environment, anonymousDefault: 'admin' });
      for (const warning of config.warnings) terminal.out(`warning: ${warning}\n`);
      terminal.out(`${file}: ok\n`);
    });
}
