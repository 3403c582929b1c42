import { isIP } from 'node:net';
import { z } from 'zod';
import { parseDuration } from '@metrics-dashboard/sdk';

const duration = z
  .union([z.string(), z.number()])
  .refine(isTime, { message: 'expected a time longer than 0, of a form like 30s' })
  .transform((value) => parseDuration(String(value)));

const recordType = z.preprocess(
  (value) => (typeof value === 'string' ? value.toUpperCase() : value),
  z.enum(['SRV', 'A', 'AAAA', 'MX', 'NS']),
);

/** `dns_sd_configs`, with Prometheus' keys. */
export const dnsConfig = z
  .strictObject({
    names: z.array(z.string().min(1)).min(1, 'names no name'),
    type: recordType.default('SRV'),
    /** Of the targets; an SRV record names its own. */
    port: z.number().int().min(1).max(65_535).optional(),
    refresh_interval: duration.default(30_000),
    /** The name servers to ask, `10.0.0.53` or `10.0.0.53:5353`; those of the system by default. */
    resolvers: z.array(z.string().refine(isServer, { message: 'is not the address of a name server' })).default([]),
  })
  .refine(({ type, port }) => type === 'SRV' || port !== undefined, { message: 'needs a port: only SRV records name one', path: ['port'] });

export type DnsConfig = z.infer<typeof dnsConfig>;

function isTime(value: string | number): boolean {
  try {
    return parseDuration(String(value)) > 0;
  } catch {
    return false;
  }
}

function isServer(text: string): boolean {
  const host = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? text.replace(/^([\d.]+):\d+$/, '$1');
  return isIP(host) !== 0;
}
