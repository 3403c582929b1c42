import { METRIC_NAME } from '@metrics-dashboard/sdk';
import type { Grouping } from '../language/ast.js';
import { LabelGroups } from './label-groups.js';
import type { OutputSeries } from './operator.js';

export interface Groups {
  /** The group of each series. */
  readonly groups: Uint32Array<ArrayBuffer>;
  /** A series for each group. */
  readonly series: readonly OutputSeries[];
}

/** Sorts series into groups by the labels that are grouped by: `by` keeps what it names, `without` loses the metric name as well. */
export function groupSeries(series: readonly OutputSeries[], { without, labels: named }: Grouping): Groups {
  const found = new LabelGroups({ without, labels: without ? [...named, METRIC_NAME] : named });
  const groups = new Uint32Array(series.length);
  // A group is no longer the metric's own as soon as one of its members isn't.
  const dropsName: boolean[] = [];
  series.forEach((one, i) => {
    const group = found.groupOf(one.labels);
    groups[i] = group;
    dropsName[group] ||= one.dropsName;
  });
  return { groups, series: found.labels.map((labels, group) => ({ labels, dropsName: dropsName[group] === true && labels.has(METRIC_NAME) })) };
}
