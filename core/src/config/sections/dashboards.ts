import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { Section } from '../section.js';
import { optional, text } from '../values.js';

/** Reads `dashboards:`, patterns of files that give dashboards, as absolute ones. */
export function readDashboards(section: Section): readonly string[] {
  const patterns = section.read(optional(z.array(text))) ?? [];
  return patterns.map((pattern) => resolve(dirname(section.document.file ?? '.'), pattern));
}
