import { z } from 'zod';

const values = z.array(z.string().max(10_000)).max(10_000);

const shared = {
  /** `$name` in expressions. */
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'expected letters, digits and _, a letter first'),
  /** For people; empty: the name. */
  label: z.string().max(200).default(''),
  description: z.string().max(10_000).default(''),
  hidden: z.boolean().default(false),
};

const chosen = {
  ...shared,
  /** Whether several values may be chosen. */
  multiple: z.boolean().default(false),
  /** Whether «All» can be chosen. */
  all: z.boolean().default(false),
  /** What is chosen at first; none: the first option. `$__all` is all of them. */
  selected: values.default([]),
};

const found = {
  ...chosen,
  /** Only what matches, in whole; in RE2's syntax. Empty: all. */
  filter: z.string().max(1000).default(''),
  sort: z.enum(['natural', 'alphabetical', 'numerical', 'none']).default('natural'),
  descending: z.boolean().default(false),
};

const labelValues = z.strictObject({
  kind: z.literal('label_values'),
  ...found,
  /** The label whose values are the options. */
  of: z.string().min(1).max(200),
  /** Of which series, `up{job="$job"}`; empty: of all. */
  selector: z.string().max(10_000).default(''),
});

const query = z.strictObject({
  kind: z.literal('query'),
  ...found,
  /** An instant query. */
  expression: z.string().min(1).max(100_000),
  /** The label of its result that gives the options; empty: the values themselves. */
  of: z.string().max(200).default(''),
});

const custom = z.strictObject({
  kind: z.literal('custom'),
  ...chosen,
  options: z.array(z.strictObject({ value: z.string().max(10_000), text: z.string().max(1000).optional() })).min(1).max(10_000),
});

const text = z.strictObject({ kind: z.literal('text'), ...shared, selected: values.max(1).default([]) });

const interval = z.strictObject({
  kind: z.literal('interval'),
  ...shared,
  options: z.array(z.string().regex(/^(?:\d+(?:ms|[ywdhms]))+$/, 'expected a duration')).min(1).max(100),
  selected: values.max(1).default([]),
});

/** What people choose above a dashboard, for all its panels. */
export const variableSchema = z.discriminatedUnion('kind', [labelValues, query, custom, text, interval]);

export type Variable = z.output<typeof variableSchema>;

/** Stands for all options where values are listed. */
export const ALL = '$__all';
