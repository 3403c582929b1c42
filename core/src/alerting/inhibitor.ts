import { matchesAll } from '@metrics-dashboard/sdk';
import type { Labels, Matcher, Timestamp } from '@metrics-dashboard/sdk';
import { isResolved } from './active-alert.js';
import type { ActiveAlert } from './active-alert.js';

/** While a source fires, targets with equal values of the `equal` labels are muted. */
export interface InhibitRule {
  readonly sources: readonly Matcher[];
  readonly targets: readonly Matcher[];
  readonly equal: readonly string[];
}

interface IndexedRule {
  readonly sources: readonly Matcher[];
  readonly targets: readonly Matcher[];
  readonly equal: ReadonlySet<string>;
  /** Sources by the key of their equal labels, then by their own. */
  readonly byEqual: Map<string, Map<string, ActiveAlert>>;
}

/** Knows the alerts that mute others, indexed so that a question costs no walk over all of them. */
export class Inhibitor {
  readonly #rules: readonly IndexedRule[];

  constructor(rules: readonly InhibitRule[]) {
    this.#rules = rules.map((rule) => ({ ...rule, equal: new Set(rule.equal), byEqual: new Map<string, Map<string, ActiveAlert>>() }));
  }

  /** An alert was heard of; one that had equal labels is replaced. */
  observe(alert: ActiveAlert): void {
    for (const rule of this.#rules) {
      if (!matchesAll(rule.sources, alert.labels)) continue;
      const key = alert.labels.only(rule.equal).key;
      const sources = rule.byEqual.get(key) ?? new Map<string, ActiveAlert>();
      rule.byEqual.set(key, sources.set(alert.labels.key, alert));
    }
  }

  /** An alert is gone for good. */
  forget(labels: Labels): void {
    for (const rule of this.#rules) {
      const key = labels.only(rule.equal).key;
      const sources = rule.byEqual.get(key);
      sources?.delete(labels.key);
      if (sources?.size === 0) rule.byEqual.delete(key);
    }
  }

  /** Who mutes these labels now: the first firing source of the first rule, or undefined. */
  inhibitedBy(labels: Labels, now: Timestamp): ActiveAlert | undefined {
    for (const rule of this.#rules) {
      if (!matchesAll(rule.targets, labels)) continue;
      // Who is source and target of one rule is not muted by others like it, or they would mute each other.
      const isBoth = matchesAll(rule.sources, labels);
      for (const source of rule.byEqual.get(labels.only(rule.equal).key)?.values() ?? []) {
        if (isResolved(source, now) || (isBoth && matchesAll(rule.targets, source.labels))) continue;
        return source;
      }
    }
    return undefined;
  }
}
