import { formatDuration, messageOf, parseDuration } from '@metrics-dashboard/sdk';
import type { Duration } from '@metrics-dashboard/sdk';
import { z } from 'zod';
import { BLOCK_RANGE } from './head.js';

/** What the configuration's `storage:` section may say to this backend. */
export interface TsdbConfig {
  /** Samples older than this are deleted, by whole blocks. */
  readonly retention: Duration;
  /** How far before its series' newest sample a sample may lie. */
  readonly outOfOrderWindow: Duration;
  /** Bytes of blocks and log beyond which the oldest samples are deleted; undefined for no limit. */
  readonly retentionSize?: number | undefined;
  readonly rollups: readonly RollupConfig[];
}

/** Aggregates of windows, kept longer than the samples they are of. */
export interface RollupConfig {
  /** The length of the windows: a whole part of two hours, and of every longer one. */
  readonly resolution: Duration;
  readonly retention: Duration;
}

const duration = z.string().transform((text, context) => {
  try {
    return parseDuration(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) });
    return z.NEVER;
  }
});

const positive = duration.refine((value) => value > 0, { message: 'expected a duration above 0' });

const UNITS: Readonly<Record<string, number>> = { B: 0, KB: 1, MB: 2, GB: 3, TB: 4, PB: 5, EB: 6 };

/** `512MB`, as Prometheus writes sizes: with powers of 1024; 0 is no limit. */
const size = z.union([z.string(), z.literal(0)]).transform((given, context) => {
  const text = String(given);
  if (/^0B?$/.test(text)) return undefined;
  const match = /^(\d+)(B|[KMGTPE]i?B)$/.exec(text);
  const power = UNITS[(match?.[2] ?? '').replace('i', '')];
  if (match !== null && power !== undefined) return Number(match[1]) * 1024 ** power;
  context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} is not a size, expected one like "512MB"` });
  return z.NEVER;
});

const rollups = z
  .array(z.strictObject({ resolution: positive, retention: positive }))
  .superRefine((list, context) => {
    const lengths = [...new Set(list.map(({ resolution }) => resolution))].sort((a, b) => a - b);
    if (lengths.length < list.length) context.addIssue({ code: 'custom', message: 'two rollups have the same resolution' });
    for (const [i, length] of lengths.entries()) {
      const next = lengths[i + 1] ?? BLOCK_RANGE;
      if (next % length === 0) continue;
      const message = `a resolution of ${formatDuration(length)} is not a whole part of ${formatDuration(next)}`;
      context.addIssue({ code: 'custom', message });
    }
  });

export const tsdbConfig = z
  .strictObject({
    backend: z.literal('tsdb').optional(),
    retention: positive.prefault('15d'),
    out_of_order_window: duration.prefault('10m'),
    retention_size: size.optional(),
    rollups: rollups.prefault([{ resolution: '5m', retention: '1y' }]),
  })
  .transform(
    (section): TsdbConfig => ({
      retention: section.retention,
      outOfOrderWindow: section.out_of_order_window,
      retentionSize: section.retention_size,
      rollups: section.rollups,
    }),
  );
