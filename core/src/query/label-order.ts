import type { Label } from '@metrics-dashboard/sdk';
import { isMetadata } from './operators/operator.js';
import type { OutputSeries } from './operators/operator.js';

/** Where series stand in a result: sorted by what is shown of their labels; those that show the same are one row. */
export interface RankedSeries {
  readonly rows: number;
  /** The row of each series. */
  readonly rowOf: Uint32Array<ArrayBuffer>;
  /** The first series of each row. */
  readonly firstOf: Uint32Array<ArrayBuffer>;
}

/** The labels that a result shows of a series. */
export function shownLabels({ labels, dropsName }: OutputSeries): readonly Label[] {
  const all = [...labels];
  return dropsName ? all.filter(({ name }) => !isMetadata(name)) : all;
}

/**
 * Sorts series by their labels: name by name and value by value, a set before those it begins. Each distinct pair gets
 * the number of its place among all pairs, so that label sets are compared by numbers, and no text is made of them.
 */
export function rankSeries(series: readonly OutputSeries[]): RankedSeries {
  const { starts, pairs } = numbered(series);
  const compare = (a: number, b: number): number => {
    const first = starts[a] as number;
    const other = starts[b] as number;
    const lengthOf = (starts[a + 1] as number) - first;
    const lengthOfOther = (starts[b + 1] as number) - other;
    for (let k = 0; k < lengthOf && k < lengthOfOther; k++) {
      const order = (pairs[first + k] as number) - (pairs[other + k] as number);
      if (order !== 0) return order;
    }
    return lengthOf - lengthOfOther;
  };
  const order = Array.from(series, (_, i) => i);
  if (!isInOrder(order.length, compare)) order.sort((a, b) => compare(a, b) || a - b);
  const rowOf = new Uint32Array(series.length);
  const firstOf = new Uint32Array(series.length);
  let rows = 0;
  order.forEach((i, place) => {
    if (place === 0 || compare(order[place - 1] as number, i) !== 0) firstOf[rows++] = i;
    rowOf[i] = rows - 1;
  });
  return { rows, rowOf, firstOf: firstOf.subarray(0, rows) };
}

function isInOrder(count: number, compare: (a: number, b: number) => number): boolean {
  for (let i = 1; i < count; i++) if (compare(i - 1, i) > 0) return false;
  return true;
}

/** The pairs of series i as numbers, ascending as the pairs are: `pairs` from `starts[i]` up to `starts[i + 1]`. */
function numbered(series: readonly OutputSeries[]): { starts: Uint32Array; pairs: Uint32Array } {
  const starts = new Uint32Array(series.length + 1);
  const pairs = new Uint32Array(series.reduce((sum, { labels }) => sum + labels.size, 0));
  const byName = new Map<string, Map<string, number>>();
  const known: Label[] = [];
  let at = 0;
  series.forEach(({ labels, dropsName }, i) => {
    for (const label of labels) {
      if (dropsName && isMetadata(label.name)) continue;
      let byValue = byName.get(label.name);
      if (byValue === undefined) byName.set(label.name, (byValue = new Map<string, number>()));
      let pair = byValue.get(label.value);
      if (pair === undefined) byValue.set(label.value, (pair = known.push(label) - 1));
      pairs[at++] = pair;
    }
    starts[i + 1] = at;
  });
  const rank = ranksOf(known);
  for (let k = 0; k < at; k++) pairs[k] = rank[pairs[k] as number] as number;
  return { starts, pairs };
}

function ranksOf(labels: readonly Label[]): Uint32Array {
  const order = Array.from(labels, (_, i) => i).sort((a, b) => comparePairs(labels[a], labels[b]));
  const rank = new Uint32Array(labels.length);
  order.forEach((i, place) => (rank[i] = place));
  return rank;
}

function comparePairs(a: Label | undefined, b: Label | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}
