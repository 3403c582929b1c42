import type { ScrapeConfig } from '../../scrape/scrape-config.js';
import { count, withDefault } from '../values.js';

/** Keys that jobs and `global:` have alike; 0 is no limit. */
export const TARGET_LIMIT_KEYS = {
  label_limit: withDefault(count(), 0),
  label_name_length_limit: withDefault(count(), 0),
  label_value_length_limit: withDefault(count(), 0),
  target_limit: withDefault(count(), 0),
  keep_dropped_targets: withDefault(count(), 0),
};

export type TargetLimits = Readonly<Record<keyof typeof TARGET_LIMIT_KEYS, number>>;

/** The limits of a job: one of 0 is none of its own, so the one of all jobs holds. */
export function withTargetLimits(job: TargetLimits, all: TargetLimits): Pick<ScrapeConfig, 'labelLimits' | 'targetLimit' | 'keepDroppedTargets'> {
  return {
    labelLimits: {
      count: job.label_limit || all.label_limit,
      nameLength: job.label_name_length_limit || all.label_name_length_limit,
      valueLength: job.label_value_length_limit || all.label_value_length_limit,
    },
    targetLimit: job.target_limit || all.target_limit,
    keepDroppedTargets: job.keep_dropped_targets || all.keep_dropped_targets,
  };
}
