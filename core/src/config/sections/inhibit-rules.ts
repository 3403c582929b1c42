import { z } from 'zod';
import type { InhibitRule } from '../../alerting/inhibitor.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { optional, text, withDefault } from '../values.js';
import { equalMap, matcherList, regexMap } from './matchers.js';

const rule = keys({
  name: optional(text),
  source_match: equalMap,
  source_match_re: regexMap,
  source_matchers: matcherList,
  target_match: equalMap,
  target_match_re: regexMap,
  target_matchers: matcherList,
  equal: withDefault(z.array(text), []),
});

/** Reads `inhibit_rules:`. */
export function readInhibitRules(section: Section): readonly InhibitRule[] {
  const rules = section.read(optional(z.array(z.unknown()))) ?? [];
  return rules.map((_, i) => {
    const read = section.inner(i).read(rule);
    return {
      sources: [...read.source_match, ...read.source_match_re, ...read.source_matchers],
      targets: [...read.target_match, ...read.target_match_re, ...read.target_matchers],
      equal: read.equal,
    };
  });
}
