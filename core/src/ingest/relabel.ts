import type { Labels } from '@metrics-dashboard/sdk';

export type RelabelAction =
  | 'replace'
  | 'keep'
  | 'drop'
  | 'keepequal'
  | 'dropequal'
  | 'hashmod'
  | 'labelmap'
  | 'labeldrop'
  | 'labelkeep'
  | 'lowercase'
  | 'uppercase';

/** One entry of `relabel_configs` or `metric_relabel_configs`, with the defaults filled in; plain data, so that it may cross a thread. */
export interface RelabelRule {
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  readonly targetLabel: string;
  /** Anchored at both ends. */
  readonly regex: string;
  readonly modulus: number;
  readonly replacement: string;
}

/** The labels after all rules; undefined when a rule dropped them. */
export type Relabel = (labels: Labels) => Labels | undefined;
