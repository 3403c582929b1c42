import type { Attribute } from './model.js';

/** Units of OpenTelemetry (UCUM) to the words that names end in. Source: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/. */
const UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    d: 'days', h: 'hours', min: 'minutes', s: 'seconds', ms: 'milliseconds', us: 'microseconds', ns: 'nanoseconds',
    By: 'bytes', KiBy: 'kibibytes', MiBy: 'mebibytes', GiBy: 'gibibytes', TiBy: 'tebibytes', KBy: 'kilobytes', MBy: 'megabytes', GBy: 'gigabytes', TBy: 'terabytes',
    m: 'meters', V: 'volts', A: 'amperes', J: 'joules', W: 'watts', g: 'grams', Cel: 'celsius', Hz: 'hertz', '1': '', '%': 'percent',
  }),
);

/** What stands behind the slash of a unit. */
const PER: ReadonlyMap<string, string> = new Map(
  Object.entries({ s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week', mo: 'month', y: 'year' }),
);

export interface MetricName {
  readonly name: string;
  /** The unit as a word; empty where there is none. */
  readonly unit: string;
}

/**
 * A metric's name as Prometheus has it: words joined by `_`, the unit behind them where it is not among them, `_total`
 * at the end of a counter, `_ratio` at the end of a gauge of unit `1`.
 */
export function translateName(name: string, unit: string, kind: 'counter' | 'gauge' | 'other'): MetricName {
  let words = name.split(/[^a-zA-Z0-9:]+/).filter((word) => word !== '');
  const { main, per } = translateUnit(unit);
  if (main !== '' && !words.includes(main)) words.push(main);
  if (per !== '' && !words.includes(per)) words.push('per', per);
  if (kind === 'counter') words = [...words.filter((word) => word !== 'total'), 'total'];
  if (kind === 'gauge' && unit === '1') words = [...words.filter((word) => word !== 'ratio'), 'ratio'];
  const joined = words.join('_');
  return { name: /^\d/.test(joined) ? `_${joined}` : joined, unit: per === '' ? main : `${main}_per_${per}` };
}

/** What stands in braces is a remark. */
function translateUnit(unit: string): { main: string; per: string } {
  const slash = unit.indexOf('/');
  const main = (slash < 0 ? unit : unit.slice(0, slash)).trim();
  const per = slash < 0 ? '' : unit.slice(slash + 1).trim();
  const word = (text: string, words: ReadonlyMap<string, string>): string => (/[{}]/.test(text) ? '' : asWord(words.get(text) ?? text));
  return { main: word(main, UNITS), per: word(per, PER) };
}

function asWord(text: string): string {
  return text.replace(/[^a-zA-Z0-9]+/g, '_').replace(/^_|_$/g, '');
}

/** An attribute's name as a label's. */
export function translateLabel(name: string): string {
  const label = name.replace(/[^a-zA-Z0-9_]/g, '_');
  if (/^\d/.test(label)) return `key_${label}`;
  return /^_[^_]/.test(label) ? `key${label}` : label;
}

/** Attributes as labels. Two that become one label share it, their values joined. */
export function labelsOf(attributes: readonly Attribute[]): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [name, value] of [...attributes].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const label = translateLabel(name);
    const known = labels.get(label);
    if (label !== '') labels.set(label, known === undefined ? value : `${known};${value}`);
  }
  return labels;
}
