import { createHash } from 'node:crypto';
import { nameOf } from './rule.js';
import type { Rule, RuleGroup } from './rule.js';

/** Names a group over reloads and restarts. */
export function groupIdOf({ file, name }: Pick<RuleGroup, 'file' | 'name'>): string {
  return shortHash(`${file}\0${name}`);
}

/**
 * Names the rules of a group over reloads and restarts, in their order: by kind, name and labels, and by their number where
 * these are equal. A changed expression, `for` or annotation leaves a rule the one it was, with its alert instances.
 */
export function ruleIdsOf({ rules }: Pick<RuleGroup, 'rules'>): readonly string[] {
  const met = new Map<string, number>();
  return rules.map((rule) => {
    const key = keyOf(rule);
    const count = met.get(key) ?? 0;
    met.set(key, count + 1);
    return shortHash(`${key}\0${count}`);
  });
}

function keyOf(rule: Rule): string {
  const labels = Object.entries(rule.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([rule.kind, nameOf(rule), labels]);
}

/** A place on the grid of the interval that is the group's own, so that not all groups are evaluated at once. */
export function offsetOf(groupId: string, interval: number): number {
  return Number(BigInt(`0x${groupId}`) % BigInt(Math.max(1, interval)));
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
