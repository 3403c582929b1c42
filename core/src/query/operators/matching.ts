import { Labels, METRIC_NAME } from '@metrics-dashboard/sdk';
import { isComparison } from '../language/ast.js';
import type { BinaryOperator, Matching } from '../language/ast.js';
import { withoutMetadata } from './operator.js';
import type { OutputSeries } from './operator.js';

/** The labels by which a series finds its partners. */
function matchingLabels({ on, labels }: Matching): (labels: Labels) => Labels {
  if (on) {
    const kept = new Set(labels);
    return (all) => all.only(kept);
  }
  const lost = new Set([...labels, METRIC_NAME]);
  return (all) => all.without(lost);
}

/** The match group of each series of both sides; groups are numbered from 0. */
export interface MatchGroups {
  readonly left: Uint32Array<ArrayBuffer>;
  readonly right: Uint32Array<ArrayBuffer>;
  /** The labels of each group. */
  readonly labels: readonly Labels[];
}

export function matchGroups(left: readonly OutputSeries[], right: readonly OutputSeries[], matching: Matching): MatchGroups {
  const labelsOf = matchingLabels(matching);
  const byKey = new Map<string, number>();
  const found: Labels[] = [];
  const number = (series: readonly OutputSeries[]): Uint32Array<ArrayBuffer> => {
    const groups = new Uint32Array(series.length);
    series.forEach(({ labels }, i) => {
      const kept = labelsOf(labels);
      let group = byKey.get(kept.key);
      if (group === undefined) {
        group = found.push(kept) - 1;
        byKey.set(kept.key, group);
      }
      groups[i] = group;
    });
    return groups;
  };
  return { left: number(left), right: number(right), labels: found };
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
