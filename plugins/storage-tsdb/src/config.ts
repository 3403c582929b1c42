import { messageOf, parseDuration } from '@metrics-dashboard/sdk';
import type { Duration } from '@metrics-dashboard/sdk';
import { z } from 'zod';

/** What the configuration's `storage:` section may say to this backend. */
export interface TsdbConfig {
  /** Samples older than this are deleted, by whole blocks. */
  readonly retention: Duration;
  /** How far before its series' newest sample a sample may lie. */
  readonly outOfOrderWindow: Duration;
  /** Accepted; this version makes no rollups and says so when it is opened. */
  readonly rollups: readonly { readonly resolution: Duration; readonly retention: Duration }[];
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

export const tsdbConfig = z
  .strictObject({
    backend: z.literal('tsdb').optional(),
    retention: positive.prefault('15d'),
    out_of_order_window: duration.prefault('10m'),
    rollups: z.array(z.strictObject({ resolution: positive, retention: positive })).default([]),
  })
  .transform(
    (section): TsdbConfig => ({
      retention: section.retention,
      outOfOrderWindow: section.out_of_order_window,
      rollups: section.rollups,
    }),
  );
