import type { RelabelRule } from '../ingest/relabel.js';
import { EMPTY_DOCUMENT } from './document.js';
import { readRelabel } from './sections/relabel.js';
import { Section } from './section.js';

/** A rule as somebody wrote it, with the names of the configuration file in lower camel case. */
export interface RelabelInput {
  readonly action?: string | null | undefined;
  readonly sourceLabels?: readonly string[] | null | undefined;
  readonly separator?: string | null | undefined;
  readonly targetLabel?: string | null | undefined;
  readonly regex?: string | null | undefined;
  readonly modulus?: number | null | undefined;
  readonly replacement?: string | null | undefined;
}

/** Rules with their defaults. Throws a `ConfigError` that names the rule, for what the configuration would not take either. */
export function relabelRulesOf(inputs: readonly RelabelInput[]): readonly RelabelRule[] {
  const rules = inputs.map((input) => {
    const written = {
      action: input.action,
      source_labels: input.sourceLabels,
      separator: input.separator,
      target_label: input.targetLabel,
      regex: input.regex,
      modulus: input.modulus,
      replacement: input.replacement,
    };
    return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== null && value !== undefined));
  });
  return readRelabel(new Section(EMPTY_DOCUMENT, ['relabel'], rules, []));
}
