import type { OtlpConfig } from '../config.js';
import { ignoredKeys, warnIgnored } from '../ignored.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { text, withDefault } from '../values.js';
import { z } from 'zod';

/** Keys of `otlp:` in Prometheus that are not acted on. */
const IGNORED = [
  'promote_all_resource_attributes', 'ignore_resource_attributes', 'translation_strategy', 'keep_identifying_resource_attributes',
  'convert_histograms_to_nhcb', 'promote_scope_metadata', 'label_name_underscore_sanitization', 'label_name_preserve_multiple_underscores',
] as const;

const schema = z.preprocess(
  (value) => value ?? {},
  keys({ promote_resource_attributes: withDefault(z.array(text), []), ...ignoredKeys(IGNORED) }),
);

/** Reads `otlp:`. */
export function readOtlp(section: Section): OtlpConfig {
  const read = section.read(schema);
  warnIgnored(section, IGNORED);
  return { promoteResourceAttributes: read.promote_resource_attributes };
}
