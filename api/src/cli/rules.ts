import { checkRuleFile, createLogger, systemClock, testRules } from '@metrics-dashboard/core';
import type { Command } from 'commander';
import { EXIT } from './distribution.js';
import type { Distribution, Outcome, Terminal } from './distribution.js';
import { describeFailure } from './failure.js';
import { lintAtServer } from './rules-at-server.js';
import type { ServerFlags } from './rules-at-server.js';

const LOG = createLogger({ level: 'error', format: 'text', write: () => {} });

/** `test-rules FILE…` and `check-rules FILE…`. */
export function addRules(program: Command, distribution: Distribution, terminal: Terminal, outcome: Outcome): void {
  const options = { plugins: distribution.plugins, clock: systemClock, log: LOG };
  program
    .command('test-rules')
    .description("run unit tests of rules, in promtool's format")
    .argument('<file...>', 'files of tests, which name their rule files')
    .action(async (files: string[]) => {
      for (const file of files) if (!(await testFile(file, options, terminal))) outcome.code = EXIT.wrongInput;
    });
  program
    .command('check-rules')
    .description('check rule files, and say what is probably not meant')
    .argument('<file...>', 'rule files')
    .option('--strict', 'what is probably not meant counts as wrong', false)
    .option('--url <url>', 'a running server that is asked which series there are, and how much is read')
    .option('--token <token>', 'of somebody whose role is viewer, where the server asks')
    .action(async (files: string[], flags: CheckFlags) => {
      for (const file of files) if (!(await checkFile(file, options, terminal, flags))) outcome.code = EXIT.wrongInput;
    });
}

type Options = Parameters<typeof testRules>[1];

interface CheckFlags extends Partial<ServerFlags> {
  readonly strict: boolean;
}

async function testFile(file: string, options: Options, terminal: Terminal): Promise<boolean> {
  const { error, tests } = await testRules(file, options);
  if (error !== undefined) {
    terminal.err(`${file}: failed\n  ${error.replaceAll('\n', '\n  ')}\n`);
    return false;
  }
  const failed = tests.filter(({ failures }) => failures.length > 0);
  for (const { name, failures } of failed) terminal.err(`${file}: failed: ${name}\n${failures.map((one) => `  ${one}\n`).join('')}`);
  if (failed.length === 0) terminal.out(`${file}: ok, ${tests.length} tests\n`);
  return failed.length === 0;
}

async function checkFile(file: string, options: Options, terminal: Terminal, { strict, url, token }: CheckFlags): Promise<boolean> {
  try {
    const report = await checkRuleFile(file, options);
    const { groups, rules } = report;
    const findings = [...report.findings, ...(url === undefined ? [] : await lintAtServer(report, { url, token }))];
    for (const { at, rule, message } of findings) terminal.out(`${file}:${at.line ?? 1}:${at.column ?? 1}: warning: rule ${JSON.stringify(rule)}: ${message}\n`);
    terminal.out(`${file}: ${rules} rules in ${groups} groups, ${findings.length === 0 ? 'ok' : `${findings.length} warnings`}\n`);
    return !strict || findings.length === 0;
  } catch (error) {
    terminal.err(`${describeFailure(error)}\n`);
    return false;
  }
}
