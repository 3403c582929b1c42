import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import type { PluginConfig } from '../../plugin/plugin-config.js';
import { existingFile, withFiles } from '../files.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { anything, optional, text } from '../values.js';
import { z } from 'zod';

const schema = optional(z.array(keys({ package: optional(text), path: optional(text), config: anything })));

/** Reads `plugins:`. A path is taken from the configuration's folder, a package as an import in it would find it. */
export function readPlugins(section: Section): PluginConfig[] {
  const from = pathToFileURL(resolve(section.document.file ?? 'metrics-dashboard.yml')).href;
  return (section.read(schema) ?? []).map((entry, i): PluginConfig => {
    const at = section.inner(i);
    const { package: name, path } = entry;
    if ((name === undefined) === (path === undefined)) throw at.error('needs one of package and path');
    if (path !== undefined) existingFile(at.inner('path'), path);
    const specifier = name ?? (/^(?:\/|\.\.?\/)/.test(path ?? '') ? path : `./${path}`);
    return { specifier: specifier ?? '', from, config: withFiles(at.inner('config')) ?? undefined, at: at.at };
  });
}
