import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { readDocument } from './document.js';
import type { ConfigDocument } from './document.js';
import type { Environment } from './environment.js';
import { filesMatching } from './globs.js';
import { Section, keys } from './section.js';
import { anything, optional } from './values.js';

/** More files than this are an accident of the pattern. */
const MOST_FILES = 10_000;

const whole = keys({ scrape_configs: anything });

/** The documents that `scrape_config_files` names. Rejects with a `ConfigError`: of the list, or of a file in it. */
export async function readScrapeFiles(main: ConfigDocument, environment: Environment): Promise<ConfigDocument[]> {
  const section = new Section(main, [], main.value, []).inner('scrape_config_files');
  const patterns = section.read(optional(z.array(z.string().min(1)))) ?? [];
  const documents: ConfigDocument[] = [];
  for (const [i, pattern] of patterns.entries()) {
    const files = await filesMatching(resolve(dirname(main.file ?? '.'), pattern));
    if (documents.length + files.length > MOST_FILES) throw section.inner(i).error(`names more than ${MOST_FILES} files`);
    for (const file of files) documents.push(await readDocument(file, environment));
  }
  return documents;
}

/** The jobs of such a document. Throws a `ConfigError` when there is anything else in it. */
export function scrapeConfigsOf(document: ConfigDocument, warnings: string[]): Section {
  const section = new Section(document, [], document.value, warnings);
  section.read(whole);
  return section.inner('scrape_configs');
}
