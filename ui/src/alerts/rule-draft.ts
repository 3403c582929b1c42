import { durationText, parseDuration } from '../composables/time-range.js';
import type { MissingDataPolicy, ThresholdOperator, ThresholdRuleInput, ThresholdRuleQuery } from '../graphql/generated/graphql.js';
import { decodeFloat } from '../graphql/float-column.js';
import type { Comparison } from './comparison.js';

export type KeptRule = NonNullable<ThresholdRuleQuery['thresholdRule']>;

/** A name and its text, in the order in which people wrote them. */
export interface NamedText {
  name: string;
  text: string;
}

export interface LevelDraft {
  severity: string;
  threshold: string;
  /** Empty: it resolves where it fires. */
  resolve: string;
}

/** A rule as it stands in the form: what is written there, right or wrong. */
export interface RuleDraft {
  name: string;
  expression: string;
  operator: ThresholdOperator;
  levels: LevelDraft[];
  holdFor: string;
  keepFiringFor: string;
  interval: string;
  missing: MissingDataPolicy;
  isFlapping: boolean;
  flapChanges: string;
  flapWindow: string;
  labels: NamedText[];
  annotations: NamedText[];
  receivers: string[];
  enabled: boolean;
}

/** How each operator is written. */
export const operatorText: Readonly<Record<ThresholdOperator, string>> = { GT: '>', GE: '≥', LT: '<', LE: '≤', EQ: '=', NE: '≠' };

export const missingText: Readonly<Record<MissingDataPolicy, string>> = {
  RESOLVE: 'the alert ends',
  KEEP: 'the alert stays as it is',
  ALERT: 'that is an alert itself',
};

/** What a new rule begins with. */
export function newDraft(expression: string, comparison?: Comparison): RuleDraft {
  return {
    name: '',
    expression: comparison?.expression ?? expression,
    operator: comparison?.operator ?? 'GT',
    levels: [{ severity: '', threshold: comparison === undefined ? '' : String(comparison.threshold), resolve: '' }],
    holdFor: '0s',
    keepFiringFor: '0s',
    interval: '1m',
    missing: 'RESOLVE',
    isFlapping: false,
    flapChanges: '6',
    flapWindow: '1h',
    labels: [],
    annotations: [{ name: 'summary', text: '' }],
    receivers: [],
    enabled: true,
  };
}

/** A rule that is there, as the form shows it. */
export function draftOf(rule: KeptRule): RuleDraft {
  return {
    name: rule.name,
    expression: rule.expression,
    operator: rule.operator,
    levels: rule.levels.map(({ severity, threshold, resolveThreshold }) => ({
      severity: severity ?? '',
      threshold: String(threshold),
      resolve: resolveThreshold === null || resolveThreshold === undefined ? '' : String(resolveThreshold),
    })),
    holdFor: durationText(rule.holdFor),
    keepFiringFor: durationText(rule.keepFiringFor),
    interval: durationText(rule.interval),
    missing: rule.missing,
    isFlapping: rule.flapping !== null && rule.flapping !== undefined,
    flapChanges: String(rule.flapping?.changes ?? 6),
    flapWindow: durationText(rule.flapping?.window ?? 3_600_000),
    labels: namedTexts(rule.labels),
    annotations: namedTexts(rule.annotations),
    receivers: [...rule.receivers],
    enabled: rule.enabled,
  };
}

/** What is asked of the server; or what is wrong, field by field. */
export function inputOf(draft: RuleDraft): { readonly input: ThresholdRuleInput; readonly mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const duration = (text: string, what: string): number => {
    const read = parseDuration(text.trim());
    if (read === undefined) mistakes.push(`${what}: “${text}” is not a duration such as 5m or 1h30m`);
    return read ?? 0;
  };
  const number = (text: string, what: string): number | string => {
    const read = thresholdOf(text);
    if (read === undefined) mistakes.push(`${what}: “${text}” is not a number`);
    // JSON has no infinities.
    return read === undefined || Number.isFinite(read) ? (read ?? 0) : read > 0 ? '+Inf' : '-Inf';
  };
  if (draft.name.trim() === '') mistakes.push('Name: a rule needs one');
  if (draft.expression.trim() === '') mistakes.push('Query: a rule needs one');
  const changes = Number(draft.flapChanges);
  if (draft.isFlapping && (!Number.isInteger(changes) || changes < 2)) mistakes.push(`Flapping: “${draft.flapChanges}” is not a whole number of changes, two at least`);
  const input: ThresholdRuleInput = {
    name: draft.name.trim(),
    expression: draft.expression.trim(),
    operator: draft.operator,
    levels: draft.levels.map(({ severity, threshold, resolve }, i) => ({
      ...(severity.trim() === '' ? {} : { severity: severity.trim() }),
      threshold: number(threshold, draft.levels.length > 1 ? `Threshold ${i + 1}` : 'Threshold'),
      ...(resolve.trim() === '' ? {} : { resolveThreshold: number(resolve, 'Resolves at') }),
    })),
    holdFor: duration(draft.holdFor, 'For'),
    keepFiringFor: duration(draft.keepFiringFor, 'Keep firing for'),
    interval: duration(draft.interval, 'Evaluated every'),
    missing: draft.missing,
    flapping: draft.isFlapping ? { changes, window: duration(draft.flapWindow, 'Flapping within') } : null,
    labels: textMap(draft.labels),
    annotations: textMap(draft.annotations),
    receivers: draft.receivers,
    enabled: draft.enabled,
  };
  return { input, mistakes };
}

/** The number that a threshold's text is; infinities are written out. */
export function thresholdOf(text: string): number | undefined {
  const written = text.trim();
  if (/^[+-]?inf$/i.test(written)) return written.startsWith('-') ? -Infinity : Infinity;
  const read = written === '' ? NaN : Number(written);
  return Number.isNaN(read) ? undefined : read;
}

/** What is different, from what is there to what would be saved: `for: 5m, now 10m`. */
export function differences(theirs: RuleDraft, mine: RuleDraft): readonly string[] {
  const [before, after] = [facts(theirs), facts(mine)];
  return Object.keys(before).flatMap((key) => (before[key] === after[key] ? [] : [`${key}: ${before[key] || 'nothing'}, now ${after[key] || 'nothing'}`]));
}

function facts(draft: RuleDraft): Record<string, string> {
  const levels = draft.levels.map(({ severity, threshold, resolve }) => `${severity === '' ? '' : `${severity} `}${threshold}${resolve === '' ? '' : ` (resolves at ${resolve})`}`);
  const texts = (list: readonly NamedText[]): string => [...list].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, text }) => `${name}=${JSON.stringify(text)}`).join(', ');
  return {
    name: draft.name,
    query: draft.expression,
    condition: `${operatorText[draft.operator]} ${levels.join(', ')}`,
    for: draft.holdFor,
    'keep firing for': draft.keepFiringFor,
    interval: draft.interval,
    'missing data': missingText[draft.missing],
    flapping: draft.isFlapping ? `${draft.flapChanges} changes within ${draft.flapWindow}` : '',
    labels: texts(draft.labels),
    annotations: texts(draft.annotations),
    receivers: draft.receivers.join(', '),
    enabled: draft.enabled ? 'yes' : 'no',
  };
}

/** A threshold as a number; text where it is one that JSON lacks. */
export function numberOf(value: number | string): number {
  return decodeFloat(value) ?? NaN;
}

function namedTexts(texts: Readonly<Record<string, string>>): NamedText[] {
  return Object.entries(texts).map(([name, text]) => ({ name, text }));
}

function textMap(list: readonly NamedText[]): Readonly<Record<string, string>> {
  return Object.fromEntries(list.filter(({ name, text }) => name.trim() !== '' && text !== '').map(({ name, text }) => [name.trim(), text]));
}
