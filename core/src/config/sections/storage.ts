import type { StorageConfig } from '../config.js';
import type { ConfigPlace } from '../../plugin/plugin-config.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { ignoredKeys, warnIgnored } from '../ignored.js';
import { anything, optional, text } from '../values.js';
import { z } from 'zod';

const tsdb = keys({
  out_of_order_time_window: anything,
  retention: optional(keys({ time: anything, size: anything, ...ignoredKeys(['percentage']) })),
  ...ignoredKeys(['stale_series_compaction_threshold']),
});

const schema = z.preprocess(
  (value) => value ?? {},
  z.looseObject({ backend: optional(text), tsdb: optional(tsdb), exemplars: anything }),
);

/** Keys as Prometheus has them, and ours. */
const SAME = [
  [['tsdb', 'out_of_order_time_window'], 'out_of_order_window'],
  [['tsdb', 'retention', 'time'], 'retention'],
  [['tsdb', 'retention', 'size'], 'retention_size'],
] as const;

/**
 * Reads `storage:`. Its `backend` names the kind, `tsdb` unless said otherwise; all further keys are the backend's own and
 * checked by it. What Prometheus says under `storage.tsdb` is taken as ours; `storage.exemplars` is read with the limits.
 */
export function readStorage(section: Section): StorageConfig {
  const { backend, tsdb: _, exemplars: __, ...own } = section.read(schema);
  warnIgnored(section.inner('tsdb'), ['stale_series_compaction_threshold']);
  warnIgnored(section.inner('tsdb', 'retention'), ['percentage']);
  const config: Record<string, unknown> = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null));
  const place = section.at;
  const parts: NonNullable<ConfigPlace['parts']> = { ...place.parts };
  for (const [path, name] of SAME) {
    const given = section.inner(...path);
    if (given.value === undefined || given.value === null) continue;
    if (name in config) throw given.error(`says the same as storage.${name}, which is there too`);
    config[name] = given.value;
    Object.assign(parts, { [name]: { line: given.at.line ?? 1, column: given.at.column ?? 1 } });
  }
  return { backend: { kind: backend ?? 'tsdb', config, at: { ...place, parts } } };
}
