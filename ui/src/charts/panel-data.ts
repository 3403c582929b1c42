/** The labels of a series. */
export type Labels = Readonly<Record<string, string>>;

/** One line of a panel: its values on the panel's grid. `undefined` is a step without a sample; NaN and the infinities are samples. */
export interface PanelSeries {
  /** Identity of the line: the query's place and the label set. */
  readonly key: string;
  readonly labels: Labels;
  /** What the legend calls it. */
  readonly name: string;
  readonly values: readonly (number | undefined)[];
  /** The key of the series whose past this is, where it is one. */
  readonly pastOf?: string;
}

/** A value of the series of a key, as people read it. */
export type SeriesText = (key: string, value: number | undefined) => string;

/** A remark about the series of a key; empty without one. */
export type SeriesNote = (key: string) => string;

/** Whether something holds of the series of a key. */
export type SeriesTest = (key: string) => boolean;

/** What a panel draws: all series on one array of times. */
export interface PanelData {
  readonly times: readonly number[];
  readonly series: readonly PanelSeries[];
}

/** What the legend says of a series, over the finite values on screen; `undefined` without any. */
export interface SeriesSummary {
  readonly last: number | undefined;
  readonly min: number | undefined;
  readonly mean: number | undefined;
  readonly max: number | undefined;
}

/** Last, least, mean and largest of the finite values. */
export function summarize(values: readonly (number | undefined)[]): SeriesSummary {
  let count = 0;
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  let last: number | undefined;
  for (const value of values) {
    if (value === undefined || !Number.isFinite(value)) continue;
    count++;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    last = value;
  }
  return count === 0 ? { last, min: undefined, mean: undefined, max: undefined } : { last, min, mean: sum / count, max };
}

/** Series may stop this many steps before the last one and still count as going on: samples do not arrive all at once. */
const slack = 2;

/** When each series ended that did before the last step of the panel. */
export function endings({ times, series }: PanelData): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { key, values, pastOf } of series) {
    const last = values.findLastIndex((value) => value !== undefined);
    const at = times[last];
    if (at !== undefined && pastOf === undefined && last < times.length - 1 - slack) found.set(key, at);
  }
  return found;
}

/** The text form of a label set, as in the query language: `up{job="self"}`. */
export function labelSetText(labels: Labels): string {
  const name = labels.__name__ ?? '';
  const pairs = Object.keys(labels)
    .filter((label) => label !== '__name__')
    .sort()
    .map((label) => `${label}=${JSON.stringify(labels[label])}`);
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`;
}

/** A series' name by a legend template: `{{label}}` takes the label's value; an empty template gives the label set itself. */
export function legendName(template: string, labels: Labels): string {
  if (template === '') return labelSetText(labels);
  return template.replace(/\{\{\s*([^}\s]+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
}

/** Least and largest finite value of several series; infinities the wrong way round without any. */
export function extent(series: readonly PanelSeries[]): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const { values } of series) {
    for (const value of values) {
      if (value === undefined || !Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { low, high };
}

/** The index of the time nearest to `at` in a sorted array; -1 when it is empty. */
export function nearestIndex(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const before = times[low - 1];
  const here = times[low];
  return before !== undefined && here !== undefined && at - before <= here - at ? low - 1 : here === undefined ? -1 : low;
}
