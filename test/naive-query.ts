import type { Sample, Window } from './naive-windows.js';
import { greatest, jumps, least, quantile, spread, tilted, variance } from './naive-windows.js';

/**
 * A query that knows its text and can answer itself, one evaluation time after another: with objects, maps and no thought
 * for speed. It shares no line with the engine, the parser included.
 */
export interface NaiveQuery<Value> {
  readonly text: string;
  at(time: number): Value;
}
export type VectorQuery = NaiveQuery<readonly Point[]>;
export type ScalarQuery = NaiveQuery<number>;

export type LabelSet = Readonly<Record<string, string>>;

/** One value under one label set. */
export interface Point {
  readonly labels: LabelSet;
  /** Whether the metric name goes when the query is done. */
  readonly dropsName: boolean;
  readonly value: number;
}

/** Stands for a staleness marker. */
export const STALE = Symbol('stale');

export interface NaiveSeries {
  readonly labels: LabelSet;
  /** Oldest first. */
  readonly samples: readonly (readonly [time: number, value: number | typeof STALE])[];
}

/** Thrown where the language has no answer: label sets clash. */
export class Clash extends Error {}

export interface Shift {
  readonly text: string;
  readonly offset: number;
  readonly at: number | undefined;
}

export interface Selection {
  readonly text: string;
  readonly series: readonly NaiveSeries[];
  readonly shift: Shift;
}

const seen = ({ at, offset }: Shift, time: number): number => (at ?? time) - offset;

/** The latest sample of each series that is less than `lookback` old. */
export function select({ text, series, shift }: Selection, lookback: number): VectorQuery {
  return {
    text: `${text}${shift.text}`,
    at: (time) => {
      const end = seen(shift, time);
      return series.flatMap(({ labels, samples }) => {
        const latest = samples.findLast(([at]) => at <= end);
        if (latest === undefined || latest[0] <= end - lookback || latest[1] === STALE) return [];
        return [{ labels, dropsName: false, value: latest[1] }];
      });
    },
  };
}

export interface OverWindows {
  readonly name: string;
  readonly compute: (window: Window, parameters: readonly number[], time: number) => number | undefined;
  /** What stands before the range, and after it. */
  readonly before: readonly ScalarQuery[];
  readonly after: readonly ScalarQuery[];
  readonly range: number;
}

function call({ name, before, after }: OverWindows, range: string): string {
  return `${name}(${[...before.map(({ text }) => text), range, ...after.map(({ text }) => text)].join(', ')})`;
}

function overWindows(options: OverWindows, windowsAt: (time: number) => { labels: LabelSet; dropsName: boolean; window: Window }[]): (time: number) => readonly Point[] {
  return (time) => {
    const parameters = [...options.before, ...options.after].map((scalar) => scalar.at(time));
    return windowsAt(time).flatMap(({ labels, dropsName, window }) => {
      const value = window.samples.length === 0 ? undefined : options.compute(window, parameters, time);
      const keeps = options.name === 'last_over_time' || options.name === 'first_over_time';
      return value === undefined ? [] : [{ labels, dropsName: dropsName || !keeps, value }];
    });
  };
}

/** A function over the samples of each series in (t - range, t], staleness markers left out. */
export function overRange({ text, series, shift }: Selection, options: OverWindows): VectorQuery {
  const { range } = options;
  return {
    text: call(options, `${text}[${range}ms]${shift.text}`),
    at: overWindows(options, (time) => {
      const end = seen(shift, time);
      return series.map(({ labels, samples }) => ({
        labels,
        dropsName: false,
        window: { samples: samples.flatMap(([at, value]): Sample[] => (at > end - range && at <= end && value !== STALE ? [[at, value]] : [])), end, range },
      }));
    }),
  };
}

/** Of a subquery that names none. */
const DEFAULT_STEP = 60_000;

/** A function over the values of a query at multiples of a step. */
export function overSubquery(inner: VectorQuery, { step: named, shift }: { step: number | undefined; shift: Shift }, options: OverWindows): VectorQuery {
  const { range } = options;
  const step = named ?? DEFAULT_STEP;
  return {
    text: call(options, `(${inner.text})[${range}ms:${named === undefined ? '' : `${named}ms`}]${shift.text}`),
    at: overWindows(options, (time) => {
      const end = seen(shift, time);
      const rows = new Map<string, { labels: LabelSet; dropsName: boolean; samples: Sample[] }>();
      for (let t = (Math.floor((end - range) / step) + 1) * step; t <= end; t += step) {
        for (const { labels, dropsName, value } of inner.at(t)) {
          const key = `${keyOf(labels)} ${dropsName}`;
          const row = rows.get(key) ?? { labels, dropsName, samples: [] };
          if (row.samples.at(-1)?.[0] === t) throw new Clash('two samples of a range have one label set and one time');
          row.samples.push([t, value]);
          rows.set(key, row);
        }
      }
      return [...rows.values()].map(({ labels, dropsName, samples }) => ({ labels, dropsName, window: { samples, end, range } }));
    }),
  };
}

export interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
}

const FOLDS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((a, b) => a + b, 0),
  avg: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  min: least,
  max: greatest,
  count: (values) => values.length,
  group: () => 1,
  stdvar: variance,
  stddev: (values) => Math.sqrt(variance(values)),
  spread,
};
export const AGGREGATIONS: readonly string[] = [...Object.keys(FOLDS), 'quantile', 'topk', 'bottomk', 'count_values'];

/** An aggregation; `parameter` is a number or, for `count_values`, a label. */
export function aggregate(name: string, { without, labels: names }: Grouping, inner: VectorQuery, parameter?: ScalarQuery | string): VectorQuery {
  const first = parameter === undefined ? '' : `${typeof parameter === 'string' ? JSON.stringify(parameter) : parameter.text}, `;
  return {
    text: `${name} ${without ? 'without' : 'by'} (${names.join(', ')}) (${first}${inner.text})`,
    at: (time) => {
      const groups = new Map<string, { labels: LabelSet; members: Point[] }>();
      for (const point of inner.at(time)) {
        const labels = without ? pick(point.labels, (label) => !names.includes(label) && label !== '__name__') : pick(point.labels, (label) => names.includes(label));
        const group = groups.get(keyOf(labels)) ?? { labels, members: [] };
        group.members.push(point);
        groups.set(keyOf(labels), group);
      }
      const number = parameter === undefined || typeof parameter === 'string' ? NaN : parameter.at(time);
      return [...groups.values()].flatMap((group) => aggregated(name, group, typeof parameter === 'string' ? parameter : number));
    },
  };
}

function aggregated(name: string, { labels, members }: { labels: LabelSet; members: readonly Point[] }, parameter: number | string): Point[] {
  const values = members.map(({ value }) => value);
  const dropsName = members.some((one) => one.dropsName);
  if (typeof parameter === 'string') {
    return [...new Set(values)].map((value) => ({ labels: { ...labels, [parameter]: String(value) }, dropsName: false, value: values.filter((one) => one === value).length }));
  }
  if (name === 'quantile') return [{ labels, dropsName, value: quantile(parameter, values) }];
  if (name === 'topk' || name === 'bottomk') {
    const sign = name === 'topk' ? -1 : 1;
    const best = [...members].sort((a, b) => Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value)) || sign * compare(a.value, b.value) || compareLabels(a.labels, b.labels));
    return best.slice(0, Math.max(0, Math.trunc(parameter)));
  }
  return [{ labels, dropsName, value: (FOLDS[name] as (all: readonly number[]) => number)(values) }];
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': remainder,
  '^': (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** (a < 0 ? tilted(b) : b)),
  atan2: Math.atan2,
};

/** Of what is so large beside the divisor that its last digits decide, any number may come. */
function remainder(a: number, b: number): number {
  if (Math.abs(tilted(a) - a) > Math.abs(b)) jumps.anywhere = true;
  return tilted(a) % b;
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};
export const OPERATORS: readonly string[] = [...Object.keys(ARITHMETIC), ...Object.keys(COMPARISONS)];
export const isComparison = (operator: string): boolean => operator in COMPARISONS;

/** The result of two numbers; undefined where a comparison lets nothing pass. `kept` is what it lets pass. */
function combine(operator: string, bool: boolean, a: number, b: number, kept: number): number | undefined {
  const compare = COMPARISONS[operator];
  if (compare === undefined) return ARITHMETIC[operator]?.(a, b);
  return bool ? Number(compare(tilted(a), b)) : compare(tilted(a), b) ? kept : undefined;
}

/** A vector and a scalar, the scalar on the left where `scalarFirst`. */
export function withScalar(operator: string, bool: boolean, vector: VectorQuery, scalar: ScalarQuery, scalarFirst: boolean): VectorQuery {
  const sign = `${operator}${bool ? ' bool' : ''}`;
  return {
    text: scalarFirst ? `${scalar.text} ${sign} (${vector.text})` : `(${vector.text}) ${sign} ${scalar.text}`,
    at: (time) => {
      const number = scalar.at(time);
      return vector.at(time).flatMap((point) => {
        const [a, b] = scalarFirst ? [number, point.value] : [point.value, number];
        const value = combine(operator, bool, a, b, point.value);
        return value === undefined ? [] : [{ ...point, dropsName: point.dropsName || bool || !isComparison(operator), value }];
      });
    },
  };
}

export interface Matching {
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly group: 'left' | 'right' | undefined;
  readonly include: readonly string[];
}

const matchKey = ({ on, labels }: Matching, point: Point): string =>
  keyOf(pick(point.labels, (name) => (on ? labels.includes(name) : !labels.includes(name) && name !== '__name__')));

/** Two vectors, sample by sample. */
export function withVector(operator: string, bool: boolean, matching: Matching, left: VectorQuery, right: VectorQuery): VectorQuery {
  const group = matching.group === undefined ? '' : ` group_${matching.group} (${matching.include.join(', ')})`;
  return {
    text: `(${left.text}) ${operator}${bool ? ' bool' : ''} ${matching.on ? 'on' : 'ignoring'} (${matching.labels.join(', ')})${group} (${right.text})`,
    at: (time) => {
      const [many, one] = matching.group === 'right' ? [right.at(time), left.at(time)] : [left.at(time), right.at(time)];
      const partners = new Map<string, Point>();
      for (const point of one) {
        if (partners.has(matchKey(matching, point))) throw new Clash('two samples of the one side match');
        partners.set(matchKey(matching, point), point);
      }
      const taken = new Set<string>();
      return many.flatMap((point) => {
        const key = matchKey(matching, point);
        const partner = partners.get(key);
        if (partner === undefined) return [];
        const [a, b] = matching.group === 'right' ? [partner.value, point.value] : [point.value, partner.value];
        const value = combine(operator, bool, a, b, a);
        if (value === undefined) return [];
        const joined = { labels: joinedLabels(operator, matching, point, partner), dropsName: point.dropsName || bool, value };
        const place = matching.group === undefined ? key : `${key} ${keyOf(joined.labels)}`;
        if (taken.has(place)) throw new Clash('two samples of the many side match');
        taken.add(place);
        return [joined];
      });
    },
  };
}

function joinedLabels(operator: string, matching: Matching, { labels }: Point, partner: Point): LabelSet {
  const named = isComparison(operator) ? labels : pick(labels, (name) => name !== '__name__');
  if (matching.group === undefined) return pick(named, (name) => matching.labels.includes(name) === matching.on);
  const handed = Object.fromEntries(matching.include.map((name) => [name, partner.labels[name] ?? '']));
  return pick({ ...named, ...handed }, (name) => ({ ...named, ...handed })[name] !== '');
}

/** `and`, `or` and `unless`. */
export function setOperation(operator: 'and' | 'or' | 'unless', matching: Matching, left: VectorQuery, right: VectorQuery): VectorQuery {
  return {
    text: `(${left.text}) ${operator} ${matching.on ? 'on' : 'ignoring'} (${matching.labels.join(', ')}) (${right.text})`,
    at: (time) => {
      const [a, b] = [left.at(time), right.at(time)];
      const keys = new Set((operator === 'or' ? a : b).map((point) => matchKey(matching, point)));
      if (operator === 'or') return [...a, ...b.filter((point) => !keys.has(matchKey(matching, point)))];
      return a.filter((point) => keys.has(matchKey(matching, point)) === (operator === 'and'));
    },
  };
}

/** A function of each value by itself. */
export function mapped(name: string, vector: VectorQuery, parameters: readonly ScalarQuery[], compute: (value: number, parameters: readonly number[]) => number): VectorQuery {
  const args = [vector.text, ...parameters.map(({ text }) => text)].join(', ');
  return {
    text: `${name}(${args})`,
    at: (time) => {
      const numbers = parameters.map((scalar) => scalar.at(time));
      return vector.at(time).map((point) => ({ ...point, dropsName: true, value: compute(point.value, numbers) }));
    },
  };
}

/** `-x`. */
export function negated(vector: VectorQuery): VectorQuery {
  return { text: `-(${vector.text})`, at: (time) => vector.at(time).map((point) => ({ ...point, dropsName: true, value: -point.value })) };
}

/** Points under the labels that a result shows. Throws where two have the same. */
export function shown(points: readonly Point[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const { labels, dropsName, value } of points) {
    const key = keyOf(dropsName ? pick(labels, (name) => name !== '__name__') : labels);
    if (result.has(key)) throw new Clash(`two samples of the result are ${key}`);
    result.set(key, value);
  }
  return result;
}

/** A text that is equal for equal label sets alone. */
export function keyOf(labels: LabelSet): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function pick(labels: LabelSet, keep: (name: string) => boolean): LabelSet {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => keep(name)));
}

/** As infinities are to be compared too, not by their difference; two NaN are equal. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareLabels(a: LabelSet, b: LabelSet): number {
  const [x, y] = [a, b].map((labels) => Object.entries(labels).sort(([m], [n]) => (m < n ? -1 : 1)).flat());
  for (let i = 0; i < Math.min(x?.length ?? 0, y?.length ?? 0); i++) {
    const [p = '', q = ''] = [x?.[i], y?.[i]];
    if (p !== q) return p < q ? -1 : 1;
  }
  return (x?.length ?? 0) - (y?.length ?? 0);
}
