import { ParseError } from '@metrics-dashboard/sdk';
import { compileRelabel } from '../../ingest/relabel.js';
import type { RelabelAction, RelabelRule } from '../../ingest/relabel.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { count, optional, text, withDefault } from '../values.js';
import { z } from 'zod';

const ACTIONS = [
  'replace', 'keep', 'drop', 'keepequal', 'dropequal', 'hashmod', 'labelmap', 'labeldrop', 'labelkeep', 'lowercase', 'uppercase',
] as const satisfies readonly RelabelAction[];

const action = z.preprocess((value) => (typeof value === 'string' ? value.toLowerCase() : value), z.enum(ACTIONS));

const rule = keys({
  action: withDefault<RelabelAction>(action, 'replace'),
  source_labels: withDefault(z.array(text), []),
  separator: withDefault(text, ';'),
  target_label: withDefault(text, ''),
  regex: withDefault(text, '(.*)'),
  modulus: optional(count(1)),
  replacement: z.preprocess((value) => (value === null ? '' : value), text.optional()).transform((given) => given ?? '$1'),
});

/** Actions that write the label `target_label`. */
const WRITING: ReadonlySet<RelabelAction> = new Set(['replace', 'hashmod', 'keepequal', 'dropequal', 'lowercase', 'uppercase']);

/** Reads `relabel_configs` or `metric_relabel_configs`. */
export function readRelabel(section: Section): RelabelRule[] {
  const rules = section.read(optional(z.array(rule))) ?? [];
  return rules.map((read, i) => {
    const at = section.inner(i);
    if (WRITING.has(read.action) && read.target_label === '') throw at.error(`the action ${read.action} needs a target_label`);
    if (read.action === 'hashmod' && read.modulus === undefined) throw at.error('the action hashmod needs a modulus');
    return compiling(at.inner('regex'), {
      action: read.action,
      sourceLabels: read.source_labels,
      separator: read.separator,
      targetLabel: read.target_label,
      regex: read.regex,
      modulus: read.modulus ?? 0,
      replacement: read.replacement,
    });
  });
}

/** A rule whose regular expression is wrong is told of here, where its place is known. */
function compiling(regex: Section, rule: RelabelRule): RelabelRule {
  try {
    compileRelabel([rule]);
    return rule;
  } catch (error) {
    if (error instanceof ParseError) throw regex.error(error.message);
    throw error;
  }
}
