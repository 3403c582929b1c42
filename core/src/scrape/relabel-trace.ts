import type { Label, Labels } from '@metrics-dashboard/sdk';
import { compileRelabel } from '../ingest/relabel.js';
import type { RelabelRule } from '../ingest/relabel.js';

/** What one rule did. */
export interface RelabelStep {
  readonly rule: RelabelRule;
  readonly before: readonly Label[];
  /** undefined: the rule dropped them. */
  readonly after: readonly Label[] | undefined;
}

/** What the rules of a job did to a discovered target, rule by rule, as far as the one that dropped it. */
export interface TargetTrace {
  readonly id: string;
  readonly scrapePool: string;
  readonly discoveredLabels: readonly Label[];
  readonly steps: readonly RelabelStep[];
  /** The number of the rule that dropped it, from 0; undefined when none did. */
  readonly droppedBy: number | undefined;
  /** What its series carry; undefined of a target that is dropped or can't be scraped. */
  readonly labels: readonly Label[] | undefined;
  /** Why it can't be scraped though no rule dropped it. */
  readonly error: string | undefined;
}

/** Runs rules one after another, as `compileRelabel` does all at once. */
export function traceRelabel(rules: readonly RelabelRule[], discovered: Labels): readonly RelabelStep[] {
  const steps: RelabelStep[] = [];
  let before = discovered;
  for (const rule of rules) {
    const after = compileRelabel([rule])(before);
    steps.push({ rule, before: [...before], after: after && [...after] });
    if (after === undefined) break;
    before = after;
  }
  return steps;
}
