import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { TemplateFile } from '../alerting/alerting-config.js';
import { readDocument } from './document.js';
import type { ConfigDocument } from './document.js';
import type { Environment } from './environment.js';
import { filesMatching } from './globs.js';
import { existingFile } from './files.js';
import { Section } from './section.js';
import { ALERTMANAGER_KEYS } from './sections/alerting.js';
import { optional } from './values.js';

/** The files that alerting is read from beside the configuration itself. */
export interface AlertingFiles {
  /** The one that `alertmanager_config_file` names; undefined: Alertmanager's sections stand in the configuration. */
  readonly document: ConfigDocument | undefined;
  readonly templates: readonly TemplateFile[];
}

/** There are none. */
export const NO_ALERTING_FILES: AlertingFiles = { document: undefined, templates: [] };

/** Reads the files that alerting is configured by. Rejects with a `ConfigError` for one that can't be read. */
export async function readAlertingFiles(main: ConfigDocument, environment: Environment): Promise<AlertingFiles> {
  const whole = sectionOf(main);
  const named = whole.inner('alertmanager_config_file');
  const name = named.read(optional(z.string().min(1)));
  if (name === undefined) return { document: undefined, templates: await readTemplates(whole) };
  const twice = ALERTMANAGER_KEYS.find((key) => whole.inner(key).value !== undefined);
  if (twice !== undefined) throw whole.inner(twice).keyError('stands in the file that alertmanager_config_file names, or here, not in both');
  const document = await readDocument(existingFile(named, name), environment);
  return { document, templates: await readTemplates(sectionOf(document)) };
}

async function readTemplates(whole: Section): Promise<TemplateFile[]> {
  const section = whole.inner('templates');
  const patterns = section.read(optional(z.array(z.string().min(1)))) ?? [];
  const found: TemplateFile[] = [];
  for (const [i, pattern] of patterns.entries()) {
    for (const file of await filesMatching(resolve(dirname(whole.document.file ?? '.'), pattern))) {
      found.push({ file, text: await readFile(file, 'utf8').catch((cause: unknown) => {
        throw section.inner(i).error(`${file} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`);
      }) });
    }
  }
  return found;
}

function sectionOf(document: ConfigDocument): Section {
  return new Section(document, [], document.value, []);
}
