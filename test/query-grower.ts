import type { Random } from '@metrics-dashboard/sdk/testing';
import { AGGREGATIONS, OPERATORS, aggregate, isComparison, mapped, negated, overRange, overSubquery, select, setOperation, withScalar, withVector } from './naive-query.js';
import type { Grouping, Matching, NaiveSeries, OverWindows, ScalarQuery, Selection, Shift, VectorQuery } from './naive-query.js';
import { WINDOW_FUNCTIONS, predicted, tilted } from './naive-windows.js';

const LABELS = ['job', 'instance', 'zone'];
/** Scalars that stand around the range of some functions. */
const PARAMETERS: Readonly<Record<string, { before?: readonly (readonly string[])[]; after?: readonly (readonly string[])[] }>> = {
  quantile_over_time: { before: [['0', '0.25', '0.9', '1', '1.5']] },
  double_exponential_smoothing: { after: [['0.3', '0.7'], ['0.2', '0.6']] },
};
const MAPPINGS: Readonly<Record<string, { parameters: readonly (readonly string[])[]; compute: (value: number, parameters: readonly number[]) => number }>> = {
  abs: { parameters: [], compute: Math.abs },
  ceil: { parameters: [], compute: (value) => Math.ceil(tilted(value)) },
  floor: { parameters: [], compute: (value) => Math.floor(tilted(value)) },
  sqrt: { parameters: [], compute: Math.sqrt },
  exp: { parameters: [], compute: Math.exp },
  sgn: { parameters: [], compute: (value) => Math.sign(tilted(value)) },
  round: { parameters: [['5', '0.5']], compute: (value, [nearest = 1]) => Math.floor(tilted(value) * (1 / nearest) + 0.5) / (1 / nearest) },
  clamp: { parameters: [['-3', '2'], ['10', '20']], compute: (value, [least = NaN, most = NaN]) => Math.max(least, Math.min(most, value)) },
  clamp_min: { parameters: [['-3', '7']], compute: (value, [least = NaN]) => Math.max(least, value) },
  clamp_max: { parameters: [['0', '30']], compute: (value, [most = NaN]) => Math.min(most, value) },
  deg: { parameters: [], compute: (value) => (value * 180) / Math.PI },
};

/** Grows queries of any shape over some series. Most have an answer; some have label sets that clash, which is one too. */
export class QueryGrower {
  readonly #dice: Random;
  readonly #series: readonly NaiveSeries[];
  /** How old a sample may be and still count. */
  lookback = 300_000;
  /** What `@ start()` and `@ end()` mean. */
  range = { start: 0, end: 0 };

  constructor(dice: Random, series: readonly NaiveSeries[]) {
    this.#dice = dice;
    this.#series = series;
  }

  vector(depth: number): VectorQuery {
    const dice = this.#dice;
    if (depth <= 0) return dice.chance(0.4) ? select(this.#selection(), this.lookback) : this.#ranged();
    switch (dice.below(9)) {
      case 0:
      case 1:
        return this.#aggregated(this.vector(depth - 1));
      case 2:
        return this.#withScalar(this.vector(depth - 1), depth);
      case 3:
      case 4:
        return this.#joined(depth);
      case 5:
        return this.#set(depth);
      case 6:
        return dice.chance(0.1) ? negated(this.vector(depth - 1)) : this.#mapped(this.vector(depth - 1));
      case 7:
        // Ranges that leave no step of the inner grid out: the engine computes them all, and meets each clash.
        return overSubquery(this.vector(depth - 1), { step: dice.pick([30_000, 41_000, 60_000, undefined]), shift: this.#shift() }, this.#windowFunction(dice.pick([180_000, 200_000, 70_000])));
      default:
        return this.#aggregated(this.#ranged());
    }
  }

  #scalar(depth: number): ScalarQuery {
    const dice = this.#dice;
    const number = dice.pick(['2', '0.5', '-3', '7', '0']);
    if (depth <= 0 || dice.chance(0.5)) return { text: `(${number})`, at: () => Number(number) };
    if (dice.chance(0.4)) return { text: 'time()', at: (time) => time / 1000 };
    const inner = this.vector(depth - 1);
    return {
      text: `scalar(${inner.text})`,
      at: (time) => {
        const points = inner.at(time);
        return points.length === 1 ? (points[0]?.value ?? NaN) : NaN;
      },
    };
  }

  #selection(): Selection {
    const dice = this.#dice;
    const metric = dice.pick(['requests_total', 'errors_total', 'temperature']);
    const matchers = dice.pick<readonly [string, (labels: Readonly<Record<string, string>>) => boolean]>([
      ['', () => true],
      ['{job="a"}', ({ job }) => job === 'a'],
      ['{instance!="2"}', ({ instance }) => instance !== '2'],
      ['{instance=~"1|3"}', ({ instance = '' }) => ['1', '3'].includes(instance)],
      ['{zone!~"n.*"}', ({ zone = '' }) => !zone.startsWith('n')],
      ['{zone=""}', ({ zone = '' }) => zone === ''],
    ]);
    return { text: `${metric}${matchers[0]}`, series: this.#series.filter(({ labels }) => labels['__name__'] === metric && matchers[1](labels)), shift: this.#shift() };
  }

  #shift(): Shift {
    const { start, end } = this.range;
    return this.#dice.pick<Shift>([
      { text: '', offset: 0, at: undefined },
      { text: '', offset: 0, at: undefined },
      { text: '', offset: 0, at: undefined },
      { text: ' offset 2m', offset: 120_000, at: undefined },
      { text: ' offset -90s', offset: -90_000, at: undefined },
      { text: ' @ 900', offset: 0, at: 900_000 },
      { text: ' @ 1200 offset 33s', offset: 33_000, at: 1_200_000 },
      { text: ' @ start()', offset: 0, at: start },
      { text: ' offset 1m @ end()', offset: 60_000, at: end },
    ]);
  }

  #ranged(): VectorQuery {
    return overRange(this.#selection(), this.#windowFunction(this.#dice.pick([60_000, 300_000, 47_000, 15_000, 10_000])));
  }

  #windowFunction(range: number): OverWindows {
    const name = this.#dice.pick([...Object.keys(WINDOW_FUNCTIONS), 'rate', 'increase', 'predict_linear']);
    if (name === 'predict_linear') {
      const seconds = this.#numbers([['60', '-20', '3600']]);
      return { name, before: [], after: seconds, range, compute: (window, [ahead = NaN], time) => predicted(window, time, ahead) };
    }
    const { before = [], after = [] } = PARAMETERS[name] ?? {};
    const compute = WINDOW_FUNCTIONS[name];
    return { name, before: this.#numbers(before), after: this.#numbers(after), range, compute: (window, parameters) => compute?.(window, parameters) };
  }

  #numbers(choices: readonly (readonly string[])[]): ScalarQuery[] {
    return choices.map((texts) => {
      const text = this.#dice.pick(texts);
      return { text, at: () => Number(text) };
    });
  }

  #grouping(): Grouping {
    return { without: this.#dice.chance(0.4), labels: LABELS.filter(() => this.#dice.chance(0.5)) };
  }

  #aggregated(inner: VectorQuery): VectorQuery {
    const dice = this.#dice;
    const name = dice.pick(AGGREGATIONS);
    switch (name) {
      case 'count_values':
        // Of values that are written as they are here.
        return aggregate(name, this.#grouping(), mapped('floor', select(this.#selection(), this.lookback), [], Math.floor), 'found');
      case 'quantile':
        return aggregate(name, this.#grouping(), inner, dice.chance(0.7) ? this.#numbers([['0.5', '0', '0.95', '-1']])[0] : this.#scalar(1));
      case 'topk':
      case 'bottomk':
        return aggregate(name, this.#grouping(), inner, this.#numbers([['1', '2', '3', '0', '50']])[0]);
      default:
        return aggregate(name, this.#grouping(), inner);
    }
  }

  #operator(): { operator: string; bool: boolean } {
    const operator = this.#dice.pick(OPERATORS);
    return { operator, bool: isComparison(operator) && this.#dice.chance(0.4) };
  }

  #withScalar(vector: VectorQuery, depth: number): VectorQuery {
    const { operator, bool } = this.#operator();
    return withScalar(operator, bool, vector, this.#scalar(depth - 1), this.#dice.chance(0.3));
  }

  #matching(): Matching {
    const on = this.#dice.chance(0.6);
    return { on, labels: LABELS.filter(() => this.#dice.chance(on ? 0.7 : 0.2)), group: undefined, include: [] };
  }

  /** One-to-one joins of equal groups mostly, which match; and many-to-one ones. */
  #joined(depth: number): VectorQuery {
    const dice = this.#dice;
    const { operator, bool } = this.#operator();
    const matching = { ...this.#matching(), on: true };
    if (dice.chance(0.1)) return withVector(operator, bool, this.#matching(), this.vector(depth - 1), this.vector(depth - 1));
    const one = aggregate(dice.pick(['sum', 'max', 'count']), { without: false, labels: matching.labels }, this.vector(depth - 1));
    if (dice.chance(0.5)) return withVector(operator, bool, matching, one, aggregate('avg', { without: false, labels: matching.labels }, this.vector(depth - 1)));
    const include = dice.chance(0.3) ? LABELS.filter((name) => !matching.labels.includes(name) && dice.chance(0.5)) : [];
    const named = { ...matching, group: dice.pick(['left', 'right'] as const), include };
    return named.group === 'left' ? withVector(operator, bool, named, this.vector(depth - 1), one) : withVector(operator, bool, named, one, this.vector(depth - 1));
  }

  #set(depth: number): VectorQuery {
    return setOperation(this.#dice.pick(['and', 'or', 'unless'] as const), this.#matching(), this.vector(depth - 1), this.vector(depth - 1));
  }

  #mapped(vector: VectorQuery): VectorQuery {
    const name = this.#dice.pick(Object.keys(MAPPINGS));
    const { parameters, compute } = MAPPINGS[name] ?? { parameters: [], compute: Number };
    return mapped(name, vector, this.#numbers(parameters), compute);
  }
}
