import type { Labels } from '@metrics-dashboard/sdk';
import type { Timestamp } from '@metrics-dashboard/sdk';
import { expositionOf, formatValue } from '../ingest/families.js';
import type { MetricFamily } from '../ingest/families.js';

/** What was pushed under one set of grouping labels, and is offered again and again until it is deleted. */
export interface PushedGroup {
  readonly labels: Labels;
  /** When it last changed; 0: no push succeeded. */
  readonly pushed: Timestamp;
  /** When a push was last refused; 0: none was. */
  readonly failed: Timestamp;
  readonly families: ReadonlyMap<string, MetricFamily>;
}

/** Metrics about each group; nobody may push them. Source: https://github.com/prometheus/pushgateway#about-metric-inconsistencies and above. */
const PUSH_TIME = 'push_time_seconds';
const FAILURE_TIME = 'push_failure_time_seconds';

export function isReserved(metric: string): boolean {
  return metric === PUSH_TIME || metric === FAILURE_TIME;
}

/** The families of a push put in the place of all that the group has, or of those of the same name. */
export function withFamilies(group: PushedGroup, mode: 'replace' | 'merge', families: readonly MetricFamily[], at: Timestamp): PushedGroup {
  const kept = mode === 'merge' ? [...group.families] : [];
  return { ...group, pushed: at, families: new Map([...kept, ...families.map((family) => [family.name, family] as const)]) };
}

/** A group's exposition: what was pushed, and when. */
export function textOfGroup({ labels, pushed, failed, families }: PushedGroup): string {
  const times = [
    timeFamily(PUSH_TIME, 'Last Unix time when changing this group succeeded.', labels, pushed),
    timeFamily(FAILURE_TIME, 'Last Unix time when changing this group failed.', labels, failed),
  ];
  return expositionOf([...families.values(), ...times]);
}

function timeFamily(name: string, help: string, labels: Labels, at: Timestamp): MetricFamily {
  const series = labels.with({ __name__: name }).toString();
  return { name, type: 'gauge', help, unit: '', lines: `${series} ${formatValue(at / 1000)}\n` };
}

/** About how much memory and disk a group takes, in characters. */
export function sizeOf({ labels, families }: PushedGroup): number {
  let size = 500 + labels.key.length;
  for (const { name, help, unit, lines } of families.values()) size += 100 + name.length + help.length + unit.length + lines.length;
  return size;
}
