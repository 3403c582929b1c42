import { ConfigError } from '@metrics-dashboard/sdk';
import type { Duration } from '@metrics-dashboard/sdk';
import { z } from 'zod';
import { mergeErrors } from '../../plugin/config-place.js';
import type { ConfigPlace } from '../../plugin/plugin-config.js';
import type { Rule, RuleGroup, ThresholdCondition } from '../../rules/rule.js';
import type { RuleFile } from '../rule-files.js';
import { Section, keys } from '../section.js';
import { count, duration, optional, positiveDuration, text, textMap, withDefault } from '../values.js';

/** What groups have that do not say. */
export interface RuleDefaults {
  readonly evaluationInterval: Duration;
  readonly queryOffset: Duration;
}

const OPERATORS = ['>', '>=', '<', '<=', '==', '!='] as const;

const number = z.union([z.number(), z.enum(['+Inf', '-Inf', 'Inf']).transform((word) => (word === '-Inf' ? -Infinity : Infinity))]);

// `threshold`, `missing_data`, `flapping` and `receivers` are ours; a rule file without them is Prometheus' own.
const threshold = keys({
  operator: z.enum(OPERATORS),
  value: optional(number),
  resolve_value: optional(number),
  levels: optional(z.array(keys({ severity: text, value: number, resolve_value: optional(number) })).min(1)),
});

const rule = keys({
  record: optional(text),
  alert: optional(text),
  expr: text,
  for: optional(duration),
  keep_firing_for: optional(duration),
  labels: withDefault(textMap, {}),
  annotations: optional(textMap),
  threshold: optional(threshold),
  missing_data: optional(z.enum(['resolve', 'keep', 'alert'])),
  flapping: optional(keys({ changes: count(2), window: positiveDuration })),
  receivers: optional(z.array(z.string().min(1))),
});

const group = keys({
  name: text,
  interval: optional(duration),
  query_offset: optional(duration),
  limit: withDefault(count(), 0),
  labels: withDefault(textMap, {}),
  rules: withDefault(z.array(z.unknown()), []),
});

const file = keys({ groups: withDefault(z.array(z.unknown()), []) });

type Given = z.output<typeof rule>;

/** Reads the groups of rule files. Throws one `ConfigError` that tells every mistake with its place; expressions and templates are checked elsewhere. */
export function readRules(files: readonly RuleFile[], defaults: RuleDefaults): readonly RuleGroup[] {
  const errors: ConfigError[] = [];
  const groups = files.flatMap(({ document, lines }) => {
    const section = new Section(document, [], document.value, []);
    const of = new GroupReader(document.file ?? '', lines, defaults, errors);
    return of.groups(section);
  });
  if (errors.length > 0) throw mergeErrors(errors);
  return groups;
}

class GroupReader {
  constructor(
    readonly file: string,
    readonly lines: readonly string[],
    readonly defaults: RuleDefaults,
    readonly errors: ConfigError[],
  ) {}

  groups(section: Section): readonly RuleGroup[] {
    const read = this.#attempt(() => section.read(file));
    const groups = read?.groups.map((_, i) => this.#group(section.inner('groups', i)));
    const names = new Set<string>();
    return (groups ?? []).flatMap((one, i) => {
      if (one === undefined) return [];
      if (names.has(one.name)) this.errors.push(section.inner('groups', i, 'name').error(`the group ${JSON.stringify(one.name)} is there twice in this file`));
      names.add(one.name);
      return [one];
    });
  }

  #group(section: Section): RuleGroup | undefined {
    const read = this.#attempt(() => section.read(group));
    if (read === undefined) return undefined;
    if (read.name === '') this.errors.push(section.inner('name').error('a group needs a name'));
    this.#checkLabels(section.inner('labels'), read.labels);
    const rules = read.rules.map((_, i) => this.#rule(section.inner('rules', i), read.labels));
    return {
      file: this.file,
      name: read.name,
      interval: read.interval === undefined || read.interval === 0 ? this.defaults.evaluationInterval : read.interval,
      queryOffset: read.query_offset ?? this.defaults.queryOffset,
      limit: read.limit,
      rules: rules.filter((one) => one !== undefined),
      at: section.at,
    };
  }

  #rule(section: Section, groupLabels: Readonly<Record<string, string>>): Rule | undefined {
    const given = this.#attempt(() => section.read(rule));
    if (given === undefined) return undefined;
    const mistake = mistakeOf(given);
    if (mistake !== undefined) this.errors.push(mistake.key === undefined ? section.error(mistake.message) : section.inner(mistake.key).keyError(mistake.message));
    this.#checkLabels(section.inner('labels'), given.labels);
    for (const name of Object.keys(given.annotations ?? {})) if (name === '') this.errors.push(section.inner('annotations').error('an annotation needs a name'));
    const at = section.document.at(section.path);
    const base = { expression: given.expr, labels: { ...groupLabels, ...given.labels }, at, expressionAt: this.#expressionAt(section.inner('expr').at, given.expr) };
    if (given.record !== undefined) return { kind: 'recording', record: given.record, ...base };
    return {
      kind: 'alerting',
      alert: given.alert ?? '',
      holdFor: given.for ?? 0,
      keepFiringFor: given.keep_firing_for ?? 0,
      annotations: given.annotations ?? {},
      condition: given.threshold && conditionOf(given.threshold),
      missing: given.missing_data ?? 'resolve',
      flapping: given.flapping,
      receivers: given.receivers ?? [],
      ...base,
    };
  }

  #checkLabels(section: Section, labels: Readonly<Record<string, string>>): void {
    for (const name of Object.keys(labels)) {
      if (name === '' || name === '__name__') this.errors.push(section.inner(name).keyError(`${JSON.stringify(name)} is no name of a label`));
    }
  }

  /** Where the text of the expression begins: behind a quote, or on a line below the sign of a block. */
  #expressionAt(at: ConfigPlace, expression: string): ConfigPlace {
    const [first = ''] = expression.trimStart().split('\n');
    if (at.line === undefined || at.column === undefined || first === '') return at;
    for (let line = at.line; line < at.line + 20; line++) {
      const column = this.lines[line - 1]?.indexOf(first, line === at.line ? at.column - 1 : 0) ?? -1;
      if (column < 0) continue;
      const indent = line === at.line ? 0 : column;
      return { ...at, line: line - expression.slice(0, expression.indexOf(first)).split('\n').length + 1, column: column + 1, parts: { indent: { line, column: indent } } };
    }
    return at;
  }

  #attempt<Result>(read: () => Result): Result | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.errors.push(error);
      return undefined;
    }
  }
}

function mistakeOf(given: Given): { readonly key?: string; readonly message: string } | undefined {
  const { record, alert, expr } = given;
  if (expr.trim() === '') return { key: 'expr', message: 'a rule needs an expression' };
  if (record !== undefined && alert !== undefined) return { key: 'alert', message: 'a rule either records or alerts, and this one has both names' };
  if (record === undefined && alert === undefined) return { message: 'a rule needs "record" or "alert", the name of what it makes' };
  if (alert === '') return { key: 'alert', message: 'an alerting rule needs a name' };
  const ofAlerts = ['for', 'keep_firing_for', 'annotations', 'threshold', 'missing_data', 'flapping', 'receivers'] as const;
  if (record !== undefined) {
    const wrong = ofAlerts.find((key) => given[key] !== undefined);
    if (wrong !== undefined) return { key: wrong, message: 'is of alerting rules, and this one records' };
    if (record === '' || /[{}\n]/.test(record)) return { key: 'record', message: `${JSON.stringify(record)} is no name of a metric` };
  }
  if (given.missing_data !== undefined && given.missing_data !== 'resolve' && given.threshold === undefined) {
    return { key: 'missing_data', message: 'needs a threshold: without one, a series that is missing can not be told from one that is fine' };
  }
  return thresholdMistake(given.threshold);
}

function thresholdMistake(given: Given['threshold']): { readonly key: string; readonly message: string } | undefined {
  if (given === undefined) return undefined;
  if ((given.value === undefined) === (given.levels === undefined)) return { key: 'threshold', message: 'needs either a value or levels' };
  const severities = given.levels?.map(({ severity }) => severity) ?? [];
  if (new Set(severities).size < severities.length) return { key: 'threshold', message: 'has two levels of one severity' };
  return undefined;
}

function conditionOf({ operator, value, resolve_value, levels }: NonNullable<Given['threshold']>): ThresholdCondition {
  if (levels === undefined) return { operator, levels: [{ severity: undefined, threshold: value ?? 0, resolveThreshold: resolve_value }] };
  return { operator, levels: levels.map((level) => ({ severity: level.severity, threshold: level.value, resolveThreshold: level.resolve_value })) };
}
