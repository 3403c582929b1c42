import { createHash } from 'node:crypto';
import { Labels, ParseError, matcher } from '@metrics-dashboard/sdk';

export type RelabelAction =
  | 'replace'
  | 'keep'
  | 'drop'
  | 'keepequal'
  | 'dropequal'
  | 'hashmod'
  | 'labelmap'
  | 'labeldrop'
  | 'labelkeep'
  | 'lowercase'
  | 'uppercase';

/** One entry of `relabel_configs` or `metric_relabel_configs`, with the defaults filled in; plain data, so that it may cross a thread. */
export interface RelabelRule {
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  readonly targetLabel: string;
  /** Anchored at both ends. */
  readonly regex: string;
  readonly modulus: number;
  readonly replacement: string;
}

/** The labels after all rules; undefined when a rule dropped them. */
export type Relabel = (labels: Labels) => Labels | undefined;

/** One rule on labels under way, by name; false drops them. An empty value stands for a label that is not there. */
type Step = (labels: Map<string, string>) => boolean;

/**
 * Makes rules ready to run, in order. Throws a `ParseError` for a regular expression that is wrong.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config.
 */
export function compileRelabel(rules: readonly RelabelRule[]): Relabel {
  if (rules.length === 0) return (labels) => labels;
  const steps = rules.map(compileRule);
  return (labels) => {
    const underWay = new Map(labels.pairs());
    return steps.every((step) => step(underWay)) ? Labels.from(underWay) : undefined;
  };
}

function compileRule(rule: RelabelRule): Step {
  const { targetLabel, modulus } = rule;
  const source = (labels: Map<string, string>): string =>
    rule.sourceLabels.map((name) => labels.get(name) ?? '').join(rule.separator);
  switch (rule.action) {
    case 'replace':
      return replace(rule, source);
    case 'keep':
    case 'drop': {
      const matches = tester(rule.regex);
      const wanted = rule.action === 'keep';
      return (labels) => matches(source(labels)) === wanted;
    }
    case 'keepequal':
      return (labels) => source(labels) === (labels.get(targetLabel) ?? '');
    case 'dropequal':
      return (labels) => source(labels) !== (labels.get(targetLabel) ?? '');
    case 'hashmod':
      return setting(targetLabel, (labels) => hashModulo(source(labels), modulus));
    case 'lowercase':
      return setting(targetLabel, (labels) => source(labels).toLowerCase());
    case 'uppercase':
      return setting(targetLabel, (labels) => source(labels).toUpperCase());
    case 'labelmap':
      return mapNames(rule);
    case 'labeldrop':
    case 'labelkeep':
      return dropNames(tester(rule.regex), rule.action === 'labeldrop');
  }
}

function replace(rule: RelabelRule, source: (labels: Map<string, string>) => string): Step {
  const value = template(rule.replacement);
  const target = template(rule.targetLabel);
  const find = finder(rule.regex, [rule.replacement, rule.targetLabel]);
  return (labels) => {
    const match = find(source(labels));
    if (match === undefined) return true;
    const name = target(match);
    if (name !== '') labels.set(name, value(match));
    return true;
  };
}

function mapNames(rule: RelabelRule): Step {
  const renamed = template(rule.replacement);
  const find = finder(rule.regex, [rule.replacement]);
  return (labels) => {
    for (const [name, value] of [...labels]) {
      const match = find(name);
      const to = match === undefined ? '' : renamed(match);
      if (to !== '') labels.set(to, value);
    }
    return true;
  };
}

function dropNames(matches: (text: string) => boolean, dropMatching: boolean): Step {
  return (labels) => {
    for (const name of [...labels.keys()]) if (matches(name) === dropMatching) labels.delete(name);
    return true;
  };
}

function setting(name: string, value: (labels: Map<string, string>) => string): Step {
  return (labels) => {
    labels.set(name, value(labels));
    return true;
  };
}

/** The last eight bytes of the MD5, as a number, modulo: the same shards as other collectors compute. */
function hashModulo(text: string, modulus: number): string {
  const digest = createHash('md5').update(text).digest();
  return String(digest.readBigUInt64BE(8) % BigInt(modulus));
}

/** Whether an expression matches a text whole; in time linear in the text. */
function tester(expression: string): (text: string) => boolean {
  const compiled = matcher('regex', '=~', expression);
  return (text) => compiled.matches(text);
}

/** What the groups of a match are. */
interface Match {
  readonly groups?: Readonly<Record<string, string>> | undefined;
  readonly [group: number]: string | undefined;
}

/**
 * The groups of an expression in a text it matches whole. Whether it does is decided in linear time; the runtime's own
 * expressions, which may take longer, only see texts that match, and only where a template asks for groups.
 */
function finder(expression: string, templates: readonly string[]): (text: string) => Match | undefined {
  const matches = tester(expression);
  if (!templates.some((one) => one.includes('$'))) return (text) => (matches(text) ? NO_GROUPS : undefined);
  const regex = withGroups(expression);
  return (text) => (matches(text) ? (regex.exec(text) ?? undefined) : undefined);
}

const NO_GROUPS: Match = {};

/** Go's leading flags and `(?P<name>…)` in the runtime's syntax. */
function withGroups(expression: string): RegExp {
  const inline = /^\(\?([is]+)\)/.exec(expression);
  const source = (inline ? expression.slice(inline[0].length) : expression).replaceAll('(?P<', '(?<');
  try {
    return new RegExp(`^(?:${source})$`, inline?.[1]?.includes('i') ? 'ius' : 'us');
  } catch (cause) {
    throw new ParseError(`regular expression ${JSON.stringify(expression)} can not be used with groups`, { cause });
  }
}

/** `$1`, `${1}`, `$name`, `${name}` and `$$`, as Go's `Regexp.Expand` reads them: an unknown group is empty. */
function template(text: string): (match: Match) => string {
  if (!text.includes('$')) return () => text;
  return (match) =>
    text.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced: string | undefined, bare: string | undefined) => {
      const group = braced ?? bare;
      if (group === undefined) return whole === '$$' ? '$' : whole;
      return (/^\d+$/.test(group) ? match[Number(group)] : match.groups?.[group]) ?? '';
    });
}
