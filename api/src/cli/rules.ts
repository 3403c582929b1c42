import { checkRuleFile, createLogger, systemClock, testRules } from '@metrics-dashboard/core';
import type { Command } from 'commander';
import { EXIT } from './distribution.js';
import type { Distribution, Outcome, Terminal } from './distribution.js';
import { describeFailure } from './failure.js';

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
    .action(async (files: string[], { strict }: { readonly strict: boolean }) => {
      for (const file of files) if (!(await checkFile(file, options, terminal, strict))) outcome.code = EXIT.wrongInput;
    });
}

type Options = Parameters<typeof testRules>[1];

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

async function checkFile(file: string, options: Options, terminal: Terminal, isStrict: boolean): Promise<boolean> {
  try {
    const { groups, rules, findings } = await checkRuleFile(file, options);
    for (const { at, rule, message } of findings) terminal.out(`${file}:${at.line ?? 1}:${at.column ?? 1}: warning: rule ${JSON.stringify(rule)}: ${message}\n`);
    terminal.out(`${file}: ${rules} rules in ${groups} groups, ${findings.length === 0 ? 'ok' : `${findings.length} warnings`}\n`);
    return !isStrict || findings.length === 0;
  } catch (error) {
    terminal.err(`${describeFailure(error)}\n`);
    return false;
  }
}
