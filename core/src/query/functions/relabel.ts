import { Labels, METRIC_NAME } from '@metrics-dashboard/sdk';
import type { CallBody } from '../operators/call.js';
import { presentColumns } from '../operators/operator.js';
import type { OutputSeries } from '../operators/operator.js';
import { byNumber, copy } from './instant.js';

/** The same samples under other label sets. */
function renaming(change: (series: OutputSeries) => OutputSeries): CallBody {
  return {
    series: ([vector = []]) => vector.map(change),
    compute: ([vector], out) => vector && copy(vector, out),
  };
}

/** `label_replace`: `replacement`, with `$1` or `${name}` filled in, where the whole source value matches. */
export function labelReplace(target: string, replacement: string, source: string, pattern: RegExp): CallBody {
  return renaming((series) => {
    const found = pattern.exec(series.labels.get(source));
    return found === null ? series : renamed(series, target, expand(replacement, found));
  });
}

/** `label_join`: the values of some labels with a separator between. */
export function labelJoin(target: string, separator: string, sources: readonly string[]): CallBody {
  return renaming((series) => renamed(series, target, sources.map((source) => series.labels.get(source)).join(separator)));
}

/** A metric name that is set anew stays. */
function renamed({ labels, dropsName }: OutputSeries, target: string, value: string): OutputSeries {
  const changed = Labels.from([...labels.pairs(), [target, value]]);
  return { labels: changed, dropsName: target === METRIC_NAME ? false : dropsName };
}

/** Go's template of a match: `$name` takes as many word characters as there are, a group that isn't there is empty. */
function expand(template: string, match: RegExpExecArray): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (all, bare?: string, braced?: string) => {
    if (all === '$$') return '$';
    const name = bare ?? braced ?? '';
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? '';
  });
}

/** `sort_by_label`: naturally, digits counting as numbers; ties go to the whole label set. */
export function sortingByLabels(names: readonly string[], descending: boolean): CallBody {
  let sorted: readonly OutputSeries[] = [];
  return {
    series: ([vector = []]) => (sorted = vector),
    compute: ([vector], out) => vector && copy(vector, out),
    order: (only) => {
      const columns = presentColumns(only);
      const labelsOf = (i: number): Labels => sorted[i]?.labels ?? Labels.EMPTY;
      const sign = descending ? -1 : 1;
      return columns.sort((a, b) => {
        for (const name of names) {
          const order = naturally(labelsOf(a).get(name), labelsOf(b).get(name));
          if (order !== 0) return sign * order;
        }
        return sign * compareLabels(labelsOf(a), labelsOf(b));
      });
    },
  };
}

function naturally(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x = '', y = ''] = [left[i], right[i]];
    const order = /^\d/.test(x) && /^\d/.test(y) ? byNumber(Number(x), Number(y), false) : compareText(x, y);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The order of label sets: name by name and value by value, a set before those it begins. */
export function compareLabels(a: Labels, b: Labels): number {
  const right = [...b];
  let i = 0;
  for (const { name, value } of a) {
    const other = right[i++];
    if (other === undefined) return 1;
    const order = compareText(name, other.name) || compareText(value, other.value);
    if (order !== 0) return order;
  }
  return i - right.length;
}
