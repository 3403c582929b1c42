import { createHash } from 'node:crypto';
import { Labels, matcher } from '@metrics-dashboard/sdk';

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
 * Makes rules ready to run, in order. Throws a `ParseError` for a regular expression that is wrong or whose
 * matching time could grow without bound.
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
      const regex = compileRegex(rule.regex);
      const wanted = rule.action === 'keep';
      return (labels) => regex.test(source(labels)) === wanted;
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
      return dropNames(compileRegex(rule.regex), rule.action === 'labeldrop');
  }
}

function replace(rule: RelabelRule, source: (labels: Map<string, string>) => string): Step {
  const regex = compileRegex(rule.regex);
  const value = template(rule.replacement);
  const target = template(rule.targetLabel);
  return (labels) => {
    const match = regex.exec(source(labels));
    if (match === null) return true;
    const name = target(match);
    if (name !== '') labels.set(name, value(match));
    return true;
  };
}

function mapNames(rule: RelabelRule): Step {
  const regex = compileRegex(rule.regex);
  const renamed = template(rule.replacement);
  return (labels) => {
    for (const [name, value] of [...labels]) {
      const match = regex.exec(name);
      const to = match === null ? '' : renamed(match);
      if (to !== '') labels.set(to, value);
    }
    return true;
  };
}

function dropNames(regex: RegExp, dropMatching: boolean): Step {
  return (labels) => {
    for (const name of [...labels.keys()]) if (regex.test(name) === dropMatching) labels.delete(name);
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

/** Go's leading flags and `(?P<name>…)`; matcher() refuses what is wrong and what could blow up. */
function compileRegex(expression: string): RegExp {
  matcher('relabel', '=~', expression);
  const inline = /^\(\?([is]+)\)/.exec(expression);
  const source = (inline ? expression.slice(inline[0].length) : expression).replaceAll('(?P<', '(?<');
  return new RegExp(`^(?:${source})$`, inline?.[1]?.includes('i') ? 'ius' : 'us');
}

/** `$1`, `${1}`, `$name`, `${name}` and `$$`, as Go's `Regexp.Expand` reads them: an unknown group is empty. */
function template(text: string): (match: RegExpExecArray) => string {
  if (!text.includes('$')) return () => text;
  return (match) =>
    text.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced: string | undefined, bare: string | undefined) => {
      const group = braced ?? bare;
      if (group === undefined) return whole === '$$' ? '$' : whole;
      return (/^\d+$/.test(group) ? match[Number(group)] : match.groups?.[group]) ?? '';
    });
}
