import { METRIC_NAME } from '@metrics-dashboard/sdk';
import type { Labels } from '@metrics-dashboard/sdk';
import type { Grouping } from '../language/ast.js';
import type { OutputSeries } from './operator.js';

export interface Groups {
  /** The group of each series. */
  readonly groups: Uint32Array<ArrayBuffer>;
  /** A series for each group. */
  readonly series: readonly OutputSeries[];
}

/** Sorts series into groups by the labels that are grouped by. */
export function groupSeries(series: readonly OutputSeries[], grouping: Grouping): Groups {
  const keyOf = groupingLabels(grouping);
  const groups = new Uint32Array(series.length);
  const found: { labels: Labels; dropsName: boolean }[] = [];
  const byKey = new Map<string, number>();
  series.forEach(({ labels, dropsName }, i) => {
    const kept = keyOf(labels);
    let group = byKey.get(kept.key);
    if (group === undefined) {
      group = found.push({ labels: kept, dropsName: false }) - 1;
      byKey.set(kept.key, group);
    }
    // A group is no longer the metric's own as soon as one of its members isn't.
    const joined = found[group];
    if (joined !== undefined && dropsName) joined.dropsName = kept.has(METRIC_NAME);
    groups[i] = group;
  });
  return { groups, series: found };
}

/** What a label set keeps in its group: `by` keeps what it names, `without` loses the metric name as well. */
function groupingLabels({ without, labels }: Grouping): (labels: Labels) => Labels {
  if (without) {
    const lost = new Set([...labels, METRIC_NAME]);
    return (all) => all.without(lost);
  }
  const kept = new Set(labels);
  return (all) => all.only(kept);
}
