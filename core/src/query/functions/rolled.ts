import { isStale } from '@metrics-dashboard/sdk';
import type { Column } from '@metrics-dashboard/sdk';
import { CompensatedSum } from './compensated-sum.js';

/** A column of rolled-up windows; raw samples that follow them are windows of one sample. */
export type RolledColumn = Exclude<Column, 'value'>;

/** The windows [from, to) that a step sees, as columns in the order that the function named them. There is at least one. */
export interface RolledWindow {
  readonly columns: readonly Float64Array[];
  readonly from: number;
  readonly to: number;
  /** The step's own window, (end - range, end]. */
  readonly end: number;
  readonly range: number;
  /** What the windows cover: the same on their grid, else more. */
  readonly covered: { readonly start: number; readonly end: number };
}

/** A range function that rollups can answer; undefined is no result. */
export interface RolledFunction {
  readonly columns: readonly RolledColumn[];
  compute(window: RolledWindow): number | undefined;
}

/** Ranges of so many windows and more add their increases up; shorter ones are extrapolated as raw samples are. */
const MANY_WINDOWS = 12;

const functions: Readonly<Record<string, RolledFunction>> = {
  sum_over_time: { columns: ['sum'], compute: (window) => total(window, 0) },
  count_over_time: { columns: ['count'], compute: (window) => total(window, 0) },
  avg_over_time: { columns: ['sum', 'count'], compute: (window) => total(window, 0) / total(window, 1) },
  min_over_time: { columns: ['min'], compute: (window) => extreme(window, Math.min) },
  max_over_time: { columns: ['max'], compute: (window) => extreme(window, Math.max) },
  first_over_time: { columns: ['first'], compute: ({ columns: [first], from }) => first?.[from] },
  last_over_time: { columns: ['last'], compute: ({ columns: [last], to }) => last?.[to - 1] },
  ts_of_first_over_time: { columns: ['firstTime'], compute: ({ columns: [time], from }) => (time?.[from] ?? NaN) / 1000 },
  ts_of_last_over_time: { columns: ['lastTime'], compute: ({ columns: [time], to }) => (time?.[to - 1] ?? NaN) / 1000 },
  present_over_time: { columns: ['count'], compute: () => 1 },
  delta: { columns: ['firstTime', 'lastTime', 'count', 'first', 'last'], compute: changed },
};

/** The sums of increases, which reach from the last sample before each window. */
const added: RolledFunction = { columns: ['increase', 'count'], compute: (window) => (hasTwo(window, 1) ? spread(window, total(window, 0)) : undefined) };
/** The difference between the first and the last sample, extrapolated to the edges. */
const extrapolated: RolledFunction = { columns: ['firstTime', 'lastTime', 'count', 'first', 'increase', 'increaseWithin'], compute: risen };

/** How rollups of at most such a resolution answer a function over a range; undefined: it needs raw samples. */
export function rolledFunction(name: string, range: number, resolution: number): RolledFunction | undefined {
  if (name === 'rate' || name === 'increase') {
    const gain = range >= MANY_WINDOWS * resolution ? added : extrapolated;
    return name === 'increase' ? gain : { ...gain, compute: (window) => divided(gain.compute(window), window.range / 1000) };
  }
  return Object.hasOwn(functions, name) ? functions[name] : undefined;
}

/** What an instant selector sees of rollups: the newest sample, or when that was. */
export function rolledSelect(yields: 'value' | 'time'): RolledFunction {
  return {
    columns: ['last', 'lastTime'],
    compute: ({ columns: [last, time], to, end, range }) => {
      const value = last?.[to - 1] ?? NaN;
      const at = time?.[to - 1] ?? NaN;
      if (isStale(value) || at <= end - range) return undefined;
      return yields === 'time' ? at / 1000 : value;
    },
  };
}

function divided(value: number | undefined, by: number): number | undefined {
  return value === undefined ? undefined : value / by;
}

function total({ columns, from, to }: RolledWindow, which: number): number {
  const column = columns[which];
  const sum = new CompensatedSum();
  if (column !== undefined) for (let i = from; i < to; i++) sum.add(column[i] as number);
  return sum.total;
}

/** Whether the windows hold two samples at least, by the column of their counts. */
function hasTwo({ columns, from, to }: RolledWindow, which: number): boolean {
  let count = 0;
  for (let i = from; i < to && count < 2; i++) count += columns[which]?.[i] ?? 0;
  return count >= 2;
}

/** NaN where there is nothing else. */
function extreme({ columns: [column], from, to }: RolledWindow, better: (a: number, b: number) => number): number {
  let found = NaN;
  for (let i = from; i < to; i++) {
    const value = column?.[i] as number;
    if (!Number.isNaN(value)) found = Number.isNaN(found) ? value : better(found, value);
  }
  return found;
}

/** What was gained in the time that the windows cover, as much of it as the step's window is. */
function spread({ covered, range }: RolledWindow, gain: number): number {
  return (gain * range) / (covered.end - covered.start);
}

function risen(window: RolledWindow): number | undefined {
  const { columns, from, to } = window;
  let gain = columns[5]?.[from] ?? NaN;
  for (let i = from + 1; i < to; i++) gain += columns[4]?.[i] as number;
  return extrapolate(window, gain, columns[3]?.[from] ?? NaN);
}

function changed(window: RolledWindow): number | undefined {
  const { columns, from, to } = window;
  return extrapolate(window, (columns[4]?.[to - 1] ?? NaN) - (columns[3]?.[from] ?? NaN), undefined);
}

/**
 * The first columns are the times of the first and last samples, and counts. As with raw samples the difference between
 * them reaches to the edges when they come close enough, else half an average interval further. `counter` is the first
 * value of a counter, which can't have been below zero.
 */
function extrapolate(window: RolledWindow, difference: number, counter: number | undefined): number | undefined {
  const { columns: [firstTime, lastTime], from, to, covered } = window;
  const count = total(window, 2);
  if (firstTime === undefined || lastTime === undefined || count < 2) return undefined;
  const first = firstTime[from] as number;
  const last = lastTime[to - 1] as number;
  const sampled = last - first;
  const average = sampled / (count - 1);
  const reach = (gap: number): number => (gap >= average * 1.1 ? average / 2 : gap);
  const toZero = counter !== undefined && difference > 0 && counter >= 0 ? sampled * (counter / difference) : Infinity;
  const toStart = Math.min(reach(first - covered.start), toZero);
  return spread(window, (difference * (sampled + toStart + reach(covered.end - last))) / sampled);
}
