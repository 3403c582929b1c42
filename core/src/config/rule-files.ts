import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { configErrorAt, unplaced } from '../plugin/config-place.js';
import { parseConfig } from './document.js';
import type { ConfigDocument } from './document.js';
import { filesMatching } from './globs.js';
import { Section } from './section.js';
import { optional } from './values.js';

/** More files than this are an accident of the pattern. */
const MOST_FILES = 10_000;

/** A rule file that has been read, with its lines, so that a place inside an expression can be told. */
export interface RuleFile {
  readonly document: ConfigDocument;
  readonly lines: readonly string[];
}

/** The documents that `rule_files` names. Rejects with a `ConfigError`: of the list, or of a file in it. */
export async function readRuleFiles(main: ConfigDocument): Promise<readonly RuleFile[]> {
  const section = new Section(main, [], main.value, []).inner('rule_files');
  const patterns = section.read(optional(z.array(z.string().min(1)))) ?? [];
  const files = new Set<string>();
  for (const [i, pattern] of patterns.entries()) {
    for (const file of await filesMatching(resolve(dirname(main.file ?? '.'), pattern))) files.add(file);
    if (files.size > MOST_FILES) throw section.inner(i).error(`names more than ${MOST_FILES} files`);
  }
  return Promise.all([...files].map(readRuleFile));
}

/** Reads one rule file. Variables of the environment are not expanded: `$` is a letter of templates and of regular expressions. */
export async function readRuleFile(file: string): Promise<RuleFile> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw configErrorAt({ ...unplaced(''), file }, 'read the rules', error);
  });
  return { document: parseConfig(text, file, undefined), lines: text.split('\n') };
}
