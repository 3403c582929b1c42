import { z } from 'zod';
import { withHttpOptions } from '@metrics-dashboard/http-client';
import { parseDuration } from '@metrics-dashboard/sdk';

const duration = z
  .union([z.string(), z.number()])
  .refine(isTime, { message: 'expected a time longer than 0, of a form like 30s' })
  .transform((value) => parseDuration(String(value)));

/** `http_sd_configs`: an address, how often to ask, and the HTTP options that a job has. */
export const httpDiscoveryConfig = withHttpOptions({
  url: z.string().refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), {
    message: 'is not an http or https address',
  }),
  refresh_interval: duration.default(60_000),
});

export type HttpDiscoveryConfig = z.infer<typeof httpDiscoveryConfig>;

function isTime(value: string | number): boolean {
  try {
    return parseDuration(String(value)) > 0;
  } catch {
    return false;
  }
}
