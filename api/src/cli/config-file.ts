import { existsSync } from 'node:fs';
import { Option } from 'commander';
import type { Terminal } from './distribution.js';

const DEFAULT_FILE = 'metrics-dashboard.yml';

/** `--config FILE`, also as `METRICS_DASHBOARD_CONFIG`. */
export function configOption(terminal: Terminal): Option {
  return optionWithVariable(terminal, '--config <file>', `the configuration (default: ${DEFAULT_FILE} if there is one)`);
}

/** The file that was named, or the usual one where it exists, or none. */
export function configFileOf(named: string | undefined): string | undefined {
  return named ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
}

/** A flag that can also be set by a variable of the environment: `--data` by `METRICS_DASHBOARD_DATA`. */
export function optionWithVariable(terminal: Terminal, flags: string, description: string, value?: string | boolean): Option {
  const option = new Option(flags, description);
  const variable = `METRICS_DASHBOARD_${option.name().replaceAll('-', '_').toUpperCase()}`;
  const set = terminal.environment[variable];
  option.description += ` [${variable}]`;
  if (set === undefined || set === '') return value === undefined ? option : option.default(value);
  return option.default(option.isBoolean() ? set !== 'false' && set !== '0' : set);
}
