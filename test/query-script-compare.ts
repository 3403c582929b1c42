import type { QueryResult } from '@metrics-dashboard/core';
import { Labels } from '@metrics-dashboard/sdk';
import type { NotedSeries } from '@metrics-dashboard/sdk/testing';
import type { Evaluation } from './query-script-parse.js';

const TOLERANCE = 1e-6;
const SMALLEST_NORMAL = 2 ** -1022;

/** The first difference between an answer and what a script wants; undefined: none. */
export function compareResult(wanted: Evaluation, result: QueryResult): string | undefined {
  if (wanted.text !== undefined || result.type === 'string') {
    return result.text === wanted.text ? undefined : `the text ${JSON.stringify(result.text)}, expected ${JSON.stringify(wanted.text)}`;
  }
  if (wanted.scalar !== undefined || result.type === 'scalar') return compareScalar(wanted.scalar, result);
  return compareSeries(wanted, result);
}

function compareScalar(wanted: number | undefined, result: QueryResult): string | undefined {
  const value = result.values[0] ?? NaN;
  if (wanted === undefined || result.type !== 'scalar') return `a ${result.type}, expected ${wanted === undefined ? 'series' : 'a scalar'}`;
  return almostEqual(wanted, value) ? undefined : `${value}, expected ${wanted}`;
}

function compareSeries(wanted: Evaluation, result: QueryResult): string | undefined {
  const places = new Map(wanted.series.map((series, i) => [series.labels.key, i]));
  const found = new Set<number>();
  for (const [i, pairs] of result.series.entries()) {
    const labels = Labels.from(pairs.map(({ name, value }): [string, string] => [name, value]));
    const place = places.get(labels.key);
    const series = place === undefined ? undefined : wanted.series[place];
    if (place === undefined || series === undefined) return `unexpected series ${labels.toString()}`;
    if (found.has(place)) return `${labels.toString()} twice`;
    if (wanted.ordered && place !== i) return `${labels.toString()} at place ${i}, expected at ${place}`;
    found.add(place);
    const problem = comparePoints(wanted, series, result, i);
    if (problem !== undefined) return `${labels.toString()}: ${problem}`;
  }
  const missing = wanted.series.find((_, i) => !found.has(i));
  return missing && `no series ${missing.labels.toString()}`;
}

function comparePoints(wanted: Evaluation, series: NotedSeries, result: QueryResult, i: number): string | undefined {
  const from = result.offsets[i] ?? 0;
  const to = result.offsets[i + 1] ?? 0;
  const { start, step } = wanted.points ?? wanted;
  const { times, values } = series.columns(start, step);
  if (times.length !== to - from) return `${to - from} points [${shown(result.values.subarray(from, to))}], expected ${times.length} [${shown(values)}]`;
  for (let k = 0; k < times.length; k++) {
    const [time, value] = [result.times[from + k] ?? NaN, result.values[from + k] ?? NaN];
    if (time !== times[k]) return `a point at ${time}, expected at ${times[k]}`;
    if (!almostEqual(values[k] ?? NaN, value)) return `${value} at ${time}, expected ${values[k]}`;
  }
  return undefined;
}

function shown(values: Float64Array): string {
  return [...values].join(' ');
}

function almostEqual(a: number, b: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < TOLERANCE * SMALLEST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE;
}
