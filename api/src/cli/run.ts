import { Command, CommanderError } from 'commander';
import { addBackup } from './backup.js';
import { addCheckConfig } from './check-config.js';
import { EXIT } from './distribution.js';
import type { Distribution, Outcome, Terminal } from './distribution.js';
import { describeFailure } from './failure.js';
import { addRules } from './rules.js';
import { addPlugins } from './plugins.js';
import { addServe } from './serve.js';

/**
 * The command line. Resolves with the exit code when a command is done; `serve` is done when the server has stopped.
 * What goes wrong is one clear line on standard error, without a stack.
 */
export async function runCli(distribution: Distribution, args: readonly string[] = process.argv.slice(2), terminal: Terminal = ownTerminal()): Promise<number> {
  const outcome = { code: EXIT.ok as number };
  const program = programOf(distribution, terminal, outcome);
  try {
    refuseUnknown(program, args[0]);
    await program.parseAsync([...args], { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    terminal.err(`${describeFailure(error)}\n`);
    return EXIT.wrongInput;
  }
}

function programOf(distribution: Distribution, terminal: Terminal, outcome: Outcome): Command {
  const program = new Command('metrics-dashboard')
    .description('Collects metrics, stores them, answers PromQL, draws live dashboards.')
    .version(distribution.version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .showSuggestionAfterError()
    .enablePositionalOptions();
  addServe(program, distribution, terminal, outcome);
  addCheckConfig(program, distribution, terminal);
  addRules(program, distribution, terminal, outcome);
  addPlugins(program, distribution, terminal, outcome);
  addBackup(program, terminal);
  return program;
}

/** Without this, a word that is no command would be taken for an argument of `serve`. */
function refuseUnknown(program: Command, word: string | undefined): void {
  const known = ['help', ...program.commands.map((command) => command.name())];
  if (word === undefined || word.startsWith('-') || known.includes(word)) return;
  program.error(`error: unknown command ${JSON.stringify(word)}, known are ${known.sort().join(', ')}`);
}

function ownTerminal(): Terminal {
  return {
    environment: process.env,
    isInteractive: process.stderr.isTTY,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  };
}
