import { ParseError, parseDuration } from '@metrics-dashboard/sdk';
import type { Duration } from '@metrics-dashboard/sdk';
import { z } from 'zod';
import { readBy } from './section.js';

/** A length of time, `15s`; 0 needs no unit. */
export const duration: z.ZodType<Duration> = readBy(z.union([z.string(), z.number()]), (value) => parseDuration(String(value)));

/** One that is not 0. */
export const positiveDuration: z.ZodType<Duration> = readBy(duration, (value) => {
  if (value === 0) throw new ParseError('expected a time longer than 0');
  return value;
});

/** A text; a number or a truth value that stands for one is taken as it is printed. */
export const text: z.ZodType<string> = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** A count from `least` on. */
export function count(least = 0): z.ZodType<number> {
  return z.number().int().min(least);
}

const YAML_1_1: Readonly<Record<string, boolean>> = { yes: true, on: true, no: false, off: false };

/** true or false; the old spellings yes, no, on, off too. */
export const flag: z.ZodType<boolean> = z.preprocess(
  (value) => (typeof value === 'string' ? (YAML_1_1[value.toLowerCase()] ?? value) : value),
  z.boolean(),
);

const SIZE = /^(\d+)(B|[KMGTPE]i?B)?$/;
const SIZE_UNITS = 'BKMGTPE';

/** A number of bytes, `10MB`; units are powers of 1024, as Prometheus has them, with and without an i. */
export const bytes: z.ZodType<number> = readBy(z.union([z.string(), z.number()]), (value) => {
  const parts = SIZE.exec(String(value));
  if (parts === null) throw new ParseError(`${JSON.stringify(value)} is not a size, expected a form like 512KB or 10MB`);
  return Number(parts[1]) * 1024 ** SIZE_UNITS.indexOf((parts[2] ?? 'B').charAt(0));
});

/** A mapping of texts. */
export const textMap: z.ZodType<Readonly<Record<string, string>>> = z.record(z.string(), text);

/** A key that is there without a value counts as not being there. */
export function optional<Output>(schema: z.ZodType<Output>): z.ZodType<Output | undefined> {
  return z.preprocess((value) => value ?? undefined, schema.optional());
}

/** The same, with a value that stands for it. */
export function withDefault<Output>(schema: z.ZodType<Output>, value: Output): z.ZodType<Output> {
  return optional(schema).transform((given) => given ?? value);
}

/** Anything: somebody else checks it. */
export const anything: z.ZodType<unknown> = z.unknown().optional();
