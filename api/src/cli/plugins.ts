import { loadConfig, resolvePlugin } from '@metrics-dashboard/core';
import type { PluginConfig } from '@metrics-dashboard/core';
import { messageOf } from '@metrics-dashboard/sdk';
import type { Command } from 'commander';
import { configFileOf, configOption } from './config-file.js';
import { EXIT } from './distribution.js';
import type { Distribution, Outcome, Terminal } from './distribution.js';

/** `plugins list`: what would be loaded, by the manifests alone; no code of a plugin runs. */
export function addPlugins(program: Command, distribution: Distribution, terminal: Terminal, outcome: Outcome): void {
  const plugins = program.command('plugins').description('about plugins');
  plugins
    .command('list')
    .description('list the plugins of the distribution and of the configuration')
    .addOption(configOption(terminal))
    .action(async (options: { config?: string }) => {
      const file = configFileOf(options.config);
      const config = await loadConfig({ file, environment: terminal.environment, anonymousDefault: 'admin' });
      const rows = [...distribution.plugins, ...config.plugins].map(rowOf);
      terminal.out(table([['PLUGIN', 'VERSION', 'CONTRIBUTES', 'FROM'], ...rows.map(({ cells }) => cells)]));
      if (rows.some(({ isBroken }) => isBroken)) outcome.code = EXIT.wrongInput;
    });
}

interface Row {
  readonly cells: readonly string[];
  readonly isBroken: boolean;
}

function rowOf({ specifier, from }: PluginConfig): Row {
  try {
    const { manifest, version } = resolvePlugin(specifier, from);
    const contributes = manifest?.contributes.join(', ') ?? 'known when it is loaded';
    return { cells: [manifest?.id ?? specifier, version || '-', contributes, specifier], isBroken: false };
  } catch (error) {
    return { cells: [specifier, '-', `can't be loaded: ${messageOf(error)}`, specifier], isBroken: true };
  }
}

function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = (rows[0] ?? []).map((_cell, column) => width(column));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}\n`).join('');
}
