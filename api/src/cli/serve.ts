import { createLogger, systemClock } from '@metrics-dashboard/core';
import type { LogFormat, LogLevel } from '@metrics-dashboard/core';
import { ConfigError } from '@metrics-dashboard/sdk';
import type { Logger } from '@metrics-dashboard/sdk';
import type { Command, Option } from 'commander';
import { start } from '../start.js';
import type { Running } from '../start.js';
import { banner } from './banner.js';
import { configFileOf, configOption, optionWithVariable } from './config-file.js';
import type { Distribution, Outcome, Terminal } from './distribution.js';
import { parseListen } from './listen.js';
import { superviseProcess } from './supervise.js';

interface ServeFlags {
  readonly config?: string;
  readonly data: string;
  readonly listen: string;
  readonly database?: string;
  readonly allowAnonymous: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];
const FORMATS = ['text', 'json'] as const satisfies readonly LogFormat[];

const SIGNALS = `
Ctrl-C or SIGTERM stops the server, also while it starts, with the exit code 0; a second one ends it at once, with 130 or
143. SIGHUP reads the configuration again.`;

/** `serve`, which is also what happens without a command: runs the server until it is told to stop. */
export function addServe(program: Command, distribution: Distribution, terminal: Terminal, outcome: Outcome): void {
  const option = (flags: string, description: string, value?: string | boolean): Option => optionWithVariable(terminal, flags, description, value);
  program
    .command('serve', { isDefault: true })
    .description('run the server')
    .addOption(configOption(terminal))
    .addOption(option('--data <dir>', 'where everything is kept', './data'))
    .addOption(option('--listen <host:port>', 'where to answer', '127.0.0.1:9700'))
    .addOption(option('--database <url>', 'a PostgreSQL database for dashboards and alerts'))
    .addOption(option('--allow-anonymous', 'answer everybody on an address that is not loopback', false))
    .addOption(option('--log-level <level>', 'the least that is logged', 'info').choices(LEVELS))
    .addOption(option('--log-format <format>', 'how it is logged', terminal.isInteractive ? 'text' : 'json').choices(FORMATS))
    .addHelpText('after', SIGNALS)
    .action(async (flags: ServeFlags) => {
      outcome.code = await serve(flags, distribution, terminal);
    });
}

async function serve(flags: ServeFlags, distribution: Distribution, terminal: Terminal): Promise<number> {
  const databaseUrl = databaseOf(flags.database);
  const log = createLogger({ level: flags.logLevel, format: flags.logFormat, write: (line) => terminal.err(line) });
  const configFile = configFileOf(flags.config);
  const listen = parseListen(flags.listen);
  return superviseProcess({
    log,
    start: (stopping) =>
      start({
        version: distribution.version,
        configFile,
        dataDir: flags.data,
        databaseUrl,
        listen,
        allowAnonymous: flags.allowAnonymous,
        plugins: distribution.plugins,
        pluginPolicy: 'continue',
        engine: 'worker',
        clock: systemClock,
        log,
        uiFolder: distribution.uiFolder,
        flags: shown(flags, configFile),
        stopping,
      }),
    onReady: (running) => greet(running, { log, flags, configFile, terminal }),
  });
}

interface Greeting {
  readonly log: Logger;
  readonly flags: ServeFlags;
  readonly configFile: string | undefined;
  readonly terminal: Terminal;
}

function greet({ server }: Running, { log, flags, configFile, terminal }: Greeting): void {
  if (flags.logFormat === 'text') terminal.err(banner({ url: server.url, configFile, dataDir: flags.data }));
  else log.info('ready', { url: server.url });
}

/** The password in it is never shown. */
function databaseOf(url: string | undefined): string | undefined {
  if (url === undefined || /^postgres(?:ql)?:\/\//.test(url)) return url;
  throw new ConfigError('--database: expected an address like postgres://user@host/name');
}

/** By the names of the command line, for `/api/v1/status/flags`. */
function shown(flags: ServeFlags, configFile: string | undefined): Record<string, string> {
  return {
    config: configFile ?? '',
    data: flags.data,
    listen: flags.listen,
    'allow-anonymous': String(flags.allowAnonymous),
    'log-level': flags.logLevel,
    'log-format': flags.logFormat,
  };
}
