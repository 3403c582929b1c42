import { resolve } from 'node:path';
import { z } from 'zod';
import { parseDuration } from '@metrics-dashboard/sdk';

/** Files, or files by a pattern in the last part of the path. */
const PATTERN = /^[^*?[\]]*\/(?=[^/]+$)[^/]*\.(?:json|ya?ml|JSON|YA?ML)$/;

const duration = z
  .union([z.string(), z.number()])
  .refine(isTime, { message: 'expected a time longer than 0, of a form like 30s' })
  .transform((value) => parseDuration(String(value)));

export const fileConfig = z.strictObject({
  files: z
    .array(
      z.string().refine((file) => PATTERN.test(resolve(file)), {
        message: 'is not the name of a .json, .yml or .yaml file; * and ? may stand in its last part only',
      }),
    )
    .min(1, 'names no file'),
  /** How often files are looked at where the system does not tell of changes: on a network's disks, for one. */
  refresh_interval: duration.default(5 * 60_000),
});

export type FileConfig = z.infer<typeof fileConfig>;

function isTime(value: string | number): boolean {
  try {
    return parseDuration(String(value)) > 0;
  } catch {
    return false;
  }
}
