import { Labels, METRIC_NAME } from '@metrics-dashboard/sdk';
import { isComparison } from '../language/ast.js';
import type { BinaryOperator, Matching } from '../language/ast.js';
import { LabelGroups } from './label-groups.js';
import { withoutMetadata } from './operator.js';
import type { OutputSeries } from './operator.js';

/** The match group of each series of both sides; groups are numbered from 0. */
export interface MatchGroups {
  readonly left: Uint32Array<ArrayBuffer>;
  readonly right: Uint32Array<ArrayBuffer>;
  /** The labels of each group. */
  readonly labels: readonly Labels[];
}

export function matchGroups(left: readonly OutputSeries[], right: readonly OutputSeries[], { on, labels }: Matching): MatchGroups {
  const found = new LabelGroups({ without: !on, labels: on ? labels : [...labels, METRIC_NAME] });
  const number = (series: readonly OutputSeries[]): Uint32Array<ArrayBuffer> => Uint32Array.from(series, (one) => found.groupOf(one.labels));
  return { left: number(left), right: number(right), labels: found.labels };
}

/** The series that a sample of the many side and one of the one side make together. */
export function resultSeries(operator: BinaryOperator, bool: boolean, matching: Matching, many: OutputSeries, one: Labels): OutputSeries {
  let { labels } = many;
  if (!isComparison(operator)) labels = withoutMetadata(labels);
  if (matching.cardinality === 'one-to-one') {
    labels = matching.on ? labels.only(new Set(matching.labels)) : labels.without(new Set(matching.labels));
  }
  if (matching.include.length > 0) {
    labels = Labels.from([...labels.pairs(), ...matching.include.map((name): [string, string] => [name, one.get(name)])]);
  }
  return { labels, dropsName: many.dropsName || bool };
}
